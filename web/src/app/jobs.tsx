import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { CircleCheckBig, RotateCw, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { get, post, tell, words } from '../client/call'
import { cache, useSession } from '../client/data'
import type { Job } from '../client/types'
import { count, moment } from '../field/format'
import { Bar } from '../ui/bar'
import { Button, IconButton } from '../ui/button'
import { Progress } from '../ui/progress'
import { Segments } from '../ui/segments'
import { State } from '../ui/tag'
import { Tabs } from '../ui/tabs'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { tones } from './jobstate'
import { Made, Schedules } from './schedules'

const states: Job['state'][] = ['running', 'waiting', 'dead', 'done', 'cancelled']
const busy = (j: Job) => j.state === 'running' || j.state === 'waiting'

/** Long work, and what the clock begins. Only an administrator has something done by the clock. */
export function Jobs() {
  const { t } = useTranslation()
  const search = useSearch({ strict: false }) as { tab?: string }
  const navigate = useNavigate()
  const admin = useSession().data?.user.admin === true
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.jobs')} />
      {admin ? (
        <div className="flex min-h-0 flex-1 flex-col bg-panel">
          <Tabs
            label={t('nav.jobs')}
            value={search.tab === 'schedules' ? 'schedules' : 'jobs'}
            onChange={(id) => navigate({ to: '.', search: (id === 'jobs' ? {} : { tab: id }) as never, replace: true })}
            tabs={[
              { id: 'jobs', title: t('job.list'), body: <Running /> },
              { id: 'schedules', title: t('schedule.title'), body: <Schedules /> },
            ]}
          />
        </div>
      ) : (
        <section tabIndex={0} aria-label={t('nav.jobs')} className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none">
          <Running />
        </section>
      )}
    </div>
  )
}

/** Long work: how far it is, what failed and why, and how to try again. */
function Running() {
  const { t } = useTranslation()
  const search = useSearch({ strict: false }) as { state?: string }
  const navigate = useNavigate()
  const { data, isPending, error, refetch } = useQuery({
    queryKey: ['job', 'all'],
    queryFn: ({ signal }) => get<{ data: Job[] }>('/jobs?limit=200', signal),
    refetchInterval: (q) => (q.state.data?.data.some(busy) ? 1500 : 10_000),
  })
  const all = data?.data ?? []
  const state = states.find((s) => s === search.state)
  const jobs = state ? all.filter((j) => j.state === state) : [...all.filter(busy), ...all.filter((j) => !busy(j))]
  const of = (s: Job['state']) => all.filter((j) => j.state === s).length
  const tab = (s: Job['state']) =>
    [
      s,
      <>
        {t(`job.${s}`)} <span className="text-xs font-normal">{count(of(s))}</span>
      </>,
    ] as [string, React.ReactNode]
  const go = (s: string) => navigate({ to: '.', search: (s === 'all' ? {} : { state: s }) as never, replace: true })
  return isPending ? (
    <Skeleton lines={8} />
  ) : error ? (
    <Empty title={t('error.title')} note={tell(error)}>
      <Button onClick={() => refetch()}>{t('act.again')}</Button>
    </Empty>
  ) : all.length === 0 ? (
    <Empty icon={CircleCheckBig} title={t('job.empty')} note={t('job.empty_note')} />
  ) : (
    <div className="max-w-[960px] px-6 py-3 max-md:px-4">
      <div className="flex pb-2">
        <Segments
          label={t('job.filter')}
          value={state ?? 'all'}
          onChange={go}
          options={[['all', t('job.all')], ...states.filter((s) => s !== 'cancelled' || of(s) > 0).map(tab)]}
        />
      </div>
      {jobs.length === 0 ? (
        <Empty icon={CircleCheckBig} title={t('job.none', { state: t(`job.${state}`) })}>
          <Button onClick={() => go('all')}>{t('job.show_all')}</Button>
        </Empty>
      ) : (
        <ul aria-label={t('nav.jobs')} className="border-t border-line">
          {jobs.map((j) => (
            <Line key={j.id} job={j} />
          ))}
        </ul>
      )}
    </div>
  )
}

function Line({ job: j }: { job: Job }) {
  const { t, i18n } = useTranslation()
  const named = [j.title, `queue_name.${j.queue}`].find((key) => i18n.exists(key))
  const title = named ? t(named) : j.title || j.queue
  const act = async (what: 'retry' | 'cancel') => {
    try {
      await post(`/jobs/${j.id}/${what}`)
      say(t(`job.${what}_done`, { title }))
    } catch (e) {
      warn(tell(e))
    }
    cache.invalidateQueries({ queryKey: ['job'] })
  }
  const at = j.ended_at || j.created_at
  return (
    <li className="flex min-h-12 items-center gap-4 border-b border-line py-2 max-md:flex-wrap max-md:gap-x-3 max-md:gap-y-1">
      <span className="w-20 shrink-0">
        <State tone={tones[j.state]}>{t(`job.${j.state}`)}</State>
      </span>
      <span className="min-w-0 flex-1 max-md:min-w-40">
        <span className="block truncate">{title}</span>
        {j.error && j.state !== 'done' && <Fault text={j.error} />}
        {j.state === 'running' && (
          <span className="mt-1 block">
            <Progress label={title} done={j.done} total={j.total} />
          </span>
        )}
      </span>
      {j.total > 0 && (
        <span className="figures shrink-0 text-muted">{j.state === 'done' ? count(j.done) : `${count(j.done)} / ${count(j.total)}`}</span>
      )}
      <span className="shrink-0 text-xs">
        <Made job={j} />
      </span>
      {j.attempt > 1 && <span className="shrink-0 text-xs text-muted">{t('job.attempt', { n: j.attempt })}</span>}
      {j.by && <span className="shrink-0 text-xs text-muted">{j.by.title}</span>}
      <time dateTime={at} className="shrink-0 text-xs text-muted">
        {moment(at)}
      </time>
      <span className="w-8 shrink-0 text-right max-md:w-auto">
        {j.state === 'dead' && <IconButton icon={RotateCw} label={t('job.retry', { title })} onClick={() => act('retry')} />}
        {busy(j) && <IconButton icon={X} label={t('job.cancel', { title })} onClick={() => act('cancel')} />}
      </span>
    </li>
  )
}

/** What went wrong, in words where the server gave a key; what it logged stands behind a fold. */
function Fault({ text }: { text: string }) {
  const { t } = useTranslation()
  const key = /error\.[a-z_]+(\|[^\]\n]*)?/.exec(text)?.[0]
  return (
    <details className="text-xs text-bad">
      <summary className="cursor-pointer">{key ? words(key) : t('job.failed')}</summary>
      <code className="block break-words pt-1 text-muted">{text}</code>
    </details>
  )
}
