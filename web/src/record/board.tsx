import { Ellipsis, Lock } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import { type Ask, useDimensions, useList } from '../client/data'
import type { Field, Kind, Rec } from '../client/types'
import { useDimension } from '../field/category'
import { count, titleOf } from '../field/format'
import { choiceLabel, fieldLabel, offered } from '../field/label'
import { isState, toneOf } from '../field/tone'
import { ordered } from '../field/tree'
import { IconButton } from '../ui/button'
import { useCarry } from '../ui/carry'
import { useCommands } from '../ui/command'
import { cx } from '../ui/cx'
import { Menu } from '../ui/menu'
import { State } from '../ui/tag'
import { Skeleton } from '../ui/wait'
import { Card } from './card'
import { editable } from './celltext'
import type { FacedProps } from './faced'
import { type Group, groupTitle, useBreakdown, within } from './group'
import { usePlacing } from './placing'
import { same } from './write'

/** As many categories have a column each though nothing is in them; of more, those in use. */
const mostEmpty = 24
/** Cards that a column loads at once. */
const few = 30

interface Column {
  id: string
  title: string
  /** What a record put here gets; none where nothing can be put. */
  value?: { value: unknown }
  group?: Group
}

/** Records as cards under the values of a field; carried to another column, a card's record gets its value. */
export function Board(p: FacedProps & { field: Field }) {
  const { kind, field, ask } = p
  const { t } = useTranslation()
  const by = useMemo(() => [{ field: field.name }], [field.name])
  const answer = useBreakdown(kind, ask, by, [])
  const dimension = useDimension(kind.kind, field.name)
  const dimensions = useDimensions().data?.data ?? []
  const free = editable(kind, field, dimensions)
  const groups = answer.data?.axes[0]?.field === field.name ? answer.data.axes[0].groups : undefined
  const columns = useMemo(() => columnsOf(kind, field, groups ?? [], dimension), [kind, field, groups, dimension])
  const { moving, place, dialog } = usePlacing(kind, field, p.steps, p.onWatch)
  const known = useRef(new Map<string, { record: Rec; column: string }>())
  const box = useRef<HTMLDivElement>(null)

  const put = (id: string, to: string) => {
    const at = known.current.get(id)
    const column = columns.find((c) => c.id === to)
    // What it is says whether it goes, not where it was shown: while lists are read again, a card may stand in two columns.
    if (at && column?.value && !same(at.record[field.name], column.value.value)) void place(at.record, to, column.value.value, column.title)
  }
  const carry = useCarry(put)

  const onKeyDown = (e: React.KeyboardEvent) => {
    const card = (e.target as HTMLElement).closest<HTMLElement>('[data-card]')
    const column = card?.closest<HTMLElement>('[data-place]')
    if (!card || !column || e.target !== card.querySelector('[data-open]') || e.ctrlKey || e.metaKey) return
    const step = { ArrowLeft: -1, ArrowRight: 1 }[e.key]
    const list = [...column.querySelectorAll<HTMLElement>('[data-open]')]
    if (e.altKey) return // those are commands
    if (step) {
      e.preventDefault()
      const all = [...(box.current?.querySelectorAll<HTMLElement>('[data-place]') ?? [])]
      for (let i = all.indexOf(column) + step; all[i]; i += step) {
        const next = all[i]!.querySelectorAll<HTMLElement>('[data-open]')
        if (next.length > 0) {
          next[Math.min(next.length - 1, list.indexOf(e.target as HTMLElement))]!.focus()
          break
        }
      }
    } else if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault()
      list[list.indexOf(e.target as HTMLElement) + (e.key === 'ArrowDown' ? 1 : -1)]?.focus()
    }
    // The list's own keys would move a row that is not shown.
    if (e.key.startsWith('Arrow')) e.stopPropagation()
  }
  /** Moves the card that has the focus; where none has, the first gets it. */
  const shift = (step: number) => {
    const card = document.activeElement?.closest<HTMLElement>('[data-card]')
    const column = card?.closest<HTMLElement>('[data-place]')
    if (!card || !column) return box.current?.querySelector<HTMLElement>('[data-open]')?.focus()
    for (let i = columns.findIndex((c) => c.id === column.dataset.place) + step; columns[i]; i += step)
      if (columns[i]!.value) {
        put(card.dataset.card!, columns[i]!.id)
        return follow(card.dataset.card!)
      }
  }
  useCommands([
    { id: 'board.left', title: t('board.left'), keys: ['Alt+ArrowLeft'], group: 'list', disabled: !free, run: () => shift(-1) },
    { id: 'board.right', title: t('board.right'), keys: ['Alt+ArrowRight'], group: 'list', disabled: !free, run: () => shift(1) },
  ])
  // A card that was moved keeps the focus in its new column.
  const follow = (id: string) =>
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"] [data-open]`)?.focus())

  if (answer.error) return <p className="flex-1 p-4 text-bad">{tell(answer.error)}</p>
  if (!groups) return <Skeleton lines={10} className="flex flex-1 flex-col gap-4 p-4" />
  return (
    <>
      {!free && (
        <p className="flex shrink-0 items-center gap-1.5 border-b border-line bg-ground px-3 py-1 text-xs text-muted">
          <Lock size={12} aria-hidden />
          {t('board.fixed', { field: fieldLabel(kind.kind, field) })}
        </p>
      )}
      <div
        ref={box}
        role="group"
        aria-label={t('board.label', { field: fieldLabel(kind.kind, field) })}
        onKeyDown={onKeyDown}
        tabIndex={0}
        className="flex min-h-0 flex-1 gap-2 overflow-x-auto bg-ground p-2 focus-visible:-outline-offset-2 max-md:snap-x max-md:scroll-px-3 max-md:px-3"
      >
        {columns.map((c) => {
          const here = Object.values(moving).filter((m) => m.to === c.id)
          const gone = Object.values(moving).filter((m) => m.to !== c.id && known.current.get(m.record.id)?.column === c.id)
          return (
            <ColumnOf
              key={c.id}
              p={p}
              column={c}
              columns={columns}
              free={free}
              over={carry.carried !== undefined && carry.over === c.id && !!c.value}
              carried={carry.carried}
              onCarry={carry.start}
              coming={here.map((m) => m.record)}
              going={gone.map((m) => m.record.id)}
              onMove={put}
              known={known.current}
            />
          )
        })}
      </div>
      {dialog}
    </>
  )
}

