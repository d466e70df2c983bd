import { useNavigate } from '@tanstack/react-router'
import { FolderOpen, FolderTree, ListFilter, PanelLeft, Plus, SearchX, TriangleAlert } from 'lucide-react'
import { type ComponentProps, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem, tell } from '../client/call'
import { type Ask, useCount, useList } from '../client/data'
import type { Filter, Kind, Rec } from '../client/types'
import { kindLabel } from '../field/label'
import { Bar, Break, Space } from '../ui/bar'
import { Button, IconButton } from '../ui/button'
import { useCommands } from '../ui/command'
import { cx } from '../ui/cx'
import { Dialog } from '../ui/dialog'
import { useKept, useMedia, useNarrow } from '../ui/size'
import { Empty } from '../ui/wait'
import { Bulk } from './bulk'
import { chipCount, Chips, fewChips } from './chips'
import { rowHeights, useColumns, useLayout } from './columns'
import { Facets } from './facets'
import { soundFace } from './face'
import { FaceMenu } from './facebar'
import { Faced } from './faced'
import { FilterButton, FilterEditor } from './filter'
import { fit } from './fit'
import { Grid } from './grid'
import { both, useGrouping } from './group'
import { GroupMenu, Groups } from './groups'
import { watch } from './operating'
import { Panel, type Part } from './panel'
import { useRows } from './userows'
import { SearchBox } from './searchbox'
import { addressOf, bare, useViews } from './saved'
import { useSelection } from './select'
import { ColumnSettings } from './settings'
import { useSteps } from './steps'
import { Total } from './total'
import { askOf, facetFields, useView } from './view'
import { ViewPicker } from './views'

export interface ListPageProps {
  kind: Kind
  part?: Part
  /** Takes the place of "new" as the page's one primary action. */
  primary?: ReactNode
  /** What to offer where there is nothing yet. */
  start?: ReactNode
  startNote?: string
  /** Whether a person makes such records; documents come by upload only. */
  handMade?: boolean
  /** What else may be done with all that the list shows. */
  tools?: (ask: Ask, chosen?: number) => ReactNode
  /** What the page is called, where it is not the kind's own; and what stands beside the list then, in which its place is chosen. */
  title?: string
  side?: (close: () => void) => ReactNode
  /** Pages beside this one. */
  places?: ReactNode
}

