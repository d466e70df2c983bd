import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field, Kind, Rec } from '../client/types'
import { useCommands } from '../ui/command'
import { composing } from '../ui/key'
import { Skeleton } from '../ui/wait'
import { CellEditor } from './celleditor'
import { useCells } from './cells'
import { type Layout, lead, tracks as placed } from './columns'
import { Conflict } from './conflict'
import { Head } from './head'
import { Review } from './review'
import { Blank, Row } from './row'
import type { Rows } from './rows'
import type { Selection } from './select'
import { useSpan } from './span'
import type { Steps } from './steps'
import { tallied } from './tally'

export interface GridProps {
  kind: Kind
  columns: Field[]
  rows: Rows
  total?: number
  /** Whether rows that are pasted below the last become records. */
  mayMake: boolean
  loading: boolean
  sort?: string
  onSort: (sort: string) => void
  active: number
  onActive: (index: number) => void
  openId?: string
  onOpen: (record: Rec) => void
  onWatch: (operation: string) => void
  selection: Selection
  /** Which rows are in sight, so that they are fetched. */
  onSee: (first: number, last: number) => void
  reach: (row: number) => Promise<void>
  steps: Steps
  narrow: boolean
  rowHeight: number
  layout: Layout
  onLayout: (part: Partial<Layout>) => void
  onColumns: (names: string[]) => void
  /** What the held cells come to. */
  onTally: (text: string | undefined) => void
  empty: ReactNode
}

const headHeight = 32

