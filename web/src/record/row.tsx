import { PanelRightOpen } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field, Kind, Rec } from '../client/types'
import { Cell, numeric } from '../field/cell'
import { titleOf } from '../field/format'
import { cx } from '../ui/cx'
import { Card } from './card'
import { lead, type Track } from './columns'
import { stead } from './stead'

export interface RowProps {
  kind: Kind
  columns: Field[]
  tracks: Track[]
  frozen: number
  template: string
  record: Rec
  index: number
  top: number
  height: number
  wrap: boolean
  narrow: boolean
  open: boolean
  active: boolean
  checked: boolean
  /** The cell that is held, and the columns of this row within the selection; -1 for none. */
  held: number
  from: number
  to: number
  onOpen: (r: Rec) => void
  onActive: (i: number) => void
  onToggle: (id: string, range?: boolean) => void
}

/** By its left end a record can be dragged to where somebody takes it: under this name its id is carried. */
export const carried = 'application/x-guike-record'

/** One record. Its cells are reached from the grid by their numbers: it has no handlers of its own for them. */
export const Row = memo(function Row(p: RowProps) {
  const { t } = useTranslation()
  const { record } = p
  const tint =
    p.open || p.checked ? 'bg-picked' : p.active && p.held < 0 ? 'bg-panel group-focus-visible/grid:bg-hover' : 'bg-panel hover:bg-hover'
  return (
    <div
      role="row"
      id={`row-${record.id}`}
      data-row={p.index}
      aria-rowindex={p.index + 2}
      aria-selected={p.checked}
      onClick={
        p.narrow
          ? () => {
              p.onActive(p.index)
              p.onOpen(record)
            }
          : undefined
      }
      className={cx(
        'group/row absolute left-0 min-w-full border-b border-line',
        p.narrow ? 'cursor-pointer px-2.5' : 'grid w-max',
        p.wrap ? '' : 'whitespace-nowrap',
        tint,
        p.open && 'shadow-[inset_2px_0_var(--accent)]',
        p.active && p.held < 0 && 'group-focus-visible/grid:shadow-[inset_0_0_0_2px_var(--accent)]',
      )}
      style={{ height: p.height, top: p.top, gridTemplateColumns: p.narrow ? undefined : p.template }}
    >
      {p.narrow ? (
        <div role="gridcell" className="flex h-full min-w-0 flex-col justify-center">
          <Card kind={p.kind} columns={p.columns} record={record} />
        </div>
      ) : (
        <>
          <div
            role="gridcell"
            draggable
            onDragStart={(e) => e.dataTransfer.setData(carried, record.id)}
            className={cx('flex h-full items-center gap-2 pl-2.5', p.frozen > 0 && 'sticky left-0 z-[1] bg-inherit')}
          >
            <input
              type="checkbox"
              tabIndex={-1}
              aria-label={t('grid.select', { title: titleOf(record) })}
              checked={p.checked}
              onChange={(e) => p.onToggle(record.id, (e.nativeEvent as MouseEvent).shiftKey)}
            />
            <button
              type="button"
              tabIndex={-1}
              aria-label={t('grid.open', { title: titleOf(record) })}
              title={t('act.open')}
              onClick={() => {
                p.onActive(p.index)
                p.onOpen(record)
              }}
              className={cx(
                'grid size-6 place-items-center rounded-md text-muted hover:bg-tag hover:text-ink',
                p.active || p.open ? '' : 'opacity-0 group-hover/row:opacity-100 [@media(hover:none)]:opacity-100',
              )}
            >
              <PanelRightOpen size={14} aria-hidden strokeWidth={1.8} />
            </button>
          </div>
          {p.columns.map((f, i) => (
            <div
              key={f.name}
              role="gridcell"
              data-col={i}
              aria-colindex={i + 2}
              aria-selected={p.from >= 0 && i >= p.from && i <= p.to ? true : undefined}
              style={i < p.frozen ? { left: p.tracks[i]!.left } : undefined}
              className={cx(
                'relative flex min-w-0 cursor-default items-center overflow-hidden px-2',
                i < p.frozen && 'sticky z-[1] bg-inherit',
                i === p.frozen - 1 && 'border-r border-line',
                numeric(f) && 'justify-end text-right',
                (numeric(f) || f.type === 'date' || f.type === 'time') && 'figures',
                (f.title || f.type === 'ref') && i < 3 && 'font-medium',
                f.type === 'longtext' && 'text-muted',
                p.from >= 0 && i >= p.from && i <= p.to && 'before:pointer-events-none before:absolute before:inset-0 before:bg-accent/10',
                i === p.held && 'shadow-[inset_0_0_0_2px_var(--accent)]',
              )}
            >
              <div
                className={cx('min-w-0', p.wrap ? 'line-clamp-3 break-words' : 'truncate')}
                style={p.wrap ? { maxHeight: p.height - 6 } : undefined}
              >
                <Cell kind={p.kind.kind} field={f} value={record[f.name]} record={record} />
                {!record[f.name] && <span className="font-normal text-muted">{stead(p.kind.kind, f.name, record)}</span>}
              </div>
            </div>
          ))}
        </>
      )}
    </div>
  )
})

/** Where a row is that has not come yet. */
export function Blank({
  index,
  top,
  height,
  template,
  tracks,
}: {
  index: number
  top: number
  height: number
  template: string
  tracks: Track[]
}) {
  const { t } = useTranslation()
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="absolute left-0 grid w-max min-w-full items-center border-b border-line"
      style={{ top, height, gridTemplateColumns: template, paddingLeft: template ? undefined : lead }}
    >
      <div role="gridcell" className="sr-only">
        {t('grid.loading')}
      </div>
      {tracks.map((x, i) => (
        <div key={x.left} role="presentation" className="px-2">
          <div className="h-2 rounded-full bg-tag" style={{ width: Math.min(x.width - 16, 40 + ((index * 37 + i * 53) % 80)) }} />
        </div>
      ))}
    </div>
  )
}
