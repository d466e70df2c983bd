import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { History, Undo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, tell } from '../client/call'
import type { Dimension, Job, Ref } from '../client/types'
import { count, moment } from '../field/format'
import { choiceLabel, fieldLabel } from '../field/label'
import { toneOf } from '../field/tone'
import { useKinds } from '../client/data'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Progress } from '../ui/progress'
import { State } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { newest, type Revision, revised, revisionsOf, takeBack } from './setup'

export function useRevisions(dimension: string | undefined) {
  return useQuery({
    queryKey: ['revision', 'of', dimension],
    enabled: !!dimension,
    queryFn: ({ signal }) => revisionsOf(dimension!, signal),
    refetchInterval: (q) => (q.state.data?.data.some((r) => r.state === 'running' || r.state === 'undoing') ? 2000 : false),
  })
}

/** The changes of a dimension, newest first: who, when, how many it moved; the newest can be taken back. */
export function Revisions({ dimension, may, onDraft }: { dimension: Dimension; may: boolean; onDraft: (r: Revision) => void }) {
  const { t } = useTranslation()
  const { data, error, isPending, refetch } = useRevisions(dimension.id)
  const [undoing, setUndoing] = useState<Revision>()
  const list = data?.data ?? []
  const last = newest(list)
  const working = list.some((r) => r.state === 'running' || r.state === 'undoing')
  // What a job writes is shown when it ends: the stream tells of single records only.
  useEffect(() => {
    if (!working) return
    return () => revised(dimension.kind)
  }, [working, dimension.kind])
  const undo = async (r: Revision) => {
    setUndoing(undefined)
    try {
      await takeBack(r.id)
      say(t('revision.undo_begun', { n: r.number }))
    } catch (e) {
      warn(tell(e))
    }
    revised(dimension.kind)
  }
  if (isPending) return <Skeleton lines={6} />
  if (error)
    return (
      <Empty title={t('error.title')} note={tell(error)}>
        <Button onClick={() => refetch()}>{t('act.again')}</Button>
      </Empty>
    )
  if (list.length === 0) return <Empty icon={History} title={t('revision.empty')} note={t('revision.empty_note')} />
  return (
    <>
      <ul aria-label={t('revision.list')} className="border-t border-line">
        {list.map((r) => (
          <Line key={r.id} revision={r} kind={dimension.kind}>
            {may && r.state === 'draft' && <Button onClick={() => onDraft(r)}>{t('revision.open_draft')}</Button>}
            {may && r.id === last?.id && (
              <Button icon={Undo2} aria-label={t('revision.undo_n', { n: r.number })} onClick={() => setUndoing(r)}>
                {t('act.undo')}
              </Button>
            )}
          </Line>
        ))}
      </ul>
      {undoing && (
        <Dialog
          open
          onClose={() => setUndoing(undefined)}
          title={t('revision.undo_title', { n: undoing.number })}
          note={t('revision.undo_note', { n: count(undoing.moved || undoing.expected) })}
          foot={
            <>
              <Button form onClick={() => setUndoing(undefined)}>
                {t('act.cancel')}
              </Button>
              <Button form tone="primary" onClick={() => undo(undoing)}>
                {t('act.undo')}
              </Button>
            </>
          }
        />
      )}
    </>
  )
}

function Line({ revision: r, kind, children }: { revision: Revision; kind: string; children: React.ReactNode }) {
  const { t } = useTranslation()
  const by = r.owner as Ref | null
  const at = r.published_at ?? r.created_at
  return (
    <li className="border-b border-line py-2.5">
      <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
        <span className="w-14 shrink-0 font-medium">
          {r.number ? t('revision.nth', { n: r.number }) : t('choice.revision.state.draft')}
        </span>
        <span className="w-20 shrink-0">
          <State tone={toneOf('revision', 'state', r.state)}>{choiceLabel('revision', 'state', r.state)}</State>
        </span>
        <span className="min-w-0 flex-1 truncate max-md:order-last max-md:basis-full">
          {r.note}
          <span className="text-muted">
            {r.note && ' · '}
            {sumUp(t, r)}
          </span>
        </span>
        {r.state !== 'draft' && (
          <span className="text-muted">{t('revision.moved_n', { n: count(r.state === 'running' ? r.expected : r.moved) })}</span>
        )}
        <span className="text-xs text-muted">{by?.title}</span>
        {at && (
          <time dateTime={at} className="text-xs text-muted">
            {moment(at)}
          </time>
        )}
        {children}
      </div>
      {(r.state === 'running' || r.state === 'undoing') && r.job && (
        <Working id={r.job} label={choiceLabel('revision', 'state', r.state)} />
      )}
      {r.kept > 0 && <Left revision={r} kind={kind} />}
    </li>
  )
}