function columnsOf(kind: Kind, field: Field, groups: Group[], dimension: ReturnType<typeof useDimension>): Column[] {
  const out: Column[] = []
  const left = new Map(groups.map((g) => [g.id, g]))
  const take = (id: string, title: string, value: Column['value']) => {
    out.push({ id, title, value, group: left.get(id) })
    left.delete(id)
  }
  if (field.type === 'choice') for (const c of offered(field)) take(c, choiceLabel(kind.kind, field, c), { value: c })
  if (field.type === 'bool')
    for (const yes of [true, false]) take(String(yes), groupTitle(kind, field, { id: String(yes) } as Group), { value: yes })
  if (field.type === 'category') {
    const all = ordered(dimension?.categories ?? []).map((n) => n.value)
    for (const c of all)
      if (all.length <= mostEmpty || left.has(c.id))
        take(c.id, groupTitle(kind, field, { id: c.id, title: c.title } as Group), { value: { id: c.id, title: c.title } })
  }
  // What is no choice any more, and the records that others are.
  for (const g of [...left.values()])
    if (g.id !== '')
      take(g.id, groupTitle(kind, field, g), field.type === 'ref' && !g.other ? { value: { id: g.id, title: g.title } } : undefined)
  if (field.type !== 'bool') {
    const none = left.get('')
    const value = field.required ? undefined : { value: field.type === 'choice' ? '' : null }
    if (none || value) out.push({ id: '', title: groupTitle(kind, field, { id: '' } as Group), value, group: none })
  }
  return out
}

