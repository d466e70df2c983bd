import { Paperclip } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '../client/call'
import { useKind, useMay } from '../client/data'
import type { Kind, Rec, Ref } from '../client/types'
import { linkTo } from '../record/quick'
import { update } from '../record/write'
import { Button } from '../ui/button'
import { warn } from '../ui/toast'
import { send } from './send'

/** Files that are put to a record: taken in as any, then linked with it. */
export function Attach({ kind, record }: { kind: Kind; record: Rec }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const may = useMay('document', 'create')
  const document = useKind('document')
  const field = document && linkTo(document, kind)
  if (!may || !field || field.name === 'container') return null
  const link = async (ref: Ref) => {
    const doc = await get<Rec>(`/documents/${ref.id}`)
    const has = doc[field.name] as Ref | null
    if (has?.id === record.id) return
    // A file that is on file already stays whose it is.
    if (has) return warn(t('attach.other', { title: doc.title, other: has.title }))
    await update(document, doc, { [field.name]: { id: record.id, title: record.title } })
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(e) => {
          send(e.target.files ?? [], link)
          e.target.value = ''
        }}
      />
      <Button icon={Paperclip} onClick={() => input.current?.click()}>
        {t('attach.button')}
      </Button>
    </>
  )
}