/** The list of any kind, its facets and, beside it, the open record. */
export function ListPage({ kind, part, primary, start, startNote, handMade = true, tools, title, side, places }: ListPageProps) {
  const { t } = useTranslation()
  const narrow = useNarrow()
  const roomy = useMedia('(min-width: 1360px)')
  const [view, change] = useView()
  const whole = useMemo(() => askOf(kind, view), [kind, view.q, view.sort, view.where, view.picks, view.in])
  const face = useMemo(() => soundFace(kind, view.face), [kind, view.face])
  const grouping = useGrouping(kind, whole, view.group, view.at, !!face)
  const { ask } = grouping
  const list = useList(kind, ask, !face && grouping.open)
  const total = useCount(kind, ask, [])
  const { rows, see, reach } = useRows(kind, ask, list, total.data)
  const [active, setActive] = useState(-1)
  const selection = useSelection(rows)
  const steps = useSteps()
  const [tally, setTally] = useState<string>()
  const navigate = useNavigate()
  const onWatch = useCallback((id: string) => watch(id, (one) => navigate({ to: '/operations', search: { id: one } as never })), [navigate])
  const setCols = useCallback((cols: string[] | undefined) => change({ cols }), [change])
  const columns = useColumns(kind, view.cols, setCols)
  const views = useViews(kind).data?.data
  const saved = views?.find((v) => v.id === view.view)
  const [facets, setFacets] = useKept(side ? 'guike.facets.beside' : 'guike.facets', side ? 'closed' : 'open')
  const [density] = useKept('guike.density', 'normal')
  const [layout, setLayout] = useLayout(kind, saved?.id, saved?.layout?.sheet)
  const [sheet, setSheet] = useState(false)
  const [beside, setBeside] = useState(false)
  const [filtering, setFiltering] = useState(false)
  const open = !!view.id
  const hasFacets = facetFields(kind).length > 0
  const nothing = total.data?.count === 0 && !view.q && !whole.filter
  const showFacets = !narrow && hasFacets && !nothing && facets === 'open' && (!open || roomy)
  const listBox = useRef<HTMLDivElement>(null)
  const room = useWidth(listBox)
  const shown = useMemo(() => (open && !narrow ? fit(columns.shown, room) : columns.shown), [open, narrow, room, columns.shown])

  useEffect(() => {
    setActive(-1)
    selection.clear()
  }, [ask])
  // A link to a record puts the cursor on its row once that row is there.
  useEffect(() => {
    if (view.id && rows.at(active)?.id !== view.id) setActive(rows.place(view.id))
  }, [view.id, rows])

  // An address that says nothing shows the view that is first for this person.
  const first = views?.find((v) => v.first)
  useEffect(() => {
    if (!side && first && bare(view)) change(addressOf(first))
  }, [first, view, change])

  const openRecord = useCallback((r: Rec) => change({ id: r.id }, open), [change, open])
  const step = useCallback(
    (by: number) => {
      const to = Math.max(0, Math.min(rows.length - 1, active + by))
      setActive(to)
      const next = rows.at(to)
      if (open && next) change({ id: next.id })
    },
    [rows, active, open, change],
  )
  const canCreate = handMade && (kind.can?.includes('create') ?? true)
  useCommands([
    { id: 'list.next', title: t('act.next'), keys: ['j', 'ArrowDown'], group: 'list', run: () => step(1) },
    { id: 'list.previous', title: t('act.previous'), keys: ['k', 'ArrowUp'], group: 'list', run: () => step(-1) },
    {
      id: 'list.open',
      title: t('act.open'),
      keys: ['Enter'],
      group: 'list',
      disabled: open || active < 0,
      run: () => {
        const row = rows.at(active)
        if (row) openRecord(row)
      },
    },
    {
      id: 'list.select',
      title: t('act.select'),
      keys: ['x'],
      group: 'list',
      disabled: active < 0,
      run: () => {
        const row = rows.at(active)
        if (row) selection.toggle(row.id)
      },
    },
    {
      id: 'list.new',
      title: t('record.new', { kind: kindLabel(kind) }),
      keys: ['n'],
      icon: Plus,
      group: 'list',
      disabled: !canCreate,
      run: () => change({ id: 'new' }, false),
    },
    {
      id: 'list.facets',
      title: t('facet.toggle'),
      keys: ['f'],
      group: 'list',
      disabled: !hasFacets,
      run: () => setFacets(facets === 'open' ? 'closed' : 'open'),
    },
    {
      id: 'list.unselect',
      title: t('bulk.clear'),
      keys: ['Escape'],
      group: 'list',
      disabled: open || selection.count(total.data?.count) === 0,
      run: selection.clear,
    },
  ])

  const setWhere = (f: Filter | null) => change({ where: f ?? undefined })
  const narrowed = !!view.q || chipCount(view) > 0
  const create = canCreate && (
    <Button tone={primary ? 'plain' : 'primary'} fold={!!primary} icon={Plus} onClick={() => change({ id: 'new' }, false)}>
      {t('record.new', { kind: kindLabel(kind) })}
    </Button>
  )
  const facetList = (
    <Facets kind={kind} ask={whole} picks={view.picks ?? {}} onPick={(field, ids) => change({ picks: { ...view.picks, [field]: ids } })} />
  )
  // An address that somebody typed, or that names what is no more.
  const bad = list.error instanceof Problem && list.error.code === 'invalid'
  const empty = bad ? (
    <Empty icon={TriangleAlert} title={t('filter.bad')} note={t('filter.bad_note')}>
      <Button onClick={() => change({ q: undefined, where: undefined, picks: undefined, sort: undefined })}>{t('filter.clear')}</Button>
    </Empty>
  ) : list.error ? (
    <Empty icon={TriangleAlert} title={t('error.title')} note={tell(list.error)}>
      <Button onClick={() => list.refetch()}>{t('act.again')}</Button>
    </Empty>
  ) : narrowed ? (
    <Empty icon={SearchX} title={t('empty.match')} note={t('empty.match_note')}>
      <Button onClick={() => change({ q: undefined, where: undefined, picks: undefined })}>{t('filter.clear')}</Button>
    </Empty>
  ) : (
    <Empty
      title={view.in ? t('cabinet.empty') : t('empty.kind', { kind: kindLabel(kind) })}
      note={startNote ?? t(start ? 'empty.papers_note' : canCreate && !narrow ? 'empty.paste_note' : 'empty.kind_note')}
    >
      {start ?? create}
    </Empty>
  )
  // What does not fit into the search box stands under the bar, all of it.
  const apart = narrow || chipCount(view) > fewChips
  const selected = selection.count(total.data?.count)
  const picker = <ViewPicker kind={kind} view={view} onChange={change} columns={columns.shown.map((f) => f.name)} layout={layout} />
  const faces = (
    <FaceMenu kind={kind} face={face} onChange={(to) => change({ face: to, group: undefined, at: undefined, day: undefined }, false)} />
  )
  return (
    <div className="flex h-full min-h-0 flex-col">
      {selected > 0 ? (
        <Bulk kind={kind} ask={ask} selection={selection} total={total.data?.count} tools={tools} />
      ) : (
        <Bar title={title ?? kindLabel(kind)}>
          {side && narrow && <IconButton icon={FolderTree} label={t('cabinet.drawers')} onClick={() => setBeside(true)} />}
          {places}
          {!narrow && !side && picker}
          {hasFacets && !narrow && (
            <IconButton
              icon={PanelLeft}
              label={t('facet.toggle')}
              keys="F"
              aria-pressed={facets === 'open'}
              onClick={() => setFacets(facets === 'open' ? 'closed' : 'open')}
            />
          )}
          <SearchBox kind={kind} view={view} onChange={change} onEdit={() => setFiltering(true)} apart={apart} />
          {narrow ? (
            <IconButton icon={ListFilter} label={t('filter.title')} onClick={() => setSheet(true)} />
          ) : (
            <FilterButton kind={kind} value={view.where} onChange={setWhere} open={filtering} onOpen={setFiltering} />
          )}
          {!narrow && <Space />}
          {!narrow && faces}
          {!narrow && !face && <GroupMenu kind={kind} by={view.group} onChange={(group) => change({ group, at: undefined })} />}
          {!narrow && (!face || face.as === 'board') && <ColumnSettings kind={kind} {...columns} layout={layout} onLayout={setLayout} />}
          {!narrow && tools?.(ask)}
          {!narrow && create}
          {primary}
          {narrow && !primary && canCreate && (
            <IconButton icon={Plus} label={t('record.new', { kind: kindLabel(kind) })} onClick={() => change({ id: 'new' }, false)} />
          )}
          {narrow && !side && (
            <>
              <Break />
              {picker}
              <Space />
              {faces}
              {tools?.(ask)}
            </>
          )}
        </Bar>
      )}
      {apart && chipCount(view) > 0 && (
        <div className={cx('border-b border-line bg-panel px-3 py-1.5', !narrow && '[&>ul]:flex-wrap')}>
          <Chips kind={kind} view={view} onChange={change} onEdit={() => (narrow ? setSheet : setFiltering)(true)} />
        </div>
      )}
      {view.in && (
        <div className="flex items-center gap-2 border-b border-line bg-panel px-3 py-1.5">
          <FolderOpen size={14} aria-hidden className="shrink-0 text-muted" />
          <Chips kind={kind} view={{ where: view.in }} onChange={(v) => change({ in: v.where })} />
        </div>
      )}
      <div className="relative flex min-h-0 flex-1">
        {side && !narrow && (
          <aside aria-label={t('cabinet.drawers')} className="w-[248px] shrink-0 overflow-auto border-r border-line bg-ground">
            {side(() => {})}
          </aside>
        )}
        {showFacets && (
          <aside aria-label={t('facet.label')} className="w-[196px] shrink-0 overflow-auto border-r border-line bg-ground">
            {facetList}
          </aside>
        )}
        <div ref={listBox} className="flex min-w-0 flex-1 flex-col bg-panel" inert={narrow && open}>
          {face ? (
            <Faced
              kind={kind}
              ask={whole}
              face={face}
              onFace={(to) => change({ face: to })}
              columns={columns.shown}
              openId={view.id}
              onOpen={openRecord}
              onWatch={onWatch}
              steps={steps}
              narrow={narrow}
              day={view.day}
              onDay={(day) => change({ day })}
              onDrill={(f) => change({ face: undefined, day: undefined, where: both(view.where, f) }, false)}
            />
          ) : (
            <Frame kind={kind} grouping={grouping} onOpen={(at) => change({ at })} narrow={narrow}>
              <Grid
                kind={kind}
                columns={shown}
                rows={rows}
                total={total.data?.count}
                mayMake={canCreate && !narrow && !list.error && !list.isPending}
                loading={list.isPending}
                sort={ask.sort}
                onSort={(sort) => change({ sort })}
                active={active}
                onActive={setActive}
                openId={view.id}
                onOpen={openRecord}
                selection={selection}
                onWatch={onWatch}
                onSee={see}
                reach={reach}
                steps={steps}
                narrow={narrow}
                rowHeight={rowHeights[layout.height ?? density] ?? 36}
                layout={layout}
                onLayout={setLayout}
                onColumns={(names) => columns.set([...names, ...columns.shown.map((f) => f.name).filter((n) => !names.includes(n))])}
                onTally={setTally}
                empty={empty}
              />
            </Frame>
          )}
          <Total
            kind={kind}
            ask={ask}
            total={total.data?.count}
            exact={total.data?.exact}
            loaded={rows.known.length}
            tally={tally}
            stopped={!!list.data?.pages.at(-1)?.stopped}
          />
        </div>
        {open && (
          <section
            aria-label={t('record.panel')}
            className={cx(
              'flex shrink-0 flex-col bg-panel',
              narrow
                ? 'fixed inset-0 z-30'
                : 'border-l border-line w-[clamp(480px,34vw,640px)] max-lg:absolute max-lg:inset-y-0 max-lg:right-0 max-lg:z-20 max-lg:shadow-lift',
            )}
          >
            <Panel
              kind={kind}
              id={view.id!}
              part={part}
              tab={view.tab ?? 'content'}
              onTab={(tab) => change({ tab: tab === 'content' ? undefined : tab })}
              place={{ index: rows.place(view.id), total: total.data?.count }}
              onStep={step}
              onClose={() => change({ id: undefined, tab: undefined })}
              onMade={(r) => change({ id: r.id })}
            />
          </section>
        )}
      </div>
      {side && narrow && beside && (
        <Dialog open onClose={() => setBeside(false)} title={t('cabinet.drawers')}>
          {side(() => setBeside(false))}
        </Dialog>
      )}
      {sheet && (
        <Dialog
          open
          onClose={() => setSheet(false)}
          title={t('filter.title')}
          foot={
            <Button form tone="primary" onClick={() => setSheet(false)}>
              {t('filter.show')}
            </Button>
          }
        >
          <FilterEditor kind={kind} value={view.where} onChange={(f) => setWhere(f)} />
          <div className="-mx-3 mt-3 border-t border-line">{facetList}</div>
        </Dialog>
      )}
    </div>
  )
}

/** The rows alone, or under their groups. */
function Frame(p: ComponentProps<typeof Groups>) {
  return p.grouping.fields.length > 0 ? <Groups {...p} /> : p.children
}

function useWidth(box: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(600)
  useEffect(() => {
    if (!box.current) return
    const watch = new ResizeObserver(([e]) => e && setWidth(Math.round(e.contentRect.width)))
    watch.observe(box.current)
    return () => watch.disconnect()
  }, [box])
  return width
}
