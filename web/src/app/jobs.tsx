import { useQuery } from '@tanstack/react-query'
import { CircleCheckBig, RotateCw, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { get, post, tell } from '../client/call'
import { cache } from '../client/data'
import type { Job } from '../client/types'
import { count, moment } from '../field/format'
import { Bar } from '../ui/bar'
import { Button, IconButton } from '../ui/button'
import { State, type Tone } from '../ui/tag'
import { warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'

const tones: Record<Job['state'], Tone> = { waiting: 'plain', running: 'accent', done: 'ok', dead: 'bad', cancelled: 'plain' }

/** Long work: how far it is, what failed and why, and how to try again. */
export function Jobs() {
  const { t, i18n } = useTranslation()
  const { data, isPending, error, refetch } = useQuery({
    queryKey: ['job', 'all'],
    queryFn: ({ signal }) => get<{ data: Job[] }>('/jobs', signal),
    refetchInterval: (q) => (q.state.data?.data.some((j) => j.state === 'running' || j.state === 'waiting') ? 2000 : 15_000),
  })
  const act = async (j: Job, what: 'retry' | 'cancel') => {
    try {
      await post(`/jobs/${j.id}/${what}`)
    } catch (e) {
      warn(tell(e))
    }
    cache.invalidateQueries({ queryKey: ['job'] })
  }
  const jobs = data?.data ?? []
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.jobs')} />
      <section tabIndex={0} aria-label={t('nav.jobs')} className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none">
        {isPending ? (
          <Skeleton lines={8} />
        ) : error ? (
          <Empty title={t('error.title')} note={tell(error)}>
            <Button onClick={() => refetch()}>{t('act.again')}</Button>
          </Empty>
        ) : jobs.length === 0 ? (
          <Empty icon={CircleCheckBig} title={t('job.empty')} note={t('job.empty_note')} />
        ) : (
          <ul className="px-6 py-2 max-md:px-4">
            {jobs.map((j) => (
              <li key={j.id} className="flex min-h-12 items-center gap-4 border-b border-line py-2 max-md:flex-wrap">
                <span className="w-20 shrink-0">
                  <State tone={tones[j.state]}>{t(`job.${j.state}`)}</State>
                </span>
                <span className="min-w-0 flex-1">
                  <span className="block truncate">
                    {j.title || (i18n.exists(`queue_name.${j.queue}`) ? t(`queue_name.${j.queue}`) : j.queue)}
                  </span>
                  {j.error && <span className="block break-words text-xs text-bad">{j.error}</span>}
                  {j.state === 'running' && j.total > 0 && (
                    <span
                      role="progressbar"
                      aria-label={j.title || j.queue}
                      aria-valuenow={j.done}
                      aria-valuemin={0}
                      aria-valuemax={j.total}
                      className="mt-1 block h-[3px] max-w-80 overflow-hidden rounded-full bg-line"
                    >
                      <span className="block h-full bg-accent transition-[width]" style={{ width: `${(j.done / j.total) * 100}%` }} />
                    </span>
                  )}
                </span>
                {j.total > 0 && (
                  <span className="shrink-0 text-muted">
                    {count(j.done)} / {count(j.total)}
                  </span>
                )}
                {j.attempt > 1 && <span className="shrink-0 text-xs text-muted">{t('job.attempt', { n: j.attempt })}</span>}
                <time dateTime={j.created_at} className="shrink-0 text-xs text-muted">
                  {moment(j.created_at)}
                </time>
                <span className="w-16 shrink-0 text-right max-md:w-auto">
                  {j.state === 'dead' && <IconButton icon={RotateCw} label={t('act.again')} onClick={() => act(j, 'retry')} />}
                  {(j.state === 'waiting' || j.state === 'running') && (
                    <IconButton icon={X} label={t('act.cancel')} onClick={() => act(j, 'cancel')} />
                  )}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  )
}
