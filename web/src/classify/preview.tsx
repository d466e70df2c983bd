import { useQuery } from '@tanstack/react-query'
import { ChevronDown, ChevronRight, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, words } from '../client/call'
import type { Money, Ref } from '../client/types'
import { band, count, money, titleOf } from '../field/format'
import { cx } from '../ui/cx'
import { Tag } from '../ui/tag'
import type { Previewed, Setup } from './setup'

/** What a setup would do, asked once typing has paused. */
export function usePreview(dimension: string, setup: Setup | undefined) {
  const text = JSON.stringify(setup ?? null)
  const [calm, setCalm] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setCalm(text), 400)
    return () => clearTimeout(timer)
  }, [text])
  const query = useQuery({
    queryKey: ['revision', 'preview', dimension, calm],
    enabled: calm !== 'null' && calm === text,
    retry: false,
    staleTime: 5000,
    queryFn: ({ signal }) => post<Previewed>('/revisions:preview', { dimension, ...JSON.parse(calm) }, { signal }),
  })
  return { ...query, data: calm === text ? query.data : undefined }
}

/** What would move where, and what each rule wins and loses: exactly what publishing will do. */
export function Preview({ data, at }: { data: Previewed; at?: number }) {
  const { t } = useTranslation()
  return (
    <section aria-label={t('revision.preview')} className="flex flex-col gap-3">
      <p role="status" className="flex flex-wrap items-baseline gap-x-4 gap-y-1 rounded-md bg-ground px-3 py-2">
        <span>
          <b className="text-lg font-semibold">{count(data.moved)}</b> {t('revision.moved')}
        </span>
        {data.held > 0 && <span className="text-muted">{t('revision.held', { n: count(data.held) })}</span>}
        <span className="text-muted">{t('revision.total', { n: count(data.total) })}</span>
      </p>
      {data.moves.length > 0 && <Moves moves={data.moves} />}
      {data.rules.length > 0 && <Won rules={data.rules} at={at} />}
    </section>
  )
}

function Moves({ moves }: { moves: Previewed['moves'] }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(-1)
  return (
    <div>
      <h3 className="pb-1 text-xs font-normal text-muted">{t('revision.moves')}</h3>
      <ul className="border-t border-line">
        {moves.slice(0, 50).map((m, i) => {
          const Fold = open === i ? ChevronDown : ChevronRight
          return (
            <li key={i} className="border-b border-line">
              <button
                type="button"
                aria-expanded={open === i}
                disabled={m.sample.length === 0}
                onClick={() => setOpen(open === i ? -1 : i)}
                className="flex min-h-8 w-full items-center gap-2 rounded-[4px] text-left enabled:hover:bg-hover max-md:min-h-11"
              >
                <Fold size={13} aria-hidden className={cx('shrink-0 text-muted', m.sample.length === 0 && 'invisible')} />
                <Names of={m.from} />
                <span aria-hidden className="text-muted">
                  →
                </span>
                <span className="sr-only">{t('change.to')}</span>
                <Names of={m.to} />
                <span className="ml-auto figures pr-1">{count(m.count)}</span>
              </button>
              {open === i && (
                <ul aria-label={t('revision.samples')} className="pb-1 pl-6">
                  {m.sample.map((r) => (
                    <li key={r.id} className="flex min-h-6 items-center gap-3 text-xs">
                      <span className="w-20 shrink-0 whitespace-nowrap text-muted">{String(r.dated_on ?? r.since ?? '')}</span>
                      <span className="min-w-0 flex-1 truncate">{titleOf(r)}</span>
                      <span className="max-w-40 truncate text-muted max-sm:hidden">{String(r.purpose ?? '')}</span>
                      <span>{money(r.amount as Money | null)}</span>
                    </li>
                  ))}
                </ul>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function Names({ of }: { of: Ref[] }) {
  const { t } = useTranslation()
  if (of.length === 0) return <span className="text-muted">{t('facet.none')}</span>
  return (
    <span className="flex min-w-0 gap-1">
      {of.map((c) => (
        <Tag key={c.title}>{band(c.title)}</Tag>
      ))}
    </span>
  )
}

function Won({ rules, at }: { rules: Previewed['rules']; at?: number }) {
  const { t } = useTranslation()
  const name = (i: number) => t('revision.place', { n: i + 1 })
  // The rule in hand comes first: it is what the person looks for.
  const order = rules.map((r, i) => ({ r, i })).sort((a, b) => Number(b.i === at) - Number(a.i === at))
  return (
    <div>
      <h3 className="pb-1 text-xs font-normal text-muted">{t('revision.rules')}</h3>
      <div tabIndex={0} role="region" aria-label={t('revision.rules')} className="max-h-64 overflow-auto">
        <table className="w-full border-t border-line text-left">
          <thead className="text-xs text-muted">
            <tr className="h-7">
              <th scope="col" className="font-normal">
                {t('revision.rule')}
              </th>
              <th scope="col" className="w-16 text-right font-normal">
                {t('revision.holds')}
              </th>
              <th scope="col" className="w-16 text-right font-normal">
                {t('revision.wins')}
              </th>
              <th scope="col" className="pl-4 font-normal">
                {t('revision.remarks')}
              </th>
            </tr>
          </thead>
          <tbody>
            {order.map(({ r, i }) => (
              <tr key={i} className={cx('border-t border-line align-top', i === at && 'bg-picked')}>
                <th scope="row" className="max-w-52 truncate py-1.5 font-normal">
                  <span className="mr-2 text-xs text-muted">{i + 1}</span>
                  {r.title || (r.number ? t('rule.nth', { n: r.number }) : t('revision.new_rule'))}
                </th>
                <td className="figures py-1.5 text-right">{count(r.holds)}</td>
                <td className="figures py-1.5 text-right">{count(r.wins)}</td>
                <td className="py-1.5 pl-4 text-xs leading-5 text-muted">
                  {r.broken && <Fault>{t('rule.broken', { reason: words(r.broken) })}</Fault>}
                  {r.behind !== null && <Fault>{t('revision.behind', { rule: name(r.behind) })}</Fault>}
                  {[
                    ...r.taken.map((x) => t('revision.taken', { rule: name(x.rule), n: count(x.count) })),
                    ...r.overlap.map((x) => t('revision.overlap', { rule: name(x.rule), n: count(x.count) })),
                  ].join(t('mark.semicolon'))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

function Fault({ children }: { children: string }) {
  return (
    <span className="flex items-center gap-1 text-warn">
      <TriangleAlert size={12} aria-hidden className="shrink-0" />
      {children}
    </span>
  )
}
