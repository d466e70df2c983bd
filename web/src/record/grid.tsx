import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { memo, type ReactNode, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field, Kind, Rec } from '../client/types'
import { Cell, numeric } from '../field/cell'
import { titleOf } from '../field/format'
import { fieldLabel } from '../field/label'
import { composing } from '../ui/key'
import { cx } from '../ui/cx'
import { Skeleton } from '../ui/wait'
import { Card } from './card'
import { width } from './columns'
import type { Selection } from './select'
import { stead } from './stead'

export interface GridProps {
  kind: Kind
  columns: Field[]
  rows: Rec[]
  total?: number
  loading: boolean
  sort?: string
  onSort: (sort: string) => void
  active: number
  onActive: (index: number) => void
  openId?: string
  onOpen: (record: Rec) => void
  selection: Selection
  more: boolean
  onMore: () => void
  narrow: boolean
  rowHeight: number
  empty: ReactNode
}

/** Rows in a window over keyset pages. The grid itself holds the focus; the active row is named, not focused. */
export function Grid(p: GridProps) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const tracks = useMemo(() => p.columns.map(width), [p.columns])
  const template = `36px ${tracks.map(([w]) => w).join(' ')}`
  const least = 36 + 20 + tracks.reduce((n, [, w]) => n + w, 0)
  const height = p.narrow ? 76 : p.rowHeight
  const virtual = useVirtualizer({
    count: p.rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 12,
    getItemKey: (i) => p.rows[i]?.id ?? i,
    scrollPaddingStart: p.narrow ? 0 : 32,
  })
  useEffect(() => virtual.measure(), [height])
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (p.more && last >= p.rows.length - 30) p.onMore()
  }, [last, p.more, p.rows.length, p.onMore])
  useEffect(() => {
    if (p.active >= 0 && p.active < p.rows.length) virtual.scrollToIndex(p.active, { align: 'auto' })
  }, [p.active])

  const onKeyDown = (e: React.KeyboardEvent) => {
    if (composing(e) || e.target !== e.currentTarget) return
    const to = (i: number) => {
      e.preventDefault()
      p.onActive(Math.max(0, Math.min(p.rows.length - 1, i)))
    }
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 400) / height) - 2)
    const row = p.rows[p.active]
    if (e.key === 'ArrowDown') to(p.active + 1)
    else if (e.key === 'ArrowUp') to(p.active - 1)
    else if (e.key === 'PageDown') to(p.active + page)
    else if (e.key === 'PageUp') to(p.active - page)
    else if (e.key === 'Home') to(0)
    else if (e.key === 'End') to(p.rows.length - 1)
    else if (e.key === 'Enter' && row) {
      e.preventDefault()
      p.onOpen(row)
    } else if (e.key === ' ' && row) {
      e.preventDefault()
      p.selection.toggle(row.id)
    }
  }
  const now = p.rows[p.active]
  return (
    <div
      ref={box}
      role="grid"
      tabIndex={0}
      aria-label={t('grid.label')}
      aria-rowcount={(p.total ?? p.rows.length) + 1}
      aria-multiselectable
      aria-activedescendant={now && items.some((i) => i.index === p.active) ? `row-${now.id}` : undefined}
      onKeyDown={onKeyDown}
      className="group/grid relative min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none"
    >
      <div role="presentation" style={{ minWidth: p.narrow ? undefined : least }}>
        <Head {...p} template={template} />
        <div role="rowgroup" className="relative" style={{ height: p.rows.length > 0 ? virtual.getTotalSize() : undefined }}>
          {items.map((item) => {
            const record = p.rows[item.index]
            if (!record) return null
            return (
              <Row
                key={record.id}
                kind={p.kind}
                columns={p.columns}
                template={template}
                record={record}
                index={item.index}
                top={item.start}
                height={height}
                narrow={p.narrow}
                open={record.id === p.openId}
                active={item.index === p.active}
                checked={p.selection.has(record.id)}
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
    </div>
  )
}

function Head(p: GridProps & { template: string }) {
  const { t } = useTranslation()
  const mark = useRef<HTMLInputElement>(null)
  const some = p.selection.count(p.total) > 0
  useEffect(() => {
    if (mark.current) mark.current.indeterminate = some && !p.selection.all
  }, [some, p.selection.all])
  return (
    <div role="rowgroup" className={p.narrow ? 'sr-only' : 'sticky top-0 z-10'}>
      <div
        role="row"
        aria-rowindex={1}
        className="grid h-8 items-center border-b border-line bg-ground px-2.5 text-xs font-medium text-muted"
        style={{ gridTemplateColumns: p.template }}
      >
        <div role="columnheader" className="flex">
          <input
            ref={mark}
            type="checkbox"
            aria-label={t('grid.select_all')}
            tabIndex={p.narrow ? -1 : 0}
            checked={p.selection.all}
            onChange={p.selection.toggleAll}
          />
        </div>
        {p.columns.map((f) => {
          const desc = p.sort === `-${f.name}`
          const on = desc || p.sort === f.name
          const label = fieldLabel(p.kind.kind, f)
          const right = numeric(f)
          return (
            <div
              key={f.name}
              role="columnheader"
              aria-sort={on ? (desc ? 'descending' : 'ascending') : undefined}
              className={cx('flex min-w-0 pr-3', right && 'justify-end')}
            >
              {f.sortable ? (
                <button
                  type="button"
                  tabIndex={p.narrow ? -1 : 0}
                  onClick={() => p.onSort(desc ? f.name : `-${f.name}`)}
                  className={cx('flex min-w-0 items-center gap-1 rounded-[4px] hover:text-ink', on && 'text-ink')}
                >
                  <span className="truncate">{label}</span>
                  {on && (desc ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />)}
                </button>
              ) : (
                <span className="truncate">{label}</span>
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

interface RowProps {
  kind: Kind
  columns: Field[]
  template: string
  record: Rec
  index: number
  top: number
  height: number
  narrow: boolean
  open: boolean
  active: boolean
  checked: boolean
  onOpen: (r: Rec) => void
  onActive: (i: number) => void
  onToggle: (id: string, range?: boolean) => void
}

const Row = memo(function Row(p: RowProps) {
  const { t } = useTranslation()
  const { record } = p
  return (
    <div
      role="row"
      id={`row-${record.id}`}
      aria-rowindex={p.index + 2}
      aria-selected={p.checked}
      onClick={() => {
        p.onActive(p.index)
        p.onOpen(record)
      }}
      className={cx(
        'absolute inset-x-0 grid cursor-pointer items-center border-b border-line px-2.5 whitespace-nowrap',
        p.open || p.checked ? 'bg-picked' : p.active ? 'group-focus-visible/grid:bg-hover' : 'hover:bg-hover',
        p.open && 'shadow-[inset_2px_0_var(--accent)]',
        p.active && 'group-focus-visible/grid:shadow-[inset_0_0_0_2px_var(--accent)]',
      )}
      style={{ height: p.height, transform: `translateY(${p.top}px)`, gridTemplateColumns: p.narrow ? '1fr' : p.template }}
    >
      {p.narrow ? (
        <div role="gridcell" className="min-w-0">
          <Card kind={p.kind} columns={p.columns} record={record} />
        </div>
      ) : (
        <>
          <div role="gridcell" className="flex h-full items-center" onClick={(e) => e.stopPropagation()}>
            <input
              type="checkbox"
              tabIndex={-1}
              aria-label={t('grid.select', { title: titleOf(record) })}
              checked={p.checked}
              onChange={(e) => p.onToggle(record.id, (e.nativeEvent as MouseEvent).shiftKey)}
            />
          </div>
          {p.columns.map((f, i) => (
            <div
              key={f.name}
              role="gridcell"
              className={cx(
                'truncate pr-3',
                numeric(f) && 'text-right',
                (numeric(f) || f.type === 'date' || f.type === 'time') && 'figures',
                (f.title || f.type === 'ref') && i < 3 && 'font-medium',
                f.type === 'longtext' && 'text-muted',
              )}
            >
              <Cell kind={p.kind.kind} field={f} value={record[f.name]} record={record} />
              {!record[f.name] && <span className="font-normal text-muted">{stead(p.kind.kind, f.name, record)}</span>}
            </div>
          ))}
        </>
      )}
    </div>
  )
})
