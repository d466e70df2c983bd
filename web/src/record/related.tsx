import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Waypoints } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { post } from '../client/call'
import { useCount, useKinds } from '../client/data'
import type { Field, Kind, Money, Page, Rec } from '../client/types'
import { count, moment, money, titleOf } from '../field/format'
import { fieldLabel, kindLabel } from '../field/label'
import { Empty } from '../ui/wait'
import { defaultSort } from './view'

/** What names this record: the orders of a customer, the receipts of an order. */
export function Related({ kind, id }: { kind: Kind; id: string }) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const links = kinds.flatMap((k) => k.fields.filter((f) => f.type === 'ref' && f.ref === kind.kind && !f.system).map((f) => ({ k, f })))
  if (links.length === 0) return <Empty icon={Waypoints} title={t('related.none')} />
  return (
    <div className="pb-4">
      {links.map(({ k, f }) => (
        <Section key={`${k.kind}.${f.name}`} kind={k} field={f} id={id} />
      ))}
    </div>
  )
}

function Section({ kind, field, id }: { kind: Kind; field: Field; id: string }) {
  const { t } = useTranslation()
  const filter = { field: field.name, op: 'eq', value: id }
  const { data } = useQuery({
    queryKey: [kind.kind, 'related', field.name, id],
    queryFn: ({ signal }) => post<Page<Rec>>(`/${kind.plural}:query`, { filter, sort: defaultSort(kind), limit: 6 }, { signal }),
  })
  const total = useCount(kind, { filter }, []).data
  const rows = data?.data ?? []
  const amount = kind.fields.find((f) => f.type === 'money')
  const days = kind.fields.filter((f) => f.type === 'date' || f.type === 'time')
  const day = days.find((f) => f.type === 'date') ?? days.find((f) => !f.system)
  return (
    <section className="px-4 pt-4">
      <h3 className="flex items-baseline gap-2 pb-1 text-xs font-medium text-muted">
        {kindLabel(kind)}
        {kind.fields.filter((f) => f.ref === field.ref).length > 1 && ` · ${fieldLabel(kind.kind, field)}`}
        <span className="font-normal">{total ? count(total.count) : ''}</span>
        {rows.length > 0 && (
          <Link to={`/${kind.plural}` as never} search={{ where: filter } as never} className="ml-auto text-accent hover:underline">
            {t('act.see_all')}
          </Link>
        )}
      </h3>
      {rows.length === 0 && <p className="border-t border-line py-2 text-muted">{data ? t('related.empty') : ''}</p>}
      <ul>
        {rows.map((r) => (
          <li key={r.id}>
            <Link
              to={`/${kind.plural}` as never}
              search={{ id: r.id } as never}
              className="-mx-2 flex h-8 items-center gap-3 rounded-md border-t border-line px-2 hover:bg-hover max-md:h-11"
            >
              {day && (
                <span className="w-22 shrink-0 whitespace-nowrap text-muted">
                  {(day.type === 'time' ? moment(r[day.name] as string) : String(r[day.name] ?? '')).slice(0, 10)}
                </span>
              )}
              <span className="min-w-0 flex-1 truncate">{titleOf(r)}</span>
              {amount && <span>{money(r[amount.name] as Money)}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
