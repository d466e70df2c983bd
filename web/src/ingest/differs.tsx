import { useTranslation } from 'react-i18next'
import type { FactChange } from '../client/types'
import { group } from '../field/format'
import { choiceLabel, fieldLabel } from '../field/label'

const amounts = ['amount', 'total', 'net', 'tax']
const shown = (name: string, value: string) =>
  name === 'direction' && value ? choiceLabel('receipt', 'direction', value) : amounts.includes(name) ? group(value) : value

/** Facts as they were and as they are: before the arrow, and behind it. */
export function Changes({ changes, figures }: { changes: FactChange[]; figures?: boolean }) {
  const { t } = useTranslation()
  return (
    <dl>
      {changes.map((c, i) => (
        <div key={i} className="grid min-h-7 grid-cols-[112px_minmax(0,1fr)] items-baseline gap-2 py-0.5">
          <dt className="truncate text-xs text-muted" title={figures ? c.name : undefined}>
            {figures ? c.name || t('version.figure') : fieldLabel('receipt', { name: c.name })}
          </dt>
          <dd className="figures min-w-0 break-words">
            <del className="text-muted">{(figures ? c.before : shown(c.name, c.before)) || t('version.none')}</del>
            <span aria-hidden className="px-1.5 text-muted">
              →
            </span>
            <ins className="font-medium no-underline">{(figures ? c.after : shown(c.name, c.after)) || t('version.none')}</ins>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Above a paper's facts in the review: in what a new version of its document is otherwise than on file. */
export function Differs({ changes }: { changes?: FactChange[] }) {
  const { t } = useTranslation()
  if (!changes?.length) return null
  return (
    <section aria-label={t('version.differs')} className="max-h-56 shrink-0 overflow-auto border-b border-line px-4 py-2">
      <p className="text-xs font-medium text-warn">{t('version.differs')}</p>
      <Changes changes={changes} />
      <p className="pt-1 text-xs text-muted">{t('version.differs_note')}</p>
    </section>
  )
}
