import { useNavigate, useSearch } from '@tanstack/react-router'
import {
  ArrowLeft,
  ArrowRight,
  Check,
  Ellipsis,
  GripVertical,
  Image,
  LayoutDashboard,
  Maximize2,
  Pencil,
  Plus,
  Printer,
  Sheet,
  Trash2,
  X,
} from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import { useKinds } from '../client/data'
import { kindLabel } from '../field/label'
import { type Sheet as Book, Gathering, keepBook } from '../record/book'
import { Naming } from '../record/naming'
import type { Saved } from '../record/saved'
import { Bar, Space } from '../ui/bar'
import { Button, IconButton } from '../ui/button'
import { useCarry } from '../ui/carry'
import { cx } from '../ui/cx'
import { keepPicture } from '../ui/file'
import { type Item, Menu } from '../ui/menu'
import { Popover } from '../ui/popover'
import { Select } from '../ui/select'
import { useNarrow } from '../ui/size'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import {
  arranged,
  bringDashboard,
  changeDashboard,
  type Dashboard,
  dropDashboard,
  makeDashboard,
  type Tile,
  useAllViews,
  useDashboards,
} from './kept'
import { TileOf } from './tile'

/** Views side by side, each with its face. */
export function Dashboards() {
  const { t } = useTranslation()
  const narrow = useNarrow()
  const navigate = useNavigate()
  const { id } = useSearch({ strict: false }) as { id?: string }
  const answer = useDashboards()
  const all = answer.data?.data
  const now = all?.find((d) => d.id === id) ?? all?.[0]
  const [edited, setEdited] = useState<string>()
  const editing = !!now && edited === now.id
  const [asking, setAsking] = useState<'new' | 'edit'>()
  const picture = useRef<HTMLUListElement>(null)
  const [sheets] = useState(() => new Map<number, () => Book>())
  const go = (to: string | undefined) => navigate({ to: '/dashboards', search: { id: to } as never })

  const drop = async (d: Dashboard) => {
    try {
      await dropDashboard(d)
    } catch (e) {
      return warn(tell(e))
    }
    go(undefined)
    say(t('dashboard.dropped', { name: d.name }), { title: t('act.undo'), run: () => bringDashboard(d.id).catch((e) => warn(tell(e))) })
  }
  const more: Item[] = now
    ? [
        {
          id: 'png',
          title: t('chart.png'),
          icon: Image,
          disabled: now.tiles.length === 0,
          run: () => picture.current && keepPicture(picture.current, now.name).catch((e) => warn(tell(e))),
        },
        {
          id: 'xlsx',
          title: t('chart.xlsx'),
          icon: Sheet,
          disabled: now.tiles.length === 0,
          run: () => {
            const made = [...sheets].sort(([a], [b]) => a - b).map(([, sheet]) => sheet())
            if (made.length === 0) warn(t('dashboard.no_figures'))
            else void keepBook(now.name, made)
          },
        },
        { id: 'print', title: t('chart.print'), icon: Printer, run: () => print() },
        ...(now.mine
          ? [
              { id: 'edit', title: t('dashboard.settings'), icon: Pencil, run: () => setAsking('edit') },
              { id: 'drop', title: t('act.delete'), icon: Trash2, danger: true, run: () => void drop(now) },
            ]
          : []),
      ]
    : []
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.dashboards')}>
        {all && all.length > 1 && (
          <Select bar aria-label={t('dashboard.choose')} value={now?.id} onChange={(e) => go(e.target.value)} className="max-w-56">
            {all.map((d) => (
              <option key={d.id} value={d.id}>
                {d.name}
              </option>
            ))}
          </Select>
        )}
        {all?.length === 1 && !narrow && <span className="truncate text-muted">{now?.name}</span>}
        <Space />
        {now?.mine && (
          <Button icon={editing ? Check : Pencil} aria-pressed={editing} onClick={() => setEdited(editing ? undefined : now.id)}>
            {t(editing ? 'dashboard.done' : 'dashboard.arrange')}
          </Button>
        )}
        {narrow ? (
          <IconButton icon={Plus} label={t('dashboard.new')} onClick={() => setAsking('new')} />
        ) : (
          <Button icon={Plus} onClick={() => setAsking('new')}>
            {t('dashboard.new')}
          </Button>
        )}
        {now && <Menu trigger={<IconButton icon={Ellipsis} label={t('act.menu')} />} groups={[more]} />}
      </Bar>
      {answer.error ? (
        <p className="p-4 text-bad">{tell(answer.error)}</p>
      ) : !all ? (
        <Skeleton lines={10} />
      ) : now ? (
        <Grid key={now.id} dashboard={now} editing={editing} onEdit={() => setEdited(now.id)} box={picture} sheets={sheets} />
      ) : (
        <Empty icon={LayoutDashboard} title={t('dashboard.none')} note={t('dashboard.none_note')}>
          <Button tone="primary" icon={Plus} onClick={() => setAsking('new')}>
            {t('dashboard.new')}
          </Button>
        </Empty>
      )}
      {asking && (
        <Naming
          of={asking === 'edit' ? now : undefined}
          title={t(asking === 'edit' ? 'dashboard.settings' : 'dashboard.new')}
          onClose={() => setAsking(undefined)}
          onKeep={async ({ standard: _, ...a }) => {
            if (asking === 'edit' && now) await changeDashboard(now, a)
            else {
              const made = await makeDashboard({ ...a, tiles: [] })
              go(made)
              setEdited(made)
            }
            say(t('dashboard.saved', { name: a.name }))
            setAsking(undefined)
          }}
        />
      )}
    </div>
  )
}

