import { useQuery } from '@tanstack/react-query'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, tell } from '../client/call'
import type { Comparison, DiffRow, Span, Version } from '../client/types'
import { moment } from '../field/format'
import { Button, IconButton } from '../ui/button'
import { cx } from '../ui/cx'
import { Dialog } from '../ui/dialog'
import { composing } from '../ui/key'
import { Select } from '../ui/select'
import { useNarrow } from '../ui/size'
import { Skeleton } from '../ui/wait'
import { Changes } from './differs'

/** Two versions of a document side by side, on a phone one below the other; N and P go from difference to difference. */
export function Compare({
  document,
  versions,
  from: first,
  to: second,
  onClose,
}: {
  document: string
  versions: Version[]
  from: number
  to: number
  onClose: () => void
}) {
  const { t } = useTranslation()
  const narrow = useNarrow()
  const [from, setFrom] = useState(first)
  const [to, setTo] = useState(second)
  const [at, setAt] = useState(-1)
  const body = useRef<HTMLDivElement>(null)
  const query = useQuery({
    queryKey: ['document', 'compare', document, from, to],
    queryFn: ({ signal }) => get<Comparison>(`/documents/${document}/compare?from=${from}&to=${to}`, signal),
  })
  const found = query.data
  const places = found ? hunks(found.rows) : []
  const go = (step: number) => {
    if (places.length === 0) return
    const next = (at + step + places.length) % places.length
    const n = at < 0 ? (step > 0 ? 0 : places.length - 1) : next
    setAt(n)
    body.current?.querySelector(`[data-row="${places[n]}"]`)?.scrollIntoView({ block: 'center' })
  }
  const keys = (e: KeyboardEvent) => {
    if (e.target instanceof HTMLSelectElement || e.ctrlKey || e.metaKey || e.altKey || composing(e)) return
    if (e.key === 'n' || e.key === 'p') {
      e.preventDefault()
      go(e.key === 'n' ? 1 : -1)
    }
  }
  const choose = (label: string, value: number, set: (n: number) => void) => (
    <Select
      bar
      aria-label={label}
      className="min-w-0 flex-1 max-md:basis-full"
      value={value}
      onChange={(e) => {
        set(Number(e.target.value))
        setAt(-1)
      }}
    >
      {versions.map((v) => (
        <option key={v.version} value={v.version}>
          {t('version.nth', { n: v.version })} · {moment(v.at)} {v.by?.title ?? ''}
        </option>
      ))}
    </Select>
  )
  return (
    <Dialog open full onClose={onClose} title={t('version.compare')}>
      <div ref={body} tabIndex={-1} onKeyDown={keys} className="flex flex-col gap-3 outline-none">
        <div className="sticky top-0 z-10 -mx-1 flex flex-wrap items-center gap-2 bg-panel px-1 pb-2">
          {choose(t('version.from'), from, setFrom)}
          <span aria-hidden className="text-muted max-md:hidden">
            →
          </span>
          {choose(t('version.to'), to, setTo)}
          <span className="flex items-center gap-1 max-md:ml-auto">
            <span role="status" className="figures px-1 text-xs text-muted">
              {found && (at < 0 ? t('version.places', { n: places.length }) : `${at + 1} / ${places.length}`)}
            </span>
            <IconButton icon={ChevronUp} label={t('version.previous')} keys="P" disabled={places.length === 0} onClick={() => go(-1)} />
            <IconButton icon={ChevronDown} label={t('version.next')} keys="N" disabled={places.length === 0} onClick={() => go(1)} />
          </span>
        </div>
        {query.isPending && <Skeleton lines={8} />}
        {query.error && (
          <div className="flex flex-wrap items-center gap-2 text-bad">
            <p className="flex-1">{tell(query.error)}</p>
            <Button onClick={() => query.refetch()}>{t('act.again')}</Button>
          </div>
        )}
        {found && found.facts.length > 0 && (
          <section aria-label={t('version.facts')}>
            <h3 className="text-xs font-medium text-muted">{t('version.facts')}</h3>
            <Changes changes={found.facts} />
          </section>
        )}
        {found && found.figures.length > 0 && (
          <section aria-label={t('version.figures')}>
            <h3 className="text-xs font-medium text-muted">{t('version.figures')}</h3>
            <Changes changes={found.figures} figures />
          </section>
        )}
        {found?.same && <p className="text-muted">{t(from === to ? 'version.same_one' : 'version.same')}</p>}
        {found && !found.same && (
          <section aria-label={t('version.text')}>
            <h3 className="pb-1 text-xs font-medium text-muted">{t('version.text')}</h3>
            <div className="overflow-hidden rounded-md border border-line">
              {found.rows.map((r, i) =>
                narrow ? <Inline key={i} row={r} n={i} lit={places[at] === i} /> : <Side key={i} row={r} n={i} lit={places[at] === i} />,
              )}
            </div>
            {found.cut && <p className="pt-2 text-xs text-muted">{t('version.cut')}</p>}
          </section>
        )}
      </div>
    </Dialog>
  )
}

