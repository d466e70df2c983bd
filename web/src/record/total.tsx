import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Ask, useCount } from '../client/data'
import type { Kind } from '../client/types'
import { count, group, money } from '../field/format'
import { fieldLabel } from '../field/label'
import { split } from './split'

/** Above this many rows a sum is made only when asked for. */
const cheap = 200_000

/** The line under a list: how many, and how much. */
export function Total({
  kind,
  ask,
  total,
  exact,
  loaded,
  tally,
  stopped,
}: {
  kind: Kind
  ask: Ask
  total?: number
  exact?: boolean
  loaded: number
  /** What the held cells come to. */
  tally?: string
  stopped: boolean
}) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  const sum = kind.fields.find((f) => f.type === 'money' && f.name === 'amount')
  const free = total !== undefined && total > 0 && total <= cheap
  return (
    <footer
      tabIndex={0}
      className="flex h-[34px] shrink-0 items-center hide-scroll gap-5 overflow-x-auto whitespace-nowrap border-t border-line bg-panel px-4 text-xs text-muted"
    >
      <span role="status">
        {total === undefined ? t('total.counting') : t(exact === false ? 'total.about' : 'total.count', { n: count(total) })}
      </span>
      {sum && (free || asked) && <Sums kind={kind} ask={ask} field={sum.name} label={fieldLabel(kind.kind, sum)} />}
      {sum && !free && !asked && total !== undefined && total > 0 && (
        <button type="button" className="rounded-[4px] text-accent hover:underline" onClick={() => setAsked(true)}>
          {t('total.sum')}
        </button>
      )}
      {stopped && <span className="text-warn">{t('total.stopped', { n: count(loaded) })}</span>}
      {tally && <span className="ml-auto text-ink figures">{tally}</span>}
    </footer>
  )
}

/** What a list comes to; sums that no total may mix, apart. */
export function Sums({ kind, ask, field, label }: { kind: Kind; ask: Ask; field: string; label: string }) {
  const { t } = useTranslation()
  const parts = split[kind.kind]
  if (!parts) return <Sum kind={kind} ask={ask} field={field} label={t('total.of', { label })} />
  return parts.map((p) => (
    <Sum
      key={p.name}
      kind={kind}
      field={field}
      label={t(`total.${p.name}`)}
      ask={{ ...ask, filter: ask.filter ? { and: [ask.filter, p.filter] } : p.filter }}
    />
  ))
}

function Sum({ kind, ask, field, label }: { kind: Kind; ask: Ask; field: string; label: string }) {
  const sums = useCount(kind, ask, [field]).data?.sums?.filter((s) => !/^-?0*(\.0*)?$/.test(s.amount)) ?? []
  if (sums.length === 0) return null
  return (
    <span>
      {label}{' '}
      <b className="font-medium text-ink">
        {sums.map((s) => (s.currency ? money({ amount: s.amount, currency: s.currency }) : group(s.amount))).join(' + ')}
      </b>
    </span>
  )
}