function ColumnOf({
  p,
  column,
  columns,
  free,
  over,
  carried,
  onCarry,
  coming,
  going,
  onMove,
  known,
}: {
  p: FacedProps & { field: Field }
  column: Column
  columns: Column[]
  free: boolean
  over: boolean
  carried?: string
  onCarry: (e: React.PointerEvent<HTMLElement>, id: string) => void
  coming: Rec[]
  going: string[]
  onMove: (id: string, to: string) => void
  known: Map<string, { record: Rec; column: string }>
}) {
  const { t } = useTranslation()
  const { kind, field } = p
  const box = useRef<HTMLElement>(null)
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    const watch = new IntersectionObserver((es) => es.some((e) => e.isIntersecting) && setSeen(true), { rootMargin: '200px' })
    if (box.current) watch.observe(box.current)
    return () => watch.disconnect()
  }, [])
  const ask: Ask = useMemo(
    () => (column.group ? within(p.ask, column.group.filter) : p.ask),
    [p.ask, column.group && JSON.stringify(column.group.filter)],
  )
  const list = useList(kind, ask, seen && !!column.group, few)
  const found = column.group ? (list.data?.pages.flatMap((x) => x.data) ?? []) : []
  const shown = [...coming, ...found.filter((r) => !going.includes(r.id) && !coming.some((c) => c.id === r.id))]
  for (const r of found) if (!coming.some((c) => c.id === r.id) && !going.includes(r.id)) known.set(r.id, { record: r, column: column.id })
  const arriving = coming.filter((c) => !found.some((r) => r.id === c.id)).length
  const n = (column.group?.count ?? 0) + arriving - going.length
  const facts = p.columns.filter((f) => f !== field && f.name !== field.name)
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!list.hasNextPage || !end.current) return
    const watch = new IntersectionObserver(
      (es) => es.some((e) => e.isIntersecting) && !list.isFetchingNextPage && void list.fetchNextPage(),
      {
        root: box.current,
        rootMargin: '400px',
      },
    )
    watch.observe(end.current)
    return () => watch.disconnect()
  }, [list.hasNextPage, list.isFetchingNextPage, found.length])
  const title = <span className="truncate font-medium">{column.title}</span>
  return (
    <section
      ref={box}
      aria-label={`${column.title} ${t('total.count', { n: count(n) })}`}
      data-place={column.id}
      className={cx(
        'flex min-h-0 w-[272px] shrink-0 flex-col rounded-lg border bg-ground max-md:w-[84vw] max-md:snap-start',
        over ? 'border-accent bg-picked' : 'border-line',
        carried && !column.value && 'opacity-50',
      )}
    >
      <h2 className="flex h-9 shrink-0 items-center gap-2 px-3 text-sm">
        {isState(kind.kind, field.name) ? <State tone={toneOf(kind.kind, field.name, column.id)}>{title}</State> : title}
        <span className="text-xs font-normal text-muted">{count(n)}</span>
      </h2>
      <ul
        className="flex min-h-0 flex-1 flex-col gap-1.5 overflow-y-auto px-2 pb-2"
        aria-label={column.title}
        tabIndex={shown.length > 0 ? 0 : undefined}
      >
        {shown.map((r) => (
          <li
            key={r.id}
            data-card={r.id}
            onPointerDown={free ? (e) => onCarry(e, r.id) : undefined}
            className={cx(
              'group/card relative shrink-0 rounded-md border bg-panel text-sm hover:border-edge',
              free && 'cursor-grab touch-manipulation',
              r.id === p.openId ? 'border-accent' : 'border-line',
              carried === r.id && 'opacity-40',
            )}
          >
            <button
              type="button"
              data-open
              aria-keyshortcuts={free ? 'Alt+ArrowLeft Alt+ArrowRight' : undefined}
              onClick={() => p.onOpen(r)}
              className="block w-full min-w-0 cursor-[inherit] rounded-md px-2.5 py-2 text-left"
            >
              <Card kind={kind} columns={facts} record={r} tall />
            </button>
            {free && (
              <span
                data-still
                className="absolute right-1 top-1 rounded-md bg-panel opacity-0 focus-within:opacity-100 group-hover/card:opacity-100 [@media(hover:none)]:opacity-100"
              >
                <Menu
                  trigger={
                    <IconButton icon={Ellipsis} size={14} label={t('board.move', { title: titleOf(r) })} className="size-6 max-md:size-8" />
                  }
                  groups={[
                    columns
                      .filter((c) => c.value)
                      .map((c) => ({ id: c.id || 'none', title: c.title, checked: c.id === column.id, run: () => onMove(r.id, c.id) })),
                  ]}
                />
              </span>
            )}
          </li>
        ))}
        {seen && list.isPending && column.group && (
          <li className="list-none">
            <Skeleton lines={5} />
          </li>
        )}
        {list.error && <li className="p-2 text-xs text-bad">{tell(list.error)}</li>}
        {n === 0 && <li className="px-1 py-6 text-center text-xs text-muted">{t('board.empty')}</li>}
        {list.hasNextPage && (
          <li>
            <div ref={end} className="h-8 text-center text-xs leading-8 text-muted">
              {t('board.more', { n: count(n - shown.length) })}
            </div>
          </li>
        )}
      </ul>
    </section>
  )
}
