import { ArrowRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Change, Field, Kind } from '../client/types'
import { ago, moment } from '../field/format'
import { fieldLabel, told } from '../field/label'

/** How long ago something was; the moment itself is told on hover. */
export function Ago({ at }: { at: string }) {
  return (
    <time dateTime={at} title={moment(at)} className="ml-auto shrink-0 text-xs text-muted">
      {ago(at)}
    </time>
  )
}

/** One change of a record: who, when, why, and each field before and after. */
export function Entry({ kind, c }: { kind: Kind; c: Change }) {
  const { t, i18n } = useTranslation()
  const fieldOf = (name: string): Field => kind.fields.find((f) => f.name === name) ?? { name, type: 'text' }
  const cause = `cause.${c.cause}`
  return (
    <>
      <i className="absolute -left-1 top-1.5 size-2 rounded-full border border-edge bg-panel" />
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium">{t(`change.${c.op}`)}</span>
        <span>{c.by?.title ?? t('change.system')}</span>
        {c.cause && c.cause !== 'request' && <span className="text-xs text-muted">{i18n.exists(cause) ? t(cause) : c.cause}</span>}
        <Ago at={c.at} />
      </p>
      {c.op === 'update' && (
        <ul className="mt-1 flex flex-col gap-0.5">
          {Object.entries(c.fields ?? {}).map(([name, [before, after]]) => (
            <li key={name} className="grid grid-cols-[80px_1fr] gap-2">
              <span className="truncate text-xs leading-5 text-muted">{fieldLabel(kind.kind, fieldOf(name))}</span>
              <span className="min-w-0 break-words">
                <del className="text-muted no-underline">{told(kind.kind, fieldOf(name), before)}</del>
                <ArrowRight size={12} aria-label={t('change.to')} className="mx-1.5 inline text-muted" />
                <ins className="no-underline">{told(kind.kind, fieldOf(name), after)}</ins>
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
