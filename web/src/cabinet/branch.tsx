import { ChevronDown, ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import { useKinds } from '../client/data'
import type { By, Filter, Kind } from '../client/types'
import { count } from '../field/format'
import { paths } from '../field/ops'
import { carried } from '../record/row'
import { both, type Group, groupTitle, useBreakdown } from '../record/group'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { Skeleton } from '../ui/wait'

/** How many drawers are counted and shown at a time; the rest opens where it stands. */
const atOnce = 100

export interface BranchProps {
  document: Kind
  levels: By[]
  depth: number
  /** What the drawers above keep. */
  within?: Filter
  /** The drawer whose contents are shown. */
  at?: Filter
  opened: Set<string>
  onOpen: (key: string, open: boolean) => void
  onGo: (within: Filter) => void
}

/** The drawers of one level, counted by one question, and below each that is open its own. */
export function Branch(p: BranchProps) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const by = p.levels[p.depth]!
  const path = paths(p.document, kinds).find((x) => x.path === by.field)
  const { data, error, refetch, isPlaceholderData } = useBreakdown(p.document, { filter: p.within }, [{ ...by, limit: atOnce }], [])
  if (error)
    return (
      <Note label={tell(error)}>
        <span className="text-bad">{tell(error)}</span>
        <Button onClick={() => refetch()}>{t('act.again')}</Button>
      </Note>
    )
  if (!data || isPlaceholderData || !path)
    return (
      <Note label={t('cabinet.counting')}>
        <Skeleton lines={3} className="flex w-full flex-col gap-2 p-2" />
      </Note>
    )
  const kind = kinds.find((k) => k.kind === path.kind) ?? p.document
  const groups = arranged(data.axes[0]?.groups ?? [], path.field.type)
  if (groups.length === 0) return <Note depth={p.depth}>{t('cabinet.nothing')}</Note>
  return groups.map((g) => {
    // Of a reference the filter says the title as well, so that a chip can.
    const own: Filter =
      path.field.type === 'ref' && g.id && !g.other ? { field: by.field, op: 'eq', value: { id: g.id, title: g.title } } : g.filter
    const within = both(p.within, own)!
    const key = JSON.stringify(within)
    const open = p.opened.has(key)
    if (g.other && open) return <Branch key={g.id} {...p} within={within} />
    const deeper = g.other || p.depth + 1 < p.levels.length
    return (
      <Drawer
        key={g.id}
        title={g.other ? t('cabinet.rest') : groupTitle(kind, path.field, g)}
        count={g.count}
        depth={p.depth}
        muted={g.id === '' || g.other}
        on={!!p.at && JSON.stringify(p.at) === key}
        open={deeper ? open : undefined}
        onOpen={(open) => p.onOpen(key, open)}
        onGo={() => (g.other ? p.onOpen(key, true) : p.onGo(within))}
      >
        {deeper && open && <Branch {...p} depth={p.depth + 1} within={within} />}
      </Drawer>
    )
  })
}

/** Days stand with the newest first; names, where all are there, by their sound. What has no value and the rest stand last. */
function arranged(groups: Group[], type: string): Group[] {
  const last = (g: Group) => (g.other ? 2 : g.id === '' ? 1 : 0)
  const order = (a: Group, b: Group) => {
    if (type === 'date' || type === 'time') return a.id < b.id ? 1 : -1
    return type === 'ref' ? a.title.localeCompare(b.title, 'zh-CN') : 0
  }
  return [...groups].sort((a, b) => last(a) - last(b) || order(a, b))
}

/** What is said in place of drawers. A tree without any item would be none. */
export function Note({ depth = 0, label, children }: { depth?: number; label?: string; children: ReactNode }) {
  return (
    <li
      role="treeitem"
      aria-level={depth + 1}
      aria-label={label}
      aria-disabled
      aria-selected={false}
      tabIndex={-1}
      style={{ paddingLeft: 12 + depth * 14 }}
      className="flex flex-col items-start gap-1 py-1 pr-2 text-xs text-muted"
    >
      {children}
    </li>
  )
}

export interface DrawerProps {
  title: string
  count?: number
  depth: number
  muted?: boolean
  on: boolean
  /** Undefined where nothing lies below. */
  open?: boolean
  onOpen: (open: boolean) => void
  onGo: () => void
  /** What may be done with it, at its right end. */
  menu?: ReactNode
  /** Takes a record that is dragged here. */
  onTake?: (id: string) => void
  children?: ReactNode
}

/** One drawer. Its tree moves the focus; Enter shows what lies in it. */
export function Drawer({ title, count: n, depth, muted, on, open, onOpen, onGo, menu, onTake, children }: DrawerProps) {
  const Fold = open ? ChevronDown : ChevronRight
  return (
    <li
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={on}
      aria-expanded={open}
      tabIndex={-1}
      className="group/drawer outline-none"
      onKeyDown={(e) => {
        if (e.target !== e.currentTarget) return
        if (e.key === 'Enter' || e.key === ' ') onGo()
        else if (e.key === 'ArrowRight' && open === false) onOpen(true)
        else if (e.key === 'ArrowLeft' && open) onOpen(false)
        else return
        e.preventDefault()
        e.stopPropagation()
      }}
    >
      {/* The keyboard goes by the item around it. */}
      <div
        onClick={onGo}
        onDragOver={onTake && ((e) => e.dataTransfer.types.includes(carried) && e.preventDefault())}
        onDrop={
          onTake &&
          ((e) => {
            const id = e.dataTransfer.getData(carried)
            if (!id) return
            e.preventDefault()
            onTake(id)
          })
        }
        style={{ paddingLeft: 4 + depth * 14 }}
        className={cx(
          'flex min-h-[30px] cursor-pointer items-center gap-1 rounded-md pr-2 group-focus-visible/drawer:[li:focus-visible>&]:outline-2 group-focus-visible/drawer:[li:focus-visible>&]:-outline-offset-2 max-md:min-h-11',
          on ? 'bg-picked font-medium text-accent' : 'hover:bg-hover',
        )}
      >
        {open === undefined ? (
          <span className="w-5 shrink-0" />
        ) : (
          // The keyboard's way is the arrow keys.
          <span
            onClick={(e) => {
              e.stopPropagation()
              onOpen(!open)
            }}
            className="grid h-[30px] w-5 shrink-0 place-items-center text-muted hover:text-ink max-md:h-11 max-md:w-9"
          >
            <Fold size={14} aria-hidden />
          </span>
        )}
        <span className={cx('min-w-0 flex-1 truncate', muted && !on && 'text-muted')}>{title}</span>
        {menu}
        {n !== undefined && <span className="shrink-0 text-xs font-normal text-muted figures">{count(n)}</span>}
      </div>
      {children && (
        <ul role="group" className="m-0">
          {children}
        </ul>
      )}
    </li>
  )
}
