import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Waypoints } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { post, tell } from '../client/call'
import { useKinds, useRelated } from '../client/data'
import type { Count, Kind, Money, Rec, Relation } from '../client/types'
import { count, money, moment, titleOf } from '../field/format'
import { kindIcon } from '../field/kindicon'
import { kindLabel } from '../field/label'
import { Empty, Skeleton } from '../ui/wait'
import { split } from './split'

/** What names this record: the orders of a customer, the receipts of an order. */
export function RelatedRecords({ kind, id }: { kind: Kind; id: string }) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const { data, error } = useRelated(kind, id)
  if (error) return <Empty title={t('error.title')} note={tell(error)} />
  if (!data) return <Skeleton lines={8} />
  if (data.data.length === 0) return <Empty icon={Waypoints} title={t('related.none')} />
  const all = inOrder(data.data, kinds)
  const [some, none] = [all.filter(({ r }) => r.count > 0), all.filter(({ r }) => r.count === 0)]
  return (
    <div className="pb-4">
      {some.map(({ k, r }) => (
        <section key={k.kind} className="px-4 pt-4">
          <h3 className="flex items-baseline gap-2 pb-1 text-xs font-medium text-muted">
            {kindLabel(k)}
            <span className="figures font-normal">{count(r.count)}</span>
            <Sums kind={k} of={r} />
            <Link to={`/${k.plural}` as never} search={{ where: r.filter } as never} className="ml-auto text-accent hover:underline">
              {t('act.see_all')}
            </Link>
          </h3>
          <ul>
            {r.newest.map((x) => (
              <Line key={x.id} kind={k} record={x} />
            ))}
          </ul>
        </section>
      ))}
      {none.length > 0 && (
        <p className="px-4 pt-4 text-muted">{t('related.empty', { kinds: none.map(({ k }) => kindLabel(k)).join(t('mark.comma')) })}</p>
      )}
    </div>
  )
}

/** How much there is of what names a record, at a glance above its fields. */
export function Glance({ kind, id }: { kind: Kind; id: string }) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const named = kinds.some((k) => !k.verbs && k.fields.some((f) => f.ref === kind.kind && !f.system && f.name !== 'owner'))
  const { data } = useRelated(kind, id, named)
  const some = inOrder(data?.data ?? [], kinds).filter(({ r }) => r.count > 0)
  if (some.length === 0) return null
  return (
    <ul aria-label={t('record.related')} className="flex flex-wrap gap-x-1 gap-y-1 border-b border-line px-3 py-2">
      {some.map(({ k, r }) => {
        const Icon = kindIcon(k)
        const day = dayOf(k, r.newest[0])
        return (
          <li key={k.kind}>
            <Link
              to={`/${k.plural}` as never}
              search={{ where: r.filter } as never}
              className="flex min-w-[92px] flex-col rounded-md px-1.5 py-1 hover:bg-hover max-md:min-h-11"
            >
              <span className="flex items-center gap-1 text-xs text-muted">
                <Icon size={12} aria-hidden />
                {kindLabel(k)}
              </span>
              <span className="figures font-medium">
                {count(r.count)}
                {r.sums[0] && <span className="font-normal"> · {money(r.sums[0])}</span>}
              </span>
              {day && <span className="figures text-xs text-muted">{day}</span>}
            </Link>
          </li>
        )
      })}
    </ul>
  )
}

const order = ['order', 'receipt', 'case', 'task', 'activity', 'document', 'contact']

function inOrder(rs: Relation[], kinds: Kind[]): { k: Kind; r: Relation }[] {
  const rank = (k: string) => order.indexOf(k) + 1 || 99
  return rs
    .flatMap((r) => {
      const k = kinds.find((x) => x.kind === r.kind)
      return k ? [{ k, r }] : []
    })
    .sort((a, b) => rank(a.k.kind) - rank(b.k.kind))
}

function dayOf(kind: Kind, r: Rec | undefined): string {
  const f = kind.fields.find((x) => x.dated)
  const v = r && (f ? r[f.name] : r.created_at)
  return v ? (f?.type === 'date' ? String(v) : moment(String(v)).slice(0, 10)) : ''
}

/** What came in, went out and was billed are sums of their own: no total mixes them. */
function Sums({ kind, of: r }: { kind: Kind; of: Relation }) {
  const { t } = useTranslation()
  const parts = r.count > 0 ? (split[kind.kind] ?? []) : []
  const sums = useQueries({
    queries: parts.map((p) => ({
      queryKey: [kind.kind, 'count', 'related', r.filter, p.name],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        post<Count>(`/${kind.plural}:count`, { filter: { and: [r.filter, p.filter] }, sum: ['amount'] }, { signal }),
    })),
  })
  const told = [
    ...r.sums.map((s) => ({ name: '', ...s })),
    ...sums.flatMap((q, i) =>
      (q.data?.sums ?? []).map((s) => ({ name: t(`total.${parts[i]!.name}`), currency: s.currency ?? '', amount: s.amount })),
    ),
  ].filter((s) => Number(s.amount) !== 0)
  return (
    <>
      {told.map((s) => (
        <span key={s.name + s.currency} className="figures font-normal">
          {s.name} {money(s)}
        </span>
      ))}
    </>
  )
}

function Line({ kind, record: r }: { kind: Kind; record: Rec }) {
  const amount = kind.fields.find((f) => f.type === 'money')
  return (
    <li>
      <Link
        to={`/${kind.plural}` as never}
        search={{ id: r.id } as never}
        className="-mx-2 flex h-8 items-center gap-3 rounded-md border-t border-line px-2 hover:bg-hover max-md:h-11"
      >
        <span className="figures w-22 shrink-0 whitespace-nowrap text-muted">{dayOf(kind, r)}</span>
        <span className="min-w-0 flex-1 truncate">{titleOf(r)}</span>
        {amount && <span className="figures">{money(r[amount.name] as Money)}</span>}
      </Link>
    </li>
  )
}
