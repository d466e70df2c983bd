import { PencilLine } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Rec, Ref } from '../client/types'
import { toWall } from './format'

/** Who is working on a document today; nobody where the day has passed. */
export function takenBy(record: Rec): Ref | undefined {
  const by = record.taken_by as Ref | null | undefined
  return by && String(record.taken_until ?? '') >= toWall(new Date().toISOString()).slice(0, 10) ? by : undefined
}

/** The mark of a document that somebody is working on, beside its name. */
export function Taken({ record }: { record: Rec }) {
  const { t } = useTranslation()
  const by = takenBy(record)
  if (!by) return null
  const text = t('taken.mark', { name: by.title, day: String(record.taken_until) })
  return (
    <span role="img" aria-label={text} title={text} className="inline-flex shrink-0 items-center gap-1 text-warn">
      <PencilLine size={13} aria-hidden />
    </span>
  )
}