const wide = ['', 'md:col-span-1', 'md:col-span-2', 'md:col-span-2 lg:col-span-3', 'md:col-span-2 lg:col-span-4']
const tall = ['', 'row-span-1', 'row-span-2', 'row-span-3']

function Grid({
  dashboard,
  editing,
  onEdit,
  box,
  sheets,
}: {
  dashboard: Dashboard
  editing: boolean
  onEdit: () => void
  box: RefObject<HTMLUListElement | null>
  sheets: Map<number, () => Book>
}) {
  const { t } = useTranslation()
  const views = useAllViews().data?.data
  const [draft, setDraft] = useState<Tile[]>()
  const tiles = draft ?? dashboard.tiles
  useEffect(() => setDraft(undefined), [dashboard.version])
  const keep = async (next: Tile[]) => {
    setDraft(next)
    try {
      await changeDashboard(dashboard, { tiles: next })
    } catch (e) {
      warn(tell(e))
      setDraft(undefined)
    }
  }
  const move = (from: number, to: number) => {
    if (to < 0 || to >= tiles.length || from === to) return
    void keep(arranged(tiles, from, to))
    requestAnimationFrame(() => box.current?.querySelectorAll<HTMLElement>('[data-handle]')[to]?.focus())
  }
  const carry = useCarry((from, to) => move(Number(from), Number(to)))
  const size = (i: number, part: Partial<Tile>) => void keep(tiles.map((x, j) => (j === i ? { ...x, ...part } : x)))
  const add = (v: Saved) => void keep([...tiles, { view: v.id, wide: v.face ? 2 : 1, tall: v.face ? 2 : 1 }])
  if (!views) return <Skeleton lines={10} />
  return (
    <div className="min-h-0 flex-1 overflow-auto bg-ground p-3" tabIndex={0} role="region" aria-label={dashboard.name}>
      {editing && (
        <div className="mb-3 flex flex-wrap items-center gap-3">
          <AddView views={views} shared={dashboard.shared} onAdd={add} />
          <p className="text-xs text-muted">{t('dashboard.how')}</p>
        </div>
      )}
      {tiles.length === 0 && !editing && (
        <Empty icon={LayoutDashboard} title={t('dashboard.empty')} note={t('dashboard.empty_note')}>
          {dashboard.mine && (
            <Button tone="primary" onClick={onEdit}>
              {t('dashboard.arrange')}
            </Button>
          )}
        </Empty>
      )}
      <ul ref={box} className="grid grid-cols-1 gap-3 auto-rows-[168px] md:grid-cols-2 lg:grid-cols-4">
        {tiles.map((tile, i) => {
          const saved = views.find((v) => v.id === tile.view)
          const name = saved?.name ?? t('dashboard.unseen')
          return (
            <li
              key={`${tile.view}:${tiles.slice(0, i).filter((x) => x.view === tile.view).length}`}
              data-place={editing ? i : undefined}
              onPointerDown={editing ? (e) => (e.target as HTMLElement).closest('header') && carry.start(e, String(i)) : undefined}
              className={cx(
                'flex min-h-0 min-w-0 flex-col overflow-hidden rounded-lg border bg-panel',
                wide[tile.wide],
                tall[tile.tall],
                editing && '[&>header]:cursor-grab [&>header]:touch-manipulation',
                carry.carried === String(i) && 'opacity-40',
                carry.carried !== undefined && carry.over === String(i)
                  ? 'border-accent shadow-[inset_0_0_0_1px_var(--accent)]'
                  : 'border-line',
              )}
            >
              <Gathering value={{ sheets, place: i }}>
                <TileOf
                  saved={saved}
                  tall={tile.tall}
                  side={
                    editing && (
                      <span data-still className="flex shrink-0">
                        <IconButton
                          icon={GripVertical}
                          data-handle
                          label={t('dashboard.move', { name })}
                          aria-keyshortcuts="ArrowLeft ArrowRight"
                          onKeyDown={(e) => {
                            const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[e.key]
                            if (!by) return
                            e.preventDefault()
                            e.stopPropagation()
                            move(i, i + by)
                          }}
                        />
                        <Menu
                          trigger={<IconButton icon={Maximize2} size={13} label={t('dashboard.size', { name })} />}
                          groups={[
                            [
                              { id: 'before', title: t('dashboard.before'), icon: ArrowLeft, disabled: i === 0, run: () => move(i, i - 1) },
                              {
                                id: 'after',
                                title: t('dashboard.after'),
                                icon: ArrowRight,
                                disabled: i === tiles.length - 1,
                                run: () => move(i, i + 1),
                              },
                            ],
                            [1, 2, 3, 4].map((n) => ({
                              id: `w${n}`,
                              title: t('dashboard.wide', { n }),
                              checked: tile.wide === n,
                              run: () => size(i, { wide: n }),
                            })),
                            [1, 2, 3].map((n) => ({
                              id: `t${n}`,
                              title: t('dashboard.tall', { n }),
                              checked: tile.tall === n,
                              run: () => size(i, { tall: n }),
                            })),
                          ]}
                        />
                        <IconButton
                          icon={X}
                          label={t('dashboard.remove', { name })}
                          onClick={() => void keep(tiles.filter((_, j) => j !== i))}
                        />
                      </span>
                    )
                  }
                />
              </Gathering>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** The views that can be put on a dashboard; one that others see takes shared ones only. */
function AddView({ views, shared, onAdd }: { views: Saved[]; shared: boolean; onAdd: (v: Saved) => void }) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const [open, setOpen] = useState(false)
  const some = views.filter((v) => v.shared || !shared)
  return (
    <Popover
      title={t('dashboard.add')}
      open={open}
      onOpenChange={setOpen}
      className="w-80 p-1"
      trigger={
        <Button tone="primary" icon={Plus}>
          {t('dashboard.add')}
        </Button>
      }
    >
      {some.length === 0 && <p className="p-3 text-muted">{t(shared ? 'dashboard.no_shared' : 'dashboard.no_views')}</p>}
      <ul>
        {some.map((v) => {
          const kind = kinds.find((k) => k.kind === v.of)
          return (
            <li key={v.id}>
              <button
                type="button"
                onClick={() => {
                  setOpen(false)
                  onAdd(v)
                }}
                className="flex h-8 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover focus-visible:-outline-offset-2 max-md:h-11"
              >
                <span className="min-w-0 flex-1 truncate">{v.name}</span>
                <span className="shrink-0 text-xs text-muted">
                  {kind ? kindLabel(kind) : v.of} · {t(`face.${v.face?.as ?? 'grid'}`)}
                </span>
              </button>
            </li>
          )
        })}
      </ul>
    </Popover>
  )
}