/** Rows in a window over all of a list. The grid holds the focus while a row is active, a cell's unseen editor while a cell is held. */
export function Grid(p: GridProps) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const grid = useRef<HTMLDivElement>(null)
  const trap = useRef<HTMLTextAreaElement>(null)
  const room = useWidth(box)
  const tracks = useMemo(() => placed(p.columns, p.layout.widths, room), [p.columns, p.layout.widths, room])
  const template = `${lead}px ${tracks.map((x) => `${x.width}px`).join(' ')}`
  const frozen = Math.min(p.layout.frozen, p.columns.length - 1)
  const height = p.narrow ? 76 : p.rowHeight
  const head = p.narrow ? 0 : headHeight
  const span = useSpan(box, p.rows.length, height, head)
  const cells = useCells({ ...p, page: span.page })
  const { held, spot } = cells

  const tally = useMemo(() => tallied(held, p.columns, p.rows), [held?.top, held?.bottom, held?.left, held?.right, p.columns, p.rows])
  useEffect(() => p.onTally(tally), [tally])
  useCommands([
    {
      id: 'cell.edit',
      title: t('cell.edit'),
      keys: ['F2'],
      group: 'cell',
      disabled: p.narrow || p.rows.length === 0,
      run: () => cells.begin(spot ?? { row: Math.max(0, p.active), col: 0 }),
    },
    { id: 'cell.fill', title: t('cell.fill'), keys: ['Mod+d'], group: 'cell', disabled: p.narrow || p.rows.length === 0, run: cells.fill },
    { id: 'cell.undo', title: t('cell.undo'), keys: ['Mod+z'], group: 'cell', run: () => void p.steps.undo() },
    { id: 'cell.redo', title: t('cell.redo'), keys: ['Mod+y', 'Mod+Shift+z'], group: 'cell', run: () => void p.steps.redo() },
  ])

  useEffect(() => p.onSee(span.first, span.last), [span.first, span.last, p.rows, p.onSee])
  useEffect(() => {
    if (p.active >= 0 && p.active < p.rows.length) span.show(p.active)
  }, [p.active])
  useEffect(() => {
    const el = box.current
    const at = spot && tracks[spot.col]
    if (!el || !at || spot.col < frozen) return
    const left = frozen > 0 ? tracks[frozen - 1]!.left + tracks[frozen - 1]!.width : 0
    if (at.left - left < el.scrollLeft) el.scrollLeft = spot.col === 0 ? 0 : at.left - left
    else if (at.left + at.width > el.scrollLeft + el.clientWidth) el.scrollLeft = at.left + at.width - el.clientWidth
  }, [spot?.col])
  // A sheet is pasted as soon as the list is seen: nothing need be held for that.
  const paste = useRef(cells.paste)
  paste.current = cells.paste
  useEffect(() => {
    if (p.narrow || !p.mayMake) return
    const onPaste = (e: ClipboardEvent) => {
      if (e.target === document.body) void paste.current(e)
    }
    document.addEventListener('paste', onPaste)
    return () => document.removeEventListener('paste', onPaste)
  }, [p.narrow, p.mayMake])
  // Out of the cells, the list has the keyboard again.
  const inCells = !!spot
  const was = useRef(false)
  useEffect(() => {
    if (was.current && !inCells && (!document.activeElement || document.activeElement === document.body))
      grid.current?.focus({ preventScroll: true })
    was.current = inCells
  }, [inCells])

  const onKeyDown = (e: React.KeyboardEvent) => {
    if (composing(e) || (e.target !== grid.current && e.target !== trap.current) || cells.edit) return
    if (cells.key(e)) {
      e.preventDefault()
      e.stopPropagation()
      return
    }
    if (e.target === trap.current) return
    const to = (i: number) => {
      e.preventDefault()
      p.onActive(Math.max(0, Math.min(p.rows.length - 1, i)))
    }
    const row = p.rows.at(p.active)
    if (e.key === 'ArrowDown') to(p.active + 1)
    else if (e.key === 'ArrowUp') to(p.active - 1)
    else if (e.key === 'PageDown') to(p.active + span.page)
    else if (e.key === 'PageUp') to(p.active - span.page)
    else if (e.key === 'Home') to(0)
    else if (e.key === 'End') to(p.rows.length - 1)
    else if (e.key === 'ArrowRight' && !p.narrow && p.rows.length > 0) {
      e.preventDefault()
      cells.hold({ row: Math.max(0, p.active), col: 0 })
    } else if (e.key === 'Enter' && row) {
      e.preventDefault()
      p.onOpen(row)
    } else if (e.key === ' ' && row) {
      e.preventDefault()
      p.selection.toggle(row.id)
    }
  }

  const onPointerDown = (e: React.PointerEvent) => {
    const at = p.narrow || e.button !== 0 ? undefined : cellAt(e.target)
    if (!at) return
    cells.hold(at, e.shiftKey && cells.range ? cells.range.from : at)
    const record = p.rows.at(at.row)
    if (p.openId && record && record.id !== p.openId) p.onOpen(record)
    const from = e.shiftKey && cells.range ? cells.range.from : at
    const move = (m: PointerEvent) => {
      const over = cellAt(document.elementFromPoint(m.clientX, m.clientY))
      if (over) cells.hold(over, from)
    }
    const up = () => {
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', up)
    }
    if (e.pointerType === 'mouse') {
      addEventListener('pointermove', move)
      addEventListener('pointerup', up)
    }
  }
  const now = p.rows.at(p.active)
  const shown: number[] = []
  for (let i = span.first; i <= span.last; i++) shown.push(i)
  // A row that leaves gives its elements to the one that comes: to fill them anew costs half of making them.
  const most = useRef(1)
  most.current = Math.max(most.current, shown.length)
  const sum = tracks.at(-1) ? tracks.at(-1)!.left + tracks.at(-1)!.width : room
  const at = spot && tracks[spot.col]
  return (
    <div ref={box} className="relative min-h-0 flex-1 overflow-auto bg-panel" onCopy={cells.copy} onPaste={(e) => void cells.paste(e)}>
      <div
        ref={grid}
        role="grid"
        tabIndex={0}
        aria-label={t('grid.label')}
        aria-rowcount={Math.max(p.total ?? 0, p.rows.length) + 1}
        aria-colcount={p.columns.length + 1}
        aria-multiselectable
        aria-busy={cells.busy}
        aria-activedescendant={!spot && now && p.active >= span.first && p.active <= span.last ? `row-${now.id}` : undefined}
        onKeyDown={onKeyDown}
        onMouseDown={(e) => {
          if (p.narrow || !cellAt(e.target)) return
          // The focus goes to the held cell's editor, not to the list around it.
          e.preventDefault()
          trap.current?.focus({ preventScroll: true })
        }}
        onPointerDown={onPointerDown}
        onDoubleClick={(e) => {
          const over = p.narrow ? undefined : cellAt(e.target)
          if (over) cells.begin(over)
        }}
        className="group/grid focus-visible:outline-none"
        style={{ width: p.narrow ? undefined : Math.max(sum, room) }}
      >
        <Head
          {...p}
          tracks={tracks}
          frozen={frozen}
          template={template}
          onWidth={(name, w) => p.onLayout({ widths: without({ ...p.layout.widths, ...(w && { [name]: w }) }, w ? undefined : name) })}
          onMove={(name, to) =>
            p.onColumns(
              moved(
                p.columns.map((f) => f.name),
                name,
                to,
              ),
            )
          }
        />
        <div role="rowgroup" className="relative overflow-clip" style={{ height: p.rows.length > 0 ? span.box : undefined }}>
          {shown.map((i) => {
            const record = p.rows.at(i)
            if (!record)
              return (
                <Blank
                  key={`b${i}`}
                  index={i}
                  top={span.top(i)}
                  height={height}
                  template={p.narrow ? '' : template}
                  tracks={p.narrow ? [] : tracks}
                />
              )
            const within = held && i >= held.top && i <= held.bottom && !(held.top === held.bottom && held.left === held.right)
            return (
              <Row
                key={i % most.current}
                kind={p.kind}
                columns={p.columns}
                tracks={tracks}
                frozen={frozen}
                template={template}
                record={record}
                index={i}
                top={span.top(i)}
                height={height}
                wrap={!!p.layout.wrap && !p.narrow}
                narrow={p.narrow}
                open={record.id === p.openId}
                active={i === p.active}
                checked={p.selection.has(record.id)}
                held={spot?.row === i ? spot.col : -1}
                from={within ? held.left : -1}
                to={within ? held.right : -1}
                onOpen={p.onOpen}
                onActive={p.onActive}
                onToggle={p.selection.toggle}
              />
            )
          })}
          {p.rows.length === 0 && (
            <div role="row">
              <div role="gridcell">{p.loading ? <Skeleton lines={14} className="flex flex-col gap-[22px] px-4 py-3" /> : p.empty}</div>
            </div>
          )}
        </div>
      </div>
      {spot && at && !p.narrow && (
        <CellEditor
          kind={p.kind}
          columns={p.columns}
          rows={p.rows}
          cells={cells}
          trap={trap}
          count={p.rows.length}
          onKeyDown={onKeyDown}
          box={{
            top: headHeight + span.top(spot.row),
            left: at.left + (spot.col < frozen ? (box.current?.scrollLeft ?? 0) : 0),
            width: at.width,
            height: height - 1,
          }}
        />
      )}
      {cells.review && <Review kind={p.kind} review={cells.review} busy={cells.busy} onWrite={cells.finish} onClose={cells.closeReview} />}
      {cells.clash && (
        <Conflict
          kind={p.kind}
          mine={{ [cells.clash.put.field.name]: cells.clash.put.value }}
          theirs={cells.clash.theirs}
          fields={[cells.clash.put.field.name]}
          onSave={cells.settle}
          onClose={cells.closeClash}
        />
      )}
    </div>
  )
}

/** The cell that something in a row belongs to; none for the marks before the columns. */
function cellAt(target: EventTarget | null) {
  const el = target instanceof Element ? target.closest<HTMLElement>('[data-col]') : null
  const row = el?.closest<HTMLElement>('[data-row]')
  return el && row ? { row: Number(row.dataset.row), col: Number(el.dataset.col) } : undefined
}

function without(widths: Record<string, number>, name: string | undefined): Record<string, number> {
  return Object.fromEntries(Object.entries(widths).filter(([n]) => n !== name))
}

/** A name taken out of a list and put before what stands at a place. */
export function moved(names: string[], name: string, to: number): string[] {
  const at = names.indexOf(name)
  const rest = names.filter((n) => n !== name)
  rest.splice(to > at ? to - 1 : to, 0, name)
  return rest
}

function useWidth(box: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const el = box.current
    if (!el) return
    const watch = new ResizeObserver(() => setWidth(el.clientWidth))
    watch.observe(el)
    return () => watch.disconnect()
  }, [box])
  return width
}
