import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ChevronDown, ChevronRight, ListChecks, Play, TriangleAlert, Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { post, tell } from '../client/call'
import { useDimensions, useKinds } from '../client/data'
import type { Operation, Page, Ref } from '../client/types'
import { count, moment, plain } from '../field/format'
import { choiceLabel, fieldLabel, kindLabel } from '../field/label'
import { Far, Faults, Left, Outcome } from '../record/operating'
import { atWork, resume, undo, useOperation } from '../record/operation'
import { Bar } from '../ui/bar'
import { Button } from '../ui/button'
import { State as Mark, type Tone } from '../ui/tag'
import { Empty, Skeleton } from '../ui/wait'

const tones: Record<Operation['state'], Tone> = { running: 'accent', done: 'ok', undoing: 'accent', undone: 'plain' }

/** Changes of many records: who made them, what became of them, and the way back. The open one, the address names. */
export function Operations() {
  const { t } = useTranslation()
  const { id } = useSearch({ strict: false }) as { id?: string }
  const list = useInfiniteQuery({
    queryKey: ['operation', 'list', 'page'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => post<Page<Operation>>('/operations:query', { limit: 50, cursor: pageParam }, { signal }),
    getNextPageParam: (last) => (last.has_more && last.next_cursor ? last.next_cursor : undefined),
    refetchInterval: (q) => (q.state.data?.pages.some((p) => p.data.some(atWork)) ? 1500 : false),
  })
  const rows = list.data?.pages.flatMap((p) => p.data) ?? []
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.operations')} />
      <section tabIndex={0} aria-label={t('nav.operations')} className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none">
        {list.isPending ? (
          <Skeleton lines={8} />
        ) : list.error ? (
          <Empty icon={TriangleAlert} title={t('error.title')} note={tell(list.error)}>
            <Button onClick={() => list.refetch()}>{t('act.again')}</Button>
          </Empty>
        ) : rows.length === 0 ? (
          <Empty icon={ListChecks} title={t('operation.empty')} note={t('operation.empty_note')} />
        ) : (
          <div className="px-6 py-2 max-md:px-4">
            <ul>
              {/* One that was linked to may stand beyond the first window. */}
              {id && !rows.some((o) => o.id === id) && <Beyond id={id} />}
              {rows.map((o) => (
                <One key={o.id} o={o} open={o.id === id} />
              ))}
            </ul>
            {list.hasNextPage && (
              <Button tone="quiet" className="my-2" busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
                {t('act.more')}
              </Button>
            )}
          </div>
        )}
      </section>
    </div>
  )
}

function Beyond({ id }: { id: string }) {
  const { operation } = useOperation(id)
  return operation ? <One o={operation} open /> : null
}

function One({ o, open }: { o: Operation; open: boolean }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const kind = useKinds().find((k) => k.kind === o.of)
  const what = useWhat(o)
  const Fold = open ? ChevronDown : ChevronRight
  return (
    <li className="border-b border-line">
      <button
        type="button"
        aria-expanded={open}
        className="flex min-h-12 w-full items-center gap-4 py-2 text-left hover:bg-hover max-md:flex-wrap max-md:gap-x-3 max-md:gap-y-1"
        onClick={() => navigate({ to: '.', search: (open ? {} : { id: o.id }) as never, replace: true })}
      >
        <Fold size={14} aria-hidden className="-mr-2 shrink-0 text-muted max-md:mr-0" />
        <span className="w-20 shrink-0 max-md:w-auto">
          <Mark tone={tones[o.state]}>{choiceLabel('operation', 'state', o.state)}</Mark>
        </span>
        <span className="min-w-0 flex-1 truncate max-md:order-last max-md:flex-none max-md:basis-full max-md:pl-6">
          {choiceLabel('operation', 'verb', o.verb)}
          <span className="ml-2 text-muted">{kindLabel(kind ?? { kind: o.of })}</span>
          {what && <span className="ml-2">{what}</span>}
        </span>
        <span className="shrink-0 text-muted">
          {o.failed > 0
            ? t('operation.some', { n: count(o.done), failed: count(o.failed) })
            : t('total.count', { n: count(o.state === 'running' ? o.total : o.done) })}
        </span>
        <span className="w-20 shrink-0 truncate text-right max-md:w-auto">{(o.owner as Ref | null)?.title}</span>
        <time dateTime={o.created_at} className="shrink-0 text-xs text-muted max-md:ml-auto">
          {moment(o.created_at)}
        </time>
      </button>
      {open && <Whole id={o.id} />}
    </li>
  )
}

function Whole({ id }: { id: string }) {
  const { t } = useTranslation()
  const { operation: o, job, still, error } = useOperation(id)
  if (error) return <p className="pb-3 pl-6 text-bad">{tell(error)}</p>
  if (!o) return <Skeleton lines={2} />
  return (
    <div className="mb-3 ml-6 flex max-w-[720px] flex-col gap-3 rounded-lg border border-line bg-ground p-4 max-md:ml-0">
      <p role="status">
        <Outcome o={o} still={still} />
      </p>
      {atWork(o) && !still && <Far o={o} job={job} />}
      {o.faults && o.faults.length > 0 && (
        <section className="flex flex-col gap-1">
          <h2 className="text-xs font-medium text-muted">{fieldLabel('operation', { name: 'faults' })}</h2>
          <Faults o={o} />
        </section>
      )}
      {o.left && o.left.length > 0 && (
        <section className="flex flex-col gap-1">
          <h2 className="text-xs font-medium text-muted">{fieldLabel('operation', { name: 'left' })}</h2>
          <Left o={o} />
        </section>
      )}
      {o.state === 'done' && (o.done > 0 || o.verb === 'rename') && (
        <p className="flex items-center gap-3 max-md:flex-wrap">
          <Button icon={Undo2} onClick={() => undo(o.id)}>
            {t('operation.undo')}
          </Button>
          <span className="text-xs text-muted">{t('operation.undo_note')}</span>
        </p>
      )}
      {still && (
        <p>
          <Button icon={Play} onClick={() => resume(o)}>
            {t('operation.resume')}
          </Button>
        </p>
      )}
    </div>
  )
}

/** What it did to each, in words. */
function useWhat(o: Operation): string {
  const { t } = useTranslation()
  const kind = useKinds().find((k) => k.kind === o.of)
  const dimensions = useDimensions().data?.data ?? []
  const field = (name: string) => kind?.fields.find((f) => f.name === name)
  const label = (name: string) => fieldLabel(o.of, field(name) ?? { name })
  const value = (name: string, v: unknown) => {
    const f = field(name)
    return f && (f.type === 'choice' || f.type === 'choices') && v
      ? [v]
          .flat()
          .map((x) => choiceLabel(o.of, f, String(x)))
          .join(t('mark.comma'))
      : f?.type === 'ref' && v
        ? ''
        : plain(v)
  }
  const title = (name: string, id: string) =>
    dimensions.find((d) => d.kind === o.of && d.name === name)?.categories.find((c) => c.id === id)?.title ?? id
  return [
    ...Object.entries(o.what?.edit ?? {}).map(([n, v]) => [label(n), value(n, v)].filter(Boolean).join(' → ')),
    ...Object.entries(o.what?.set ?? {}).map(
      ([n, ids]) => `${label(n)} → ${ids.length > 0 ? ids.map((id) => title(n, id)).join(t('mark.comma')) : t('facet.none')}`,
    ),
    ...(o.what?.to ? [o.what.to] : []),
    ...(o.what?.fields ?? []).map(label),
    ...(o.what?.release ?? []).map((n) => t('operation.released', { field: label(n) })),
  ].join(t('mark.comma'))
}
