import { ArrowDown, ArrowUp } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field, Kind } from '../client/types'
import { numeric } from '../field/cell'
import { fieldLabel } from '../field/label'
import { cx } from '../ui/cx'
import type { Track } from './columns'
import type { Selection } from './select'

export interface HeadProps {
  kind: Kind
  columns: Field[]
  tracks: Track[]
  frozen: number
  template: string
  narrow: boolean
  sort?: string
  onSort: (sort: string) => void
  selection: Selection
  total?: number
  /** A column made as wide as this; undefined for its own width. */
  onWidth: (name: string, width: number | undefined) => void
  /** A column put before another's place. */
  onMove: (name: string, to: number) => void
}

const thinnest = 48

/** The columns' names: clicked they sort, dragged they change places, and their right edge makes them wider. */
export function Head(p: HeadProps) {
  const { t } = useTranslation()
  const mark = useRef<HTMLInputElement>(null)
  const some = p.selection.count(p.total) > 0
  const [drop, setDrop] = useState<{ name: string; to: number } | null>(null)
  useEffect(() => {
    if (mark.current) mark.current.indeterminate = some && !p.selection.all
  }, [some, p.selection.all])

  const carry = (e: React.PointerEvent, name: string) => {
    if (e.button !== 0) return
    const head = e.currentTarget as HTMLElement
    const start = e.clientX
    const row = head.parentElement!
    let to = -1
    const move = (m: PointerEvent) => {
      if (to < 0 && Math.abs(m.clientX - start) < 6) return
      const cells = [...row.querySelectorAll<HTMLElement>('[data-head]')]
      to = cells.findIndex((c) => m.clientX < c.getBoundingClientRect().left + c.offsetWidth / 2)
      if (to < 0) to = cells.length
      setDrop({ name, to })
    }
    const up = () => {
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', up)
      setDrop(null)
      if (to < 0) return
      // The click that ends a drag is no wish to sort.
      addEventListener('click', (c) => c.stopPropagation(), { capture: true, once: true })
      setTimeout(() => p.onMove(name, to))
    }
    addEventListener('pointermove', move)
    addEventListener('pointerup', up)
  }
  const stretch = (e: React.PointerEvent, i: number) => {
    e.stopPropagation()
    e.preventDefault()
    const start = e.clientX
    const was = p.tracks[i]!.width
    const name = p.columns[i]!.name
    const move = (m: PointerEvent) => p.onWidth(name, Math.max(thinnest, Math.round(was + m.clientX - start)))
    const up = () => {
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', up)
    }
    addEventListener('pointermove', move)
    addEventListener('pointerup', up)
  }
  return (
    <div role="rowgroup" className={p.narrow ? 'sr-only' : 'sticky top-0 z-10 w-max min-w-full'}>
      <div
        role="row"
        aria-rowindex={1}
        className="grid h-8 border-b border-line bg-ground text-xs font-medium text-muted"
        style={{ gridTemplateColumns: p.template }}
      >
        <div role="columnheader" className={cx('flex items-center pl-2.5', p.frozen > 0 && 'sticky left-0 z-[1] bg-inherit')}>
          <input
            ref={mark}
            type="checkbox"
            aria-label={t('grid.select_all')}
            tabIndex={p.narrow ? -1 : 0}
            checked={p.selection.all}
            onChange={p.selection.toggleAll}
          />
        </div>
        {p.columns.map((f, i) => {
          const desc = p.sort === `-${f.name}`
          const on = desc || p.sort === f.name
          const label = fieldLabel(p.kind.kind, f)
          const right = numeric(f)
          return (
            <div
              key={f.name}
              role="columnheader"
              data-head={f.name}
              aria-colindex={i + 2}
              aria-sort={on ? (desc ? 'descending' : 'ascending') : undefined}
              onPointerDown={(e) => carry(e, f.name)}
              style={i < p.frozen ? { left: p.tracks[i]!.left } : undefined}
              className={cx(
                'group/head relative flex min-w-0 select-none items-center px-2',
                right && 'justify-end',
                i < p.frozen && 'sticky z-[1] bg-inherit',
                i === p.frozen - 1 && 'border-r border-line',
                drop?.name === f.name && 'opacity-50',
                drop?.to === i && 'shadow-[inset_2px_0_var(--accent)]',
                drop?.to === p.columns.length && i === p.columns.length - 1 && 'shadow-[inset_-2px_0_var(--accent)]',
              )}
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
              {/* The keyboard does it in the columns' settings. */}
              <span
                aria-hidden
                data-stretch={f.name}
                onPointerDown={(e) => stretch(e, i)}
                onDoubleClick={() => p.onWidth(f.name, undefined)}
                className="absolute inset-y-1 right-0 w-[7px] cursor-col-resize border-r-2 border-transparent group-hover/head:border-line hover:border-accent!"
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}