/** How far a revision's job is. */
function Working({ id, label }: { id: string; label: string }) {
  const { data } = useQuery({
    queryKey: ['job', 'one', id],
    queryFn: ({ signal }) => get<Job>(`/jobs/${id}`, signal),
    refetchInterval: (q) => (q.state.data?.state === 'done' || q.state.data?.state === 'dead' ? false : 1000),
  })
  return (
    <span className="mt-1 flex items-center gap-3 text-xs text-muted">
      <span className="w-60">
        <Progress label={label} done={data?.done ?? 0} total={data?.total ?? 0} />
      </span>
      {data && data.total > 0 && `${count(data.done)} / ${count(data.total)}`}
    </span>
  )
}

/** What an undo left as it was, and why. */
function Left({ revision: r, kind }: { revision: Revision; kind: string }) {
  const { t, i18n } = useTranslation()
  const kinds = useKinds()
  const of = kinds.find((k) => k.kind === kind)
  return (
    <details className="mt-1 text-xs">
      <summary className="cursor-pointer text-warn">{t('revision.left', { n: count(r.kept) })}</summary>
      <ul className="max-h-48 overflow-auto pl-4 pt-1" tabIndex={0} aria-label={t('revision.left_list')}>
        {(r.left ?? []).map((x, i) => {
          const field = of?.fields.find((f) => f.name === x.field)
          return (
            <li key={i} className="flex gap-3 py-0.5">
              <span className="min-w-0 flex-1 truncate">
                <Link
                  to={`/${kinds.find((k) => k.kind === x.kind)?.plural ?? ''}` as never}
                  search={{ id: x.id } as never}
                  className="text-accent hover:underline"
                >
                  {x.title || x.id}
                </Link>
              </span>
              {x.field && <span className="text-muted">{fieldLabel(x.kind, field ?? { name: x.field })}</span>}
              <span className="text-muted">{i18n.exists(`kept.${x.reason}`) ? t(`kept.${x.reason}`) : x.reason}</span>
            </li>
          )
        })}
      </ul>
    </details>
  )
}

/** What a revision changed, in a few words. */
function sumUp(t: (key: string, o?: Record<string, unknown>) => string, r: Revision): string {
  const [a, b] = [r.before ?? {}, r.after ?? {}]
  if (a.bounds || b.bounds) return `${(a.bounds ?? []).join(' / ')} → ${(b.bounds ?? []).join(' / ')}`
  const [was, is] = [a.rules ?? [], b.rules ?? []]
  const had = new Map(was.map((x) => [x.id, x]))
  const words: string[] = []
  const added = is.filter((x) => !x.id || !had.has(x.id)).length
  const removed = was.filter((x) => !is.some((y) => y.id === x.id)).length
  const said = (x: { category: string; title?: string; filter: unknown; disabled?: boolean }) =>
    JSON.stringify([x.category, x.title ?? '', x.filter, !!x.disabled])
  const changed = is.filter((x) => x.id && had.has(x.id) && said(x) !== said(had.get(x.id)!)).length
  const kept = (list: typeof is) => list.map((x) => x.id).filter((id) => id && had.has(id) && is.some((y) => y.id === id))
  if (added) words.push(t('revision.sum_added', { n: added }))
  if (removed) words.push(t('revision.sum_removed', { n: removed }))
  if (changed) words.push(t('revision.sum_changed', { n: changed }))
  if (kept(was).join() !== kept(is).join()) words.push(t('revision.sum_order'))
  return words.join(t('mark.comma'))
}
