import i18next from 'i18next'
import type { Give } from '../cabinet/data'
import { Papers } from '../cabinet/papers'
import { get, post } from '../client/call'
import { useKind } from '../client/data'
import type { Rec, Ref } from '../client/types'
import { send } from '../ingest/send'
import { update } from '../record/write'
import { warn } from '../ui/toast'

/** Files that are put to a customer as one kind: taken in as any, then linked and classed. */
export function useGive(): Give {
  const document = useKind('document')
  return (customer, kind, files) => {
    if (!document) return
    send(files, async (ref) => {
      const doc = await get<Rec>(`/documents/${ref.id}`)
      const has = doc.customer as Ref | null
      // A file that is on file already stays whose it is.
      if (has && has.id !== customer.id) return warn(i18next.t('attach.other', { title: doc.title, other: has.title }))
      if (!has) await update(document, doc, { customer })
      await post(`/documents/${ref.id}/classify`, { set: { d_kind: kind.id } })
    })
  }
}

/** How a customer stands with the files that are asked of him. */
export function CustomerPapers({ record }: { record: Rec }) {
  return <Papers record={record} onGive={useGive()} />
}
