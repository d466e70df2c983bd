import { useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router'
import { ArrowLeft, Printer } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import { type Ask, useCount, useKind, useList, useReading, useRecord, useSession } from '../client/data'
import type { Field, Kind, Rec, Ref } from '../client/types'
import { Categories, Cell, numeric, Value } from '../field/cell'
import { count, moment, money, titleOf } from '../field/format'
import { fieldLabel, kindLabel } from '../field/label'
import { PaperView } from '../ingest/paper'
import { arranged } from '../record/arrange'
import { hidden, useColumns } from '../record/columns'
import { Sums } from '../record/total'
import { same } from '../record/write'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { Empty, Skeleton } from '../ui/wait'

interface Search {
  id?: string
  ask?: Ask
  /** Print as soon as all of it is there. */
  now?: boolean
}

/** A record, or rows of a list, as they stand on A4. */
export function Print() {
  const { t } = useTranslation()
  const { plural } = useParams({ strict: false }) as { plural: string }
  const search = useSearch({ strict: false }) as Search
  const session = useSession()
  const navigate = useNavigate()
  const router = useRouter()
  const kind = useKind(plural)
  useEffect(() => {
    if (session.data === null) navigate({ to: '/login', search: { back: location.pathname + location.search } as never, replace: true })
  }, [session.data, navigate])
  if (!session.data || kind === undefined) return <Skeleton lines={12} />
  if (kind === null) return <Empty title={t('record.missing')} />
  return (
    <main className="h-full overflow-auto bg-ground print:overflow-visible">
      <div
        role="toolbar"
        aria-label={t('print.title')}
        className="sticky top-0 z-10 flex h-11 items-center gap-2 border-b border-line bg-panel px-4 max-md:h-14"
      >
        <Button icon={ArrowLeft} onClick={() => (history.length > 1 ? router.history.back() : navigate({ to: `/${plural}` as never }))}>
          {t('act.previous_page')}
        </Button>
        <span className="flex-1" />
        <Button tone="primary" icon={Printer} onClick={() => print()}>
          {t('print.do')}
        </Button>
      </div>
      <article className="mx-auto my-4 max-w-[794px] bg-panel px-10 py-8 max-md:my-0 max-md:px-4 print:m-0 print:max-w-none print:p-0">
        <header className="flex items-baseline justify-between gap-4 border-b border-ink pb-2">
          <span className="text-base font-semibold">{session.data.workspace.name}</span>
          <span className="text-xs text-muted">{t('print.at', { at: moment(new Date().toISOString()) })}</span>
        </header>
        {search.id ? <One kind={kind} id={search.id} now={!!search.now} /> : <Rows kind={kind} ask={search.ask ?? {}} now={!!search.now} />}
      </article>
    </main>
  )
}

/** Opens the browser's print dialog once all pictures are there: a page printed too early is white. */
function usePrint(ready: boolean, wanted: boolean) {
  const done = useRef(false)
  useEffect(() => {
    if (!ready || !wanted || done.current) return
    const start = Date.now()
    const timer = setInterval(() => {
      const loaded = [...document.images].every((i) => i.complete)
      if (!loaded && Date.now() - start < 15_000) return
      clearInterval(timer)
      done.current = true
      print()
    }, 200)
    return () => clearInterval(timer)
  }, [ready, wanted])
}

function One({ kind, id, now }: { kind: Kind; id: string; now: boolean }) {
  const { t } = useTranslation()
  const { data: record, error, isPlaceholderData } = useRecord(kind, id)
  const document = kind.kind === 'document' ? id : ((record?.document as Ref | null | undefined)?.id ?? '')
  const reading = useReading(kind.kind === 'receipt' || kind.kind === 'document' ? document || undefined : undefined)
  usePrint(!!record && !isPlaceholderData && (!reading.isEnabled || !reading.isPending), now)
  if (error) return <Empty title={t('record.missing')} note={tell(error)} />
  if (!record) return <Skeleton lines={10} />
  const fields = arranged(kind.fields).filter(
    (f) =>
      f.type !== 'json' &&
      !internal.includes(f.name) &&
      !hidden.includes(f.name) &&
      f.ref !== 'document' &&
      !same(record[f.name], undefined),
  )
  const facts = fields.filter((f) => f.type !== 'category' && f.type !== 'lines')
  const categories = fields.filter((f) => f.type === 'category')
  const papers = reading.data?.papers ?? []
  const paper = papers.find((p) => p.receipt?.id === id)
  // Of a file with several papers only this receipt's is printed.
  const pages =
    kind.kind === 'receipt' && papers.length > 1
      ? (reading.data?.pages.filter((p) => p.page === (paper?.page ?? record.page)) ?? [])
      : (reading.data?.pages ?? [])
  return (
    <>
      <h1 className="py-3 text-lg">
        {kindLabel(kind)} · {titleOf(record)}
      </h1>
      <dl className="grid grid-cols-2 gap-x-6 max-md:grid-cols-1 print:grid-cols-2">
        {facts.map((f) => (
          <Fact key={f.name} kind={kind} field={f} record={record} />
        ))}
        {categories.map((f) => (
          <div key={f.name} className="grid grid-cols-[88px_minmax(0,1fr)] gap-2 border-b border-line py-1">
            <dt className="text-xs text-muted">{fieldLabel(kind.kind, f)}</dt>
            <dd>
              <Categories value={record[f.name] as Ref | Ref[]} />
            </dd>
          </div>
        ))}
      </dl>
      {fields
        .filter((f) => f.type === 'lines')
        .map((f) => (
          <Lines key={f.name} kind={kind} field={f} rows={record[f.name] as Record<string, unknown>[]} />
        ))}
      {reading.data &&
        !reading.data.plain &&
        pages.map((p) => (
          <div key={p.page} className="mt-4 break-inside-avoid">
            <PaperView
              document={document}
              reading={reading.data}
              paper={papers.length > 1 ? paper : undefined}
              page={p.page}
              onLit={() => {}}
              width={1500}
            />
          </div>
        ))}
    </>
  )
}

const internal = [
  'status',
  'owner',
  'department',
  'updated_at',
  'business_key',
  'page',
  'paper',
  'dated_on',
  'sha256',
  'path',
  'state',
  'reason',
  'detail',
  'source',
  'arrivals',
  'message',
  'mime',
]

function Fact({ kind, field, record }: { kind: Kind; field: Field; record: Rec }) {
  const long = field.type === 'longtext'
  return (
    <div className={cx('grid grid-cols-[88px_minmax(0,1fr)] gap-2 break-inside-avoid border-b border-line py-1', long && 'col-span-full')}>
      <dt className="text-xs text-muted">{fieldLabel(kind.kind, field)}</dt>
      <dd className="break-words figures">
        <Value kind={kind.kind} field={field} value={record[field.name]} record={record} />
      </dd>
    </div>
  )
}

function Lines({ kind, field, rows }: { kind: Kind; field: Field; rows: Record<string, unknown>[] }) {
  const columns = (field.lines ?? []).filter((f) => f.type !== 'ref' && rows.some((r) => !same(r[f.name], undefined)))
  const label = (f: Field) => fieldLabel(kind.kind, { name: `${field.name}.${f.name}`, label: f.label })
  return (
    <Table caption={fieldLabel(kind.kind, field)} heads={columns.map((f) => [f.name, label(f), numeric(f)])}>
      {rows.map((row, i) => (
        <tr key={i}>
          {columns.map((f) => (
            <td key={f.name} className={cx('border-b border-line px-1.5 py-1', numeric(f) && 'text-right')}>
              {f.type === 'money' && !same(row[f.name], undefined) ? (
                money(row[f.name] as never)
              ) : (
                <Cell kind={kind.kind} field={f} value={row[f.name]} />
              )}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  )
}

function Table({ caption, heads, children }: { caption: string; heads: [string, string, boolean][]; children: React.ReactNode }) {
  return (
    <div tabIndex={0} role="region" aria-label={caption} className="mt-4 overflow-x-auto print:overflow-visible">
      <table className="w-full border-collapse text-xs">
        <thead>
          <tr>
            {heads.map(([name, label, right]) => (
              <th
                key={name}
                scope="col"
                className={cx('whitespace-nowrap border-b border-ink px-1.5 py-1 font-medium', right ? 'text-right' : 'text-left')}
              >
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

/** A4 holds about so many columns, and a clerk reads about so many rows. */
const widest = 8
const longest = 1000

function Rows({ kind, ask, now }: { kind: Kind; ask: Ask; now: boolean }) {
  const { t } = useTranslation()
  const list = useList(kind, ask, true, 200)
  const total = useCount(kind, ask, [])
  const columns = useColumns(kind, undefined, () => {})
    .shown.filter((f) => f.type !== 'json')
    .slice(0, widest)
  const rows = list.data?.pages.flatMap((p) => p.data) ?? []
  const more = !!list.hasNextPage && rows.length < longest
  useEffect(() => {
    if (more && !list.isFetchingNextPage) list.fetchNextPage()
  }, [more, list.isFetchingNextPage, rows.length])
  usePrint(!!list.data && !more && !!total.data, now)
  if (list.error) return <Empty title={t('error.title')} note={tell(list.error)} />
  if (!list.data) return <Skeleton lines={12} />
  const sum = kind.fields.find((f) => f.type === 'money' && f.name === 'amount')
  return (
    <>
      <h1 className="pt-3 text-lg">{kindLabel(kind)}</h1>
      <p className="text-xs text-muted">{t('total.count', { n: count(total.data?.count ?? rows.length) })}</p>
      {list.hasNextPage && !more && (
        <p role="note" className="text-xs text-warn">
          {t('print.cut', { n: count(rows.length) })}
        </p>
      )}
      <Table caption={kindLabel(kind)} heads={columns.map((f) => [f.name, fieldLabel(kind.kind, f), numeric(f)])}>
        {rows.map((r) => (
          <tr key={r.id}>
            {columns.map((f) => (
              <td key={f.name} className={cx('border-b border-line px-1.5 py-1 align-top', numeric(f) && 'whitespace-nowrap text-right')}>
                {f.type === 'money' && !same(r[f.name], undefined) ? (
                  money(r[f.name] as never)
                ) : (
                  <Cell kind={kind.kind} field={f} value={r[f.name]} record={r} />
                )}
              </td>
            ))}
          </tr>
        ))}
      </Table>
      {sum && rows.length > 0 && (
        <p className="flex flex-wrap justify-end gap-x-6 pt-3 text-sm">
          <Sums kind={kind} ask={ask} field={sum.name} label={fieldLabel(kind.kind, sum)} />
        </p>
      )}
    </>
  )
}
