import { Link, useNavigate } from '@tanstack/react-router'
import { EyeOff } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCount, useKinds, useList } from '../client/data'
import type { Field, Filter, Kind } from '../client/types'
import { count } from '../field/format'
import { fieldLabel, kindLabel } from '../field/label'
import { useGathered } from '../record/book'
import { Card } from '../record/card'
import { columnFields } from '../record/columns'
import { measureOf, soundFace } from '../record/face'
import { both, within } from '../record/group'
import { addressOf, type Saved } from '../record/saved'
import { Sums, useSums } from '../record/total'
import { askOf, cleanView } from '../record/view'
import { Skeleton } from '../ui/wait'

const Figures = lazy(() => import('../record/figures').then((m) => ({ default: m.Figures })))

/** A view in its place: its figures, or how many rows and the first of them. Every figure leads to the rows behind it. */
export function TileOf({ saved, side, tall }: { saved?: Saved; side?: ReactNode; tall: number }) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const navigate = useNavigate()
  const kind = kinds.find((k) => k.kind === saved?.of)
  // What it stands on may be gone, or hidden from this person: another figure under its name would be wrong.
  const stands = [...(saved?.face?.by ?? []).map((b) => b.field), saved?.face?.sum].filter((n) => n !== undefined && n !== '')
  const sound = stands.every((n) => kind?.fields.some((f) => f.name === n))
  if (!saved || !kind || !sound)
    return (
      <>
        <header className="flex h-10 shrink-0 items-center gap-2 pl-3 pr-1.5 text-muted">
          <EyeOff size={14} aria-hidden />
          <h2 className="min-w-0 flex-1 truncate text-sm font-normal">{saved?.name ?? t('dashboard.unseen')}</h2>
          {side}
        </header>
        <p className="px-3 text-xs text-muted">{t(saved && kind ? 'dashboard.unsound_note' : 'dashboard.unseen_note')}</p>
      </>
    )
  const address = cleanView({ ...addressOf(saved) } as Record<string, unknown>)
  const head = (rest: ReactNode) => (
    <header className="flex h-10 shrink-0 items-center gap-1 pl-3 pr-1.5">
      <h2 className="min-w-0 truncate text-sm">
        <Link
          to={'/$plural' as never}
          params={{ plural: kind.plural } as never}
          search={address as never}
          className="rounded-[4px] hover:text-accent hover:underline"
        >
          {saved.name}
        </Link>
      </h2>
      <span className="shrink-0 text-xs text-muted">{kindLabel(kind)}</span>
      {rest ?? <span className="flex-1" />}
      {side}
    </header>
  )
  const ask = askOf(kind, address)
  const face = soundFace(kind, address.face)
  const drill = (f: Filter) =>
    navigate({
      to: '/$plural',
      params: { plural: kind.plural },
      search: { ...address, face: undefined, where: both(address.where, f) } as never,
    } as never)
  // A board shows how much stands in each of its columns, a calendar when its days come.
  const drawn =
    face?.as === 'board' || face?.as === 'calendar'
      ? {
          as: 'chart' as const,
          form: 'bar' as const,
          by: [{ field: face.by![0]!.field, unit: face.as === 'calendar' ? ('month' as const) : undefined }],
        }
      : face
  if (!drawn) return <Rows kind={kind} saved={saved} ask={ask} tall={tall} head={head} />
  const filter = measureOf(kind, drawn).filter
  return (
    <Suspense
      fallback={
        <>
          {head(null)}
          <Skeleton lines={6} />
        </>
      }
    >
      <Figures
        kind={kind}
        title={saved.name}
        ask={filter ? within(ask, filter) : ask}
        face={drawn}
        head={head}
        onDrill={(f) => drill(filter ? both(filter, f)! : f)}
      />
    </Suspense>
  )
}

function Rows({
  kind,
  saved,
  ask,
  tall,
  head,
}: {
  kind: Kind
  saved: Saved
  ask: ReturnType<typeof askOf>
  tall: number
  head: (rest?: ReactNode) => ReactNode
}) {
  const { t } = useTranslation()
  const total = useCount(kind, ask, [])
  const room = tall > 1
  const list = useList(kind, ask, room, 10)
  const fields = useMemo(() => columnFields(kind), [kind])
  const columns = saved.columns ? saved.columns.flatMap((n) => fields.find((f) => f.name === n) ?? []) : fields
  const sum: Field | undefined = kind.fields.find((f) => f.type === 'money' && f.name === 'amount')
  const sums = useSums(kind, ask, sum?.name, sum ? fieldLabel(kind.kind, sum) : '')
  const may = kind.can?.includes('export') ?? true
  useGathered(
    total.data && may
      ? () => ({
          name: saved.name,
          head: [kindLabel(kind), t('measure.count')],
          rows: [
            [t('dashboard.records'), String(total.data.count)],
            ...sums.flatMap((s) => s.sums.map((x) => [x.currency ? `${s.label} (${x.currency})` : s.label, x.amount])),
          ],
        })
      : undefined,
  )
  return (
    <>
      {head()}
      <section aria-label={saved.name} tabIndex={0} className="min-h-0 flex-1 overflow-auto px-3 pb-3 focus-visible:-outline-offset-2">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="text-[28px] font-semibold leading-9 figures">{total.data ? count(total.data.count) : '\u2013'}</span>
          <span className="text-xs text-muted">{t('dashboard.records')}</span>
        </p>
        {sum && (
          <p className="flex flex-col gap-0.5 text-xs text-muted">
            <Sums kind={kind} ask={ask} field={sum.name} label={fieldLabel(kind.kind, sum)} />
          </p>
        )}
        {room && (
          <ul className="mt-2 flex flex-col divide-y divide-line border-t border-line">
            {(list.data?.pages[0]?.data ?? []).map((r) => (
              <li key={r.id}>
                <Link
                  to={'/$plural' as never}
                  params={{ plural: kind.plural } as never}
                  search={{ id: r.id } as never}
                  className="block rounded-[4px] py-1.5 hover:bg-hover"
                >
                  <Card kind={kind} columns={columns} record={r} />
                </Link>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  )
}