/** Where differences begin. */
function hunks(rows: DiffRow[]): number[] {
  const differs = (r?: DiffRow) => !!r && r.op !== 'same' && r.op !== 'gap'
  return rows.flatMap((r, i) => (differs(r) && !differs(rows[i - 1]) ? [i] : []))
}

function Line({ no, spans, tone }: { no: number; spans: Span[]; tone?: 'gone' | 'new' }) {
  const { t } = useTranslation()
  return (
    <span className={cx('flex min-w-0 gap-2 px-2 py-0.5', tone === 'gone' && 'bg-bad-tint', tone === 'new' && 'bg-ok-tint')}>
      <span aria-hidden className="figures w-8 shrink-0 select-none text-right text-xs leading-5 text-muted">
        {no || ''}
      </span>
      <span aria-hidden className="w-3 shrink-0 select-none text-muted">
        {tone === 'gone' ? '−' : tone === 'new' ? '+' : ''}
      </span>
      <span className="min-w-0 flex-1 whitespace-pre-wrap break-words">
        {tone && <span className="sr-only">{t(tone === 'gone' ? 'version.was' : 'version.is')}</span>}
        {spans.map((s, i) =>
          s.hit && tone === 'gone' ? (
            <del key={i} className="rounded-[2px] font-medium text-bad">
              {s.text}
            </del>
          ) : s.hit && tone === 'new' ? (
            <ins key={i} className="rounded-[2px] font-medium text-ok">
              {s.text}
            </ins>
          ) : (
            <span key={i}>{s.text}</span>
          ),
        )}
      </span>
    </span>
  )
}

function Gap({ row }: { row: DiffRow }) {
  const { t } = useTranslation()
  return <p className="border-y border-line bg-ground px-3 py-1 text-xs text-muted">{t('version.gap', { n: row.lines })}</p>
}

function Side({ row, n, lit }: { row: DiffRow; n: number; lit: boolean }) {
  if (row.op === 'gap') return <Gap row={row} />
  const differs = row.op !== 'same'
  return (
    <div data-row={n} className={cx('grid grid-cols-2', lit && 'outline-2 -outline-offset-2 outline-accent')}>
      {row.a ? <Line no={row.a} spans={row.left} tone={differs ? 'gone' : undefined} /> : <span className="bg-ground" />}
      <span className="flex min-w-0 flex-col border-l border-line [&>span]:flex-1">
        {row.b ? <Line no={row.b} spans={row.right} tone={differs ? 'new' : undefined} /> : <span className="bg-ground" />}
      </span>
    </div>
  )
}

function Inline({ row, n, lit }: { row: DiffRow; n: number; lit: boolean }) {
  if (row.op === 'gap') return <Gap row={row} />
  return (
    <div data-row={n} className={cx('flex flex-col', lit && 'outline-2 -outline-offset-2 outline-accent')}>
      {row.op === 'same' ? (
        <Line no={row.b} spans={row.right} />
      ) : (
        <>
          {row.a > 0 && <Line no={row.a} spans={row.left} tone="gone" />}
          {row.b > 0 && <Line no={row.b} spans={row.right} tone="new" />}
        </>
      )}
    </div>
  )
}
