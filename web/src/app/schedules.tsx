import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { CalendarClock, Download, Pencil, Play, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { base, call, get, post, tell } from '../client/call'
import { cache, useKinds } from '../client/data'
import type { Filter, Job, Schedule, Schedules as All, When } from '../client/types'
import { bytes, count, moment } from '../field/format'
import { kindLabel } from '../field/label'
import { Button, IconButton } from '../ui/button'
import { cx } from '../ui/cx'
import { Dialog } from '../ui/dialog'
import { State, Tag } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { tones } from './jobstate'
import { ScheduleEditor } from './schedule'

const stale = () => {
  cache.invalidateQueries({ queryKey: ['schedule'] })
  cache.invalidateQueries({ queryKey: ['job'] })
}

/** When a schedule is due, in words. */
export function useWhen(): (w: When) => string {
  const { t } = useTranslation()
  return (w) => {
    if (w.every === 'minutes')
      return w.minutes! % 60 === 0 ? t('schedule.every_hours', { n: w.minutes! / 60 }) : t('schedule.every_minutes', { n: w.minutes })
    if (w.every === 'day') return t('schedule.every_day', { at: w.at })
    if (w.every === 'month') return t(w.day! > 28 ? 'schedule.every_month_last' : 'schedule.every_month', { day: w.day, at: w.at })
    const days = [...(w.days ?? [])].sort().map((d) => t(`schedule.day${d}`))
    return t('schedule.every_week', { days: days.join(t('mark.comma')), at: w.at })
  }
}

/** What is done by the clock. */
export function Schedules() {
  const { t } = useTranslation()
  const search = useSearch({ strict: false }) as { make?: { kind: string; filter?: Filter; q?: string; sort?: string } }
  const navigate = useNavigate()
  const [editing, setEditing] = useState<Schedule | 'new'>()
  const [ending, setEnding] = useState<Schedule>()
  const { data, isPending, error, refetch } = useQuery({
    queryKey: ['schedule', 'all'],
    queryFn: ({ signal }) => get<All>('/schedules', signal),
    refetchInterval: (q) => (q.state.data?.data.some((s) => s.job?.state === 'running' || s.job?.state === 'waiting') ? 1500 : 20_000),
  })
  const close = () => {
    setEditing(undefined)
    if (search.make) navigate({ to: '.', search: { tab: 'schedules' } as never, replace: true })
  }
  const remove = async (s: Schedule) => {
    setEnding(undefined)
    try {
      await call('DELETE', `/schedules/${s.id}`)
      say(t('schedule.deleted'))
    } catch (e) {
      warn(tell(e))
    }
    stale()
  }
  if (isPending) return <Skeleton lines={6} />
  if (error)
    return (
      <Empty title={t('error.title')} note={tell(error)}>
        <Button onClick={() => refetch()}>{t('act.again')}</Button>
      </Empty>
    )
  return (
    <div className="max-w-[960px] px-6 py-3 max-md:px-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pb-3">
        <p className="min-w-60 flex-1 text-xs text-muted">{t('schedule.note', { zone: data.zone })}</p>
        {data.data.length > 0 && (
          <Button tone="primary" icon={Plus} onClick={() => setEditing('new')}>
            {t('schedule.new')}
          </Button>
        )}
      </div>
      {data.data.length === 0 ? (
        <Empty icon={CalendarClock} title={t('schedule.empty')} note={t('schedule.empty_note')}>
          <Button tone="primary" icon={Plus} onClick={() => setEditing('new')}>
            {t('schedule.new')}
          </Button>
        </Empty>
      ) : (
        <ul aria-label={t('schedule.title')} className="border-t border-line">
          {data.data.map((s) => (
            <Line key={s.id} schedule={s} onEdit={() => setEditing(s)} onDelete={() => setEnding(s)} />
          ))}
        </ul>
      )}
      {(editing || search.make) && (
        <ScheduleEditor
          schedule={editing === 'new' ? undefined : editing}
          make={search.make}
          zone={data.zone}
          onClose={close}
          onSaved={stale}
        />
      )}
      {ending && (
        <Dialog
          open
          onClose={() => setEnding(undefined)}
          title={t('schedule.delete_title')}
          note={t('schedule.delete_note')}
          foot={
            <>
              <Button form onClick={() => setEnding(undefined)}>
                {t('act.cancel')}
              </Button>
              <Button form tone="danger" onClick={() => remove(ending)}>
                {t('act.delete')}
              </Button>
            </>
          }
        />
      )}
    </div>
  )
}

function Line({ schedule: s, onEdit, onDelete }: { schedule: Schedule; onEdit: () => void; onDelete: () => void }) {
  const { t } = useTranslation()
  const when = useWhen()
  const kinds = useKinds()
  const named = (name: unknown) => {
    const k = kinds.find((k) => k.kind === name)
    return k ? kindLabel(k) : String(name)
  }
  const title = s.title || t(`schedule.work.${s.work}`)
  const busy = s.job?.state === 'running' || s.job?.state === 'waiting'
  const what = {
    backup: () => t('schedule.what.backup', { n: s.args.keep }),
    purge: () =>
      t('schedule.what.purge', {
        n: s.args.days,
        kinds: s.args.kinds?.length ? s.args.kinds.map(named).join(t('mark.comma')) : t('schedule.all_kinds'),
      }),
    export: () =>
      t(s.args.filter ? 'schedule.what.export_filtered' : 'schedule.what.export', {
        kind: named(s.args.kind),
        format: s.args.format?.toUpperCase(),
        n: s.args.keep,
      }),
  }[s.work]?.()
  const run = async () => {
    try {
      await post(`/schedules/${s.id}/run`)
      say(t('schedule.begun', { title }))
    } catch (e) {
      warn(tell(e))
    }
    stale()
  }
  const turn = async (enabled: boolean) => {
    try {
      await call('PATCH', `/schedules/${s.id}`, { enabled })
    } catch (e) {
      warn(tell(e))
    }
    stale()
  }
  return (
    <li className="flex min-h-14 items-center gap-4 border-b border-line py-2.5 max-md:flex-wrap max-md:gap-x-2 max-md:gap-y-1.5">
      <label className="flex shrink-0 items-center p-1 max-md:p-3.5">
        <input type="checkbox" aria-label={t('schedule.enable', { title })} checked={s.enabled} onChange={(e) => turn(e.target.checked)} />
      </label>
      <span className="min-w-0 flex-1 max-md:basis-[70%]">
        <span className="flex min-w-0 items-center gap-2">
          <span className={cx('truncate font-medium', !s.enabled && 'text-muted')}>{title}</span>
          {!s.enabled && <Tag>{t('schedule.off')}</Tag>}
        </span>
        <span className="block text-xs text-muted">{[when(s.when), what].filter(Boolean).join(' · ')}</span>
      </span>
      <span className="w-40 shrink-0 text-xs max-md:ml-[54px] max-md:w-auto max-md:flex-1 max-md:self-start">
        <span className="block text-muted">{t('schedule.next')}</span>
        {s.next_run ? <time dateTime={s.next_run}>{moment(s.next_run)}</time> : <span className="text-muted">{t('mark.none')}</span>}
      </span>
      <span className="w-56 shrink-0 text-xs max-md:w-auto max-md:flex-1">
        <span className="block text-muted">{t('schedule.last')}</span>
        <Last schedule={s} />
      </span>
      <span className="flex shrink-0 max-md:basis-full max-md:justify-end">
        <IconButton icon={Play} label={t('schedule.run', { title })} disabled={busy} onClick={run} />
        <IconButton icon={Pencil} label={t('schedule.edit', { title })} onClick={onEdit} />
        <IconButton icon={Trash2} label={t('schedule.delete', { title })} onClick={onDelete} />
      </span>
    </li>
  )
}

/** How the last run went, and what was not run. */
function Last({ schedule: s }: { schedule: Schedule }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const j = s.job
  // The clock is looked at every few seconds: so late, nobody was there.
  const late = s.last_due !== '' && Date.parse(s.last_run) - Date.parse(s.last_due) > 5 * 60_000
  return (
    <>
      {j ? (
        <span className="flex flex-wrap items-center gap-x-2">
          <button
            type="button"
            className="rounded-[4px] hover:underline"
            aria-label={t('schedule.to_job', { state: t(`job.${j.state}`), at: moment(j.ended_at || j.created_at) })}
            onClick={() => navigate({ to: '.', search: { state: j.state } as never })}
          >
            <State tone={tones[j.state]}>{t(`job.${j.state}`)}</State>
          </button>
          <time dateTime={j.ended_at || j.created_at}>{moment(j.ended_at || j.created_at)}</time>
          <Made job={j} />
        </span>
      ) : (
        <span className="text-muted">{t('schedule.never')}</span>
      )}
      {late && <span className="block text-warn">{t('schedule.late', { due: moment(s.last_due) })}</span>}
      {s.missed > 0 && <span className="block text-warn">{t('schedule.missed', { n: count(s.missed) })}</span>}
      {s.skipped > 0 && <span className="block text-warn">{t('schedule.skipped', { n: count(s.skipped) })}</span>}
    </>
  )
}

/** What a job made: a file to fetch, or how many records. */
export function Made({ job: j }: { job: Job }) {
  const { t } = useTranslation()
  const r = j.result
  if (j.state !== 'done' || !r) return null
  if (r.file) {
    const name = r.file.split('/').pop()!
    return (
      <a
        href={`${base}/jobs/${j.id}/file`}
        download={name}
        aria-label={t('job.fetch', { name, size: bytes(r.bytes ?? 0) })}
        className="inline-flex items-center gap-1 text-accent hover:underline max-md:py-2"
      >
        <Download size={12} aria-hidden />
        {bytes(r.bytes ?? 0)}
      </a>
    )
  }
  return j.queue === 'purge' ? <span className="text-muted">{t('job.purged', { n: count(r.count ?? 0) })}</span> : null
}
