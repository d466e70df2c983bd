import { ChartColumn, Download, Image, Printer, Sheet, Table2 } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import { type Ask, useSession } from '../client/data'
import type { Face, Field, Filter, Kind } from '../client/types'
import { useDimension } from '../field/category'
import { group as digits, money } from '../field/format'
import { fieldLabel, kindLabel } from '../field/label'
import { IconButton } from '../ui/button'
import { cx } from '../ui/cx'
import { Menu } from '../ui/menu'
import { keepPicture } from '../ui/file'
import { warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { keepBook, useGathered } from './book'
import { Crosstab, sheetOf, type Table } from './crosstab'
import { currencies, drawn, isDated, linesOf, measureOf, said } from './face'
import { type Group, groupTitle, useBreakdown } from './group'
import { TileMap } from './tilemap'

const Plot = lazy(() => import('./plot').then((m) => ({ default: m.Plot })))

/** As many slices, bars and series can be told apart; what is beyond is one more, named so. */
const limits = { pie: 7, bar: 30, line: 30, map: 60, series: 7 }

/** A chart or a table of two fields, of all that a list shows. */
export function Figures({
  kind,
  ask,
  face,
  title,
  onDrill,
  head,
}: {
  kind: Kind
  ask: Ask
  face: Face
  /** What a file of it is called, where not by what it shows. */
  title?: string
  onDrill: (f: Filter) => void
  head: (rest: ReactNode) => ReactNode
}) {
  const { t } = useTranslation()
  const own = useSession().data?.workspace.currency ?? ''
  const [asTable, setAsTable] = useState(false)
  const picture = useRef<HTMLDivElement>(null)
  const m = measureOf(kind, face)
  const chart = face.as === 'chart' ? (face.form ?? 'bar') : undefined
  const fields = (face.by ?? []).flatMap((b) => kind.fields.find((f) => f.name === b.field) ?? [])
  const by = useMemo(
    () =>
      (face.by ?? []).map((b, i) => ({
        ...b,
        limit: chart === undefined || (i === 0 && isDated(fields[0])) ? undefined : i > 0 ? limits.series : limits[chart],
      })),
    [JSON.stringify(face.by), chart, kind],
  )
  const answer = useBreakdown(kind, ask, by, m.sum ? [m.sum] : [])
  const dimension = useDimension(kind.kind, face.by?.[0]?.field ?? '')
  const data =
    answer.data?.axes.length === by.length && answer.data.axes.every((a, i) => a.field === by[i]!.field) ? answer.data : undefined
  const table = useMemo(() => data && tableOf(kind, fields, linesOf(data, by, fields, m, dimension), data), [data, m.key, dimension])
  const units = data ? currencies(data, m, own) : []
  const currency = units[0] ?? ''
  const label = t(fields.length > 1 ? 'chart.label_two' : 'chart.label', {
    kind: kindLabel(kind),
    measure: m.label,
    by: fields[0] ? fieldLabel(kind.kind, fields[0]) : '',
    second: fields[1] ? fieldLabel(kind.kind, fields[1]) : '',
  })
  const name = title ?? label
  const drill = (fs: Filter[]) => onDrill({ and: fs.flatMap((f) => ('and' in f ? f.and : [f])) })
  const shownAs = chart && !asTable ? chart : undefined
  const sheet = table && (kind.can?.includes('export') ?? true) ? () => ({ name, ...sheetOf(table, m, t) }) : undefined
  useGathered(sheet)
  const controls = (
    <>
      <span className="flex-1" />
      {chart && (
        <IconButton
          icon={asTable ? ChartColumn : Table2}
          label={t(asTable ? 'chart.as_chart' : 'chart.as_table')}
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        />
      )}
      {table && (
        <Menu
          trigger={<IconButton icon={Download} label={t('chart.keep')} />}
          groups={[
            [
              {
                id: 'png',
                title: t('chart.png'),
                icon: Image,
                run: () => picture.current && keepPicture(picture.current, name).catch((e) => warn(tell(e))),
              },
              ...(sheet ? [{ id: 'xlsx', title: t('chart.xlsx'), icon: Sheet, run: () => void keepBook(name, [sheet()]) }] : []),
              { id: 'print', title: t('chart.print'), icon: Printer, run: () => print() },
            ],
          ]}
        />
      )}
    </>
  )
  const body = () => {
    if (answer.error) return <p className="p-4 text-bad">{tell(answer.error)}</p>
    if (!table || !data) return <Skeleton lines={8} />
    if (data.count === 0) return <Empty title={t('empty.match')} note={t('empty.match_note')} />
    if (!shownAs) return <Crosstab table={table} measure={m} onDrill={drill} />
    if (shownAs === 'map')
      return (
        <div className="p-3">
          <TileMap
            label={label}
            spots={table.rows.map((r) => ({
              title: r.title,
              value: drawn(r.total, m, currency),
              text: said(r.total, m),
              pick: () => drill([r.filter]),
            }))}
          />
        </div>
      )
    const lying = shownAs === 'bar' && !isDated(fields[0])
    return (
      <div
        className={cx('h-full min-h-52 p-3', !title && 'print:h-[140mm]!')}
        style={lying ? { height: `max(100%, ${56 + table.rows.length * 18}px)` } : undefined}
      >
        <Suspense fallback={<Skeleton lines={8} />}>
          <Plot
            form={shownAs}
            label={label}
            labels={table.rows.map((r) => r.title)}
            quiet={table.rows.map((r) => r.quiet)}
            dated={isDated(fields[0])}
            stacked={!m.average}
            series={
              table.columns.length > 0 && shownAs !== 'pie'
                ? table.columns.map((c, j) => ({
                    name: c.title,
                    quiet: c.quiet,
                    values: table.rows.map((r) => drawn(r.parts[j], m, currency)),
                  }))
                : [{ name: m.label, values: table.rows.map((r) => drawn(r.total, m, currency)) }]
            }
            say={(v) => (m.sum ? (currency ? money({ amount: v.toFixed(2), currency }) : digits(String(v))) : digits(String(v)))}
            onPick={(i, j) => {
              const row = table.rows[i]
              const column = shownAs === 'pie' ? undefined : table.columns[j]
              if (row) drill(column ? [row.filter, column.filter] : [row.filter])
            }}
          />
        </Suspense>
      </div>
    )
  }
  return (
    <>
      {head(controls)}
      {!title && <h2 className="hidden px-4 pt-4 text-lg print:block">{name}</h2>}
      <section aria-label={label} tabIndex={0} className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:-outline-offset-2">
        <div ref={picture} className={cx('min-h-full', shownAs ? 'h-full' : 'w-max min-w-full')}>
          {body()}
        </div>
      </section>
      {shownAs && units.length > 1 && (
        <p className="shrink-0 border-t border-line px-3 py-1 text-xs text-muted">
          {t('chart.one_currency', { shown: currency, others: units.slice(1).join(t('mark.comma')) })}
        </p>
      )}
    </>
  )
}

function tableOf(
  kind: Kind,
  fields: Field[],
  lines: ReturnType<typeof linesOf>,
  data: NonNullable<ReturnType<typeof useBreakdown>['data']>,
): Table {
  const [first, second] = fields
  return {
    corner: first ? fieldLabel(kind.kind, first) : '',
    columns: (data.axes[1]?.groups ?? []).map((g) => ({
      title: second ? groupTitle(kind, second, g) : '',
      filter: g.filter,
      quiet: quiet(g),
      total: g,
    })),
    rows: lines.map((l) => ({
      title: first ? groupTitle(kind, first, l.group) : '',
      filter: l.group.filter,
      quiet: quiet(l.group),
      total: l.group,
      parts: l.parts,
    })),
    total: data,
  }
}

/** Those without a value and the rest together are no class of their own. */
const quiet = (g: Group) => (g.other ? 2 : g.id === '' ? 1 : 0)
