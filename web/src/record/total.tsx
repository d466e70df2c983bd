import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Ask, counting } from '../client/data'
import type { Kind } from '../client/types'
import { count, group, money } from '../field/format'
import { fieldLabel } from '../field/label'
import { within } from './group'
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
export function Sums(p: { kind: Kind; ask: Ask; field: string; label: string }) {
  return useSums(p.kind, p.ask, p.field, p.label).map((s) => (
    <span key={s.label}>
      {s.label}{' '}
      <b className="font-medium text-ink">
        {s.sums.map((x) => (x.currency ? money({ amount: x.amount, currency: x.currency }) : group(x.amount))).join(' + ')}
      </b>
    </span>
  ))
}

/** The same as figures. What comes to nothing is left out. */
export function useSums(kind: Kind, ask: Ask, field: string | undefined, label: string) {
  const { t } = useTranslation()
  const parts: { label: string; ask: Ask }[] =
    field === undefined
      ? []
      : (split[kind.kind]?.map((p) => ({ label: t(`total.${p.name}`), ask: within(ask, p.filter) })) ?? [
          { label: t('total.of', { label }), ask },
        ])
  const answers = useQueries({ queries: parts.map((p) => counting(kind, p.ask, [field!])) })
  return parts.flatMap((p, i) => {
    const sums = answers[i]!.data?.sums?.filter((s) => !/^-?0*(\.0*)?$/.test(s.amount)) ?? []
    return sums.length > 0 ? [{ label: p.label, sums }] : []
  })
}
