import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, tell } from '../client/call'
import { useDimensions } from '../client/data'
import type { Field, Filter, Page, Rec } from '../client/types'
import { count, fromWall, titleOf, toWall } from '../field/format'
import { fieldLabel } from '../field/label'
import { Button, IconButton } from '../ui/button'
import { useCarry } from '../ui/carry'
import { useCommands } from '../ui/command'
import { cx } from '../ui/cx'
import { Segments } from '../ui/segments'
import { Card } from './card'
import { editable } from './celltext'
import { dayOf, monday, plusDays } from './face'
import type { FacedProps } from './faced'
import { useBreakdown, within } from './group'
import { usePlacing } from './placing'
import { stead } from './stead'

/** Chips of a day in a month, and in a week. */
const few = 3
const many = 40

/** Records on the days of one of their dates, a month or a week at a time. */
export function Calendar(p: FacedProps & { field: Field; head: (rest: ReactNode) => ReactNode }) {
  const { kind, field, narrow } = p
  const { t, i18n } = useTranslation()
  const dimensions = useDimensions().data?.data ?? []
  const free = editable(kind, field, dimensions)
  const week = p.face.by?.[0]?.unit === 'week'
  const today = toWall(new Date().toISOString()).slice(0, 10)
  const at = /^\d{4}-\d\d-\d\d$/.test(p.day ?? '') ? p.day! : today
  const first = monday(week ? at : `${at.slice(0, 7)}-01`)
  const days = useMemo(() => daysFrom(first, week ? 7 : at.slice(0, 7)), [first, week, at.slice(0, 7)])
  const span: Filter =
    field.type === 'date'
      ? { field: field.name, op: 'between', value: [days[0], days.at(-1)] }
      : {
          and: [
            { field: field.name, op: 'ge', value: fromWall(`${days[0]}T00:00`) },
            { field: field.name, op: 'lt', value: fromWall(`${plusDays(days.at(-1)!, 1)}T00:00`) },
          ],
        }
  const counts = useBreakdown(kind, within(p.ask, span), [{ field: field.name, unit: 'day' }], [])
  const groups = new Map(counts.data?.axes[0]?.groups.map((g) => [g.id, g.count]))
  const most = week ? many : few
  const shown = days.filter((d) => (groups.get(d) ?? 0) > 0 && (!narrow || d === at))
  const answers = useQueries({
    queries: shown.map((day) => {
      const ask = within({ ...p.ask, sort: field.sortable ? field.name : p.ask.sort }, { field: field.name, op: 'period', value: day })
      const limit = narrow ? many : most
      return {
        queryKey: [kind.kind, 'day', ask, limit],
        placeholderData: keepPreviousData,
        queryFn: ({ signal }: { signal: AbortSignal }) => post<Page<Rec>>(`/${kind.plural}:query`, { ...ask, limit }, { signal }),
      }
    }),
  })
  const { moving, place, dialog } = usePlacing(kind, field, p.steps, p.onWatch)
  const moved = Object.values(moving)
  const records = new Map<string, Rec[]>()
  const from = new Map<string, { record: Rec; day: string }>()
  for (const [i, day] of shown.entries()) {
    const found = answers[i]?.data?.data ?? []
    for (const r of found) from.set(r.id, { record: r, day })
    records.set(
      day,
      found.filter((r) => !moving[r.id]),
    )
  }
  for (const m of moved) records.set(m.to, [m.record, ...(records.get(m.to) ?? [])])
  const countOf = (day: string) =>
    (groups.get(day) ?? 0) +
    moved.filter((m) => m.to === day && from.get(m.record.id)?.day !== day).length -
    moved.filter((m) => m.to !== day && from.get(m.record.id)?.day === day).length

  const put = (id: string, to: string) => {
    const was = from.get(id)
    if (!was || was.day === to || !free) return
    const value = field.type === 'date' ? to : fromWall(`${to}T${toWall(String(was.record[field.name])).slice(11)}`)
    void place(was.record, to, value, long(to))
  }
  const carry = useCarry(put)
  const lang = i18n.language
  const format = (day: string, o: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(lang, { timeZone: 'UTC', ...o }).format(dayOf(day))
  const long = (day: string) => format(day, { month: 'long', day: 'numeric', weekday: 'short' })
  const title = week
    ? `${format(days[0]!, { year: 'numeric', month: 'long', day: 'numeric' })} – ${format(days[6]!, { month: 'long', day: 'numeric' })}`
    : format(at, { year: 'numeric', month: 'long' })
  const step = (by: number) => p.onDay(week ? plusDays(at, 7 * by) : `${month(at, by)}-01`)
  const box = useRef<HTMLDivElement>(null)
  const [focus, setFocus] = useState<string>()

  const onKeyDown = (e: React.KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[e.key]
    const cell = (e.target as HTMLElement).closest<HTMLElement>('[data-place]')
    if (!by || !cell || e.ctrlKey || e.metaKey || e.altKey) return // with Alt they are commands
    e.preventDefault()
    e.stopPropagation()
    const chip = (e.target as HTMLElement).closest<HTMLElement>('[data-chip]')
    const to = plusDays(cell.dataset.place!, by)
    if (chip && Math.abs(by) === 7) {
      const all = [...cell.querySelectorAll<HTMLElement>('[data-chip]')]
      all[all.indexOf(chip) + by / 7]?.focus()
    } else box.current?.querySelector<HTMLElement>(`[data-place="${to}"] button`)?.focus()
    setFocus(to)
  }
  /** Moves what has the focus by so many days; where nothing has, the first gets it. */
  const shift = (by: number) => {
    const id = document.activeElement?.closest<HTMLElement>('[data-chip]')?.dataset.chip
    const day = document.activeElement?.closest<HTMLElement>('[data-place]')?.dataset.place
    if (!id || !day) return box.current?.querySelector<HTMLElement>('[data-chip]')?.focus()
    const to = plusDays(day, by)
    put(id, to)
    setFocus(to)
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-chip="${CSS.escape(id)}"]`)?.focus())
  }
  useCommands(
    (
      [
        ['day_before', 'Alt+ArrowLeft', -1],
        ['day_after', 'Alt+ArrowRight', 1],
        ['seven_before', 'Alt+ArrowUp', -7],
        ['seven_after', 'Alt+ArrowDown', 7],
      ] as const
    ).map(([id, key, by]) => ({
      id: `calendar.${id}`,
      title: t(`calendar.${id}`),
      keys: [key],
      group: 'list',
      disabled: !free,
      run: () => shift(by),
    })),
  )
  const drill = (day: string) => p.onDrill({ field: field.name, op: 'period', value: day })
  const controls = (
    <>
      <span className="flex-1" />
      <h2 aria-live="polite" className="shrink-0 text-base max-md:order-first">
        {title}
      </h2>
      <span className="flex shrink-0 items-center gap-1">
        <IconButton icon={ChevronLeft} label={t(week ? 'calendar.week_before' : 'calendar.month_before')} onClick={() => step(-1)} />
        <Button onClick={() => p.onDay(undefined)} disabled={at === today}>
          {t('calendar.today')}
        </Button>
        <IconButton icon={ChevronRight} label={t(week ? 'calendar.week_after' : 'calendar.month_after')} onClick={() => step(1)} />
      </span>
      <Segments
        label={t('calendar.span')}
        value={week ? 'week' : 'month'}
        options={[
          ['month', t('unit.month')],
          ['week', t('unit.week')],
        ]}
        onChange={(u) => p.onFace({ ...p.face, by: [{ field: field.name, unit: u === 'week' ? 'week' : undefined }] })}
      />
    </>
  )
  const chip = (r: Rec) => (
    <li
      key={r.id}
      data-card={r.id}
      onPointerDown={free ? (e) => carry.start(e, r.id) : undefined}
      className={cx('list-none', carry.carried === r.id && 'opacity-40')}
    >
      <button
        type="button"
        data-chip={r.id}
        aria-keyshortcuts={free ? 'Alt+ArrowLeft Alt+ArrowRight Alt+ArrowUp Alt+ArrowDown' : undefined}
        onClick={() => p.onOpen(r)}
        title={titleOf(r)}
        className={cx(
          'block w-full min-w-0 rounded-[4px] px-1.5 text-left text-xs focus-visible:-outline-offset-2',
          narrow
            ? 'border border-line bg-panel py-2'
            : week
              ? 'border border-line bg-panel py-1 hover:border-edge'
              : 'truncate bg-accent-tint leading-5 text-accent hover:bg-picked',
          r.id === p.openId && 'shadow-[inset_0_0_0_1px_var(--accent)]',
        )}
      >
        {narrow || week ? (
          <Card kind={kind} columns={p.columns.filter((f) => f.name !== field.name)} record={r} tall />
        ) : (
          stead(kind.kind, 'customer', r) || chipTitle(p.columns, r)
        )}
      </button>
    </li>
  )
  return (
    <>
      {p.head(controls)}
      {counts.error && <p className="p-4 text-bad">{tell(counts.error)}</p>}
      <div
        ref={box}
        onKeyDown={onKeyDown}
        className="flex min-h-0 flex-1 flex-col overflow-auto bg-panel"
        role="region"
        aria-label={t('calendar.label', { field: fieldLabel(kind.kind, field) })}
        tabIndex={0}
      >
        <div aria-hidden className="grid shrink-0 grid-cols-7 border-b border-line bg-ground text-xs text-muted">
          {days.slice(0, 7).map((d) => (
            <div key={d} className="px-2 py-1.5 max-md:px-0 max-md:text-center">
              {format(d, { weekday: narrow ? 'narrow' : 'short' })}
            </div>
          ))}
        </div>
        <ul className={cx('grid grid-cols-7', narrow ? 'shrink-0' : 'min-h-0 flex-1 auto-rows-[minmax(104px,1fr)]')}>
          {days.map((d) => {
            const n = countOf(d)
            const own = records.get(d) ?? []
            const out = !week && d.slice(0, 7) !== at.slice(0, 7)
            const label = `${long(d)} ${t('total.count', { n: count(n) })}`
            return (
              <li
                key={d}
                data-place={d}
                className={cx(
                  'flex min-w-0 flex-col border-b border-r border-line [&:nth-child(7n)]:border-r-0',
                  out && 'bg-ground',
                  carry.carried && carry.over === d && 'bg-picked shadow-[inset_0_0_0_2px_var(--accent)]',
                )}
              >
                <button
                  type="button"
                  aria-current={d === today ? 'date' : undefined}
                  aria-pressed={narrow ? d === at : undefined}
                  onClick={() => (narrow ? p.onDay(d) : drill(d))}
                  tabIndex={d === (focus ?? at) || (!days.includes(focus ?? at) && d === days[0]) ? 0 : -1}
                  className={cx(
                    'flex shrink-0 items-center justify-between gap-1 px-1.5 pt-1 text-xs focus-visible:-outline-offset-2',
                    narrow ? 'h-12 flex-col justify-center pt-0' : 'hover:text-accent',
                    narrow && d === at && 'bg-picked',
                    out ? 'text-muted' : '',
                  )}
                >
                  <span className="sr-only">{label}</span>
                  <span
                    aria-hidden
                    className={cx(
                      'grid h-5 min-w-5 place-items-center rounded-full px-1',
                      d === today && 'bg-accent font-medium text-on-accent',
                    )}
                  >
                    {Number(d.slice(8))}
                  </span>
                  <span aria-hidden className="text-xs text-muted">
                    {n > 0 ? count(n) : narrow ? '\u00a0' : ''}
                  </span>
                </button>
                {!narrow && (
                  <ul
                    className={cx('flex min-h-0 flex-1 flex-col gap-0.5 p-1', week && 'gap-1.5 overflow-y-auto')}
                    tabIndex={week && own.length > 0 ? 0 : undefined}
                    aria-label={week ? label : undefined}
                  >
                    {own.slice(0, most).map((r) => chip(r))}
                    {n > Math.min(own.length, most) && own.length > 0 && (
                      <li className="list-none">
                        <button
                          type="button"
                          onClick={() => drill(d)}
                          aria-label={`${long(d)} ${t('calendar.more', { n: count(n - Math.min(own.length, most)) })}`}
                          className="rounded-[4px] px-1.5 text-xs leading-5 text-muted hover:text-accent hover:underline"
                        >
                          {t('calendar.more', { n: count(n - Math.min(own.length, most)) })}
                        </button>
                      </li>
                    )}
                  </ul>
                )}
              </li>
            )
          })}
        </ul>
        {narrow && (
          <section aria-label={long(at)} className="flex flex-col gap-2 p-3">
            <h3 className="text-sm">{long(at)}</h3>
            <ul className="flex flex-col gap-2">{(records.get(at) ?? []).map((r) => chip(r))}</ul>
            {countOf(at) === 0 && <p className="text-muted">{t('calendar.none')}</p>}
            {countOf(at) > (records.get(at)?.length ?? 0) && (
              <Button onClick={() => drill(at)}>{t('calendar.all', { n: count(countOf(at)) })}</Button>
            )}
          </section>
        )}
      </div>
      {dialog}
    </>
  )
}

/** What tells a record apart where a few words must do. */
function chipTitle(columns: Field[], r: Rec): string {
  const who = columns.find((f) => f.type === 'ref' && r[f.name] && f.name === 'customer')
  return who ? (r[who.name] as { title: string }).title : titleOf(r)
}

function daysFrom(first: string, much: number | string): string[] {
  const out: string[] = []
  for (
    let d = first;
    typeof much === 'number' ? out.length < much : out.length % 7 > 0 || out.length === 0 || d.slice(0, 7) <= much;
    d = plusDays(d, 1)
  )
    out.push(d)
  return out
}

/** The month some months after a day's. */
function month(day: string, by: number): string {
  const n = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + by
  return `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`
}
