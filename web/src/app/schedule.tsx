import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, post, Problem, tell, words } from '../client/call'
import { useKinds } from '../client/data'
import type { Filter, Schedule, When } from '../client/types'
import { moment } from '../field/format'
import { digits } from '../field/input'
import { kindLabel } from '../field/label'
import { describe, paths } from '../field/ops'
import { named } from '../record/names'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { Segments } from '../ui/segments'
import { Select } from '../ui/select'
import { say } from '../ui/toast'
import { useSettled } from '../ui/wait'

type Args = Schedule['args']
const works = ['backup', 'purge', 'export'] as const
const defaults: Record<Schedule['work'], Args> = {
  backup: { keep: 7 },
  purge: { days: 30 },
  export: { kind: 'receipt', format: 'xlsx', keep: 7 },
}

interface Props {
  schedule?: Schedule
  /** An export that a list asks for, with what it shows now. */
  make?: { kind: string; filter?: Filter; q?: string; sort?: string }
  zone: string
  onClose: () => void
  onSaved: () => void
}

/** What is done by the clock, and when: the next times stand beneath while it is being chosen. */
export function ScheduleEditor({ schedule, make, zone, onClose, onSaved }: Props) {
  const { t, i18n } = useTranslation()
  const [title, setTitle] = useState(schedule?.title ?? '')
  const [work, setWork] = useState<Schedule['work']>(schedule?.work ?? (make ? 'export' : 'backup'))
  const [args, setArgs] = useState<Args>(schedule?.args ?? (make ? { ...defaults.export, ...make } : defaults.backup))
  const [when, setWhen] = useState<When>(schedule?.when ?? { every: 'day', at: '03:30' })
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      const body = { title, work, args: work === 'export' ? { ...args, lang: args.lang ?? i18n.language } : args, when: whole(when) }
      await (schedule ? call('PATCH', `/schedules/${schedule.id}`, body) : post('/schedules', body))
      say(t('schedule.saved'))
      onSaved()
      onClose()
    } catch (e) {
      setWrong(e instanceof Problem ? e.fields : {})
      setError(tell(e))
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(schedule ? 'schedule.change' : 'schedule.new')}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" busy={busy} onClick={save}>
            {t(schedule ? 'act.save' : 'act.create')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {error && (
          <p role="alert" className="text-bad">
            {error}
          </p>
        )}
        <Row label={t('schedule.what_is_done')} error={wrong.work && words(wrong.work)}>
          {(ids) => (
            <Select
              {...ids}
              value={work}
              onChange={(e) => {
                const next = e.target.value as Schedule['work']
                setWork(next)
                setArgs(defaults[next])
              }}
            >
              {works.map((w) => (
                <option key={w} value={w}>
                  {t(`schedule.work.${w}`)}
                </option>
              ))}
            </Select>
          )}
        </Row>
        <What work={work} args={args} wrong={wrong} onChange={(part) => setArgs({ ...args, ...part })} />
        <Times when={when} wrong={wrong} zone={zone} onChange={setWhen} />
        <Row label={t('schedule.name')} note={t('schedule.name_note')} error={wrong.title && words(wrong.title)}>
          {(ids) => <input {...ids} className="control" maxLength={60} value={title} onChange={(e) => setTitle(e.target.value)} />}
        </Row>
      </div>
    </Dialog>
  )
}

/** Only what this manner of counting means is sent. */
function whole(w: When): When {
  if (w.every === 'minutes') return { every: w.every, minutes: w.minutes }
  if (w.every === 'week') return { every: w.every, days: w.days, at: w.at }
  if (w.every === 'month') return { every: w.every, day: w.day, at: w.at }
  return { every: w.every, at: w.at }
}

function What({ work, args, wrong, onChange }: { work: string; args: Args; wrong: Record<string, string>; onChange: (a: Args) => void }) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const keep = (
    <Count
      label={t('schedule.keep')}
      note={t('schedule.keep_note')}
      error={wrong.keep}
      value={args.keep}
      onChange={(keep) => onChange({ keep })}
    />
  )
  if (work === 'backup') return keep
  if (work === 'purge')
    return (
      <Count
        label={t('schedule.days')}
        note={t('schedule.days_note')}
        error={wrong.days}
        value={args.days}
        onChange={(days) => onChange({ days })}
      />
    )
  const kind = kinds.find((k) => k.kind === args.kind)
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <Row label={t('schedule.kind')} error={wrong.kind && words(wrong.kind)}>
          {(ids) => (
            <Select
              {...ids}
              value={args.kind}
              onChange={(e) => onChange({ kind: e.target.value, filter: undefined, q: undefined, sort: undefined })}
            >
              {kinds
                .filter((k) => k.can?.includes('export') && !k.verbs)
                .map((k) => (
                  <option key={k.kind} value={k.kind}>
                    {kindLabel(k)}
                  </option>
                ))}
            </Select>
          )}
        </Row>
        <Row label={t('schedule.format')} error={wrong.format && words(wrong.format)}>
          {(ids) => (
            <Select {...ids} value={args.format} onChange={(e) => onChange({ format: e.target.value })}>
              {['xlsx', 'csv', 'ndjson'].map((f) => (
                <option key={f} value={f}>
                  {t(`export.${f}`)}
                </option>
              ))}
            </Select>
          )}
        </Row>
      </div>
      <p className="-mt-2 text-xs text-muted">
        {args.filter && kind
          ? t('schedule.filtered', { filter: [describe(args.filter, paths(kind, kinds), named), args.q].filter(Boolean).join(' · ') })
          : t(args.q ? 'schedule.searched' : 'schedule.unfiltered', { words: args.q })}
      </p>
      {keep}
    </>
  )
}

function Count(p: { label: string; note?: string; error?: string; value?: number; onChange: (n: number) => void }) {
  return (
    <Row label={p.label} note={p.note} error={p.error && words(p.error)}>
      {(ids) => (
        <input
          {...ids}
          inputMode="numeric"
          className="control w-28"
          value={p.value ?? ''}
          onChange={(e) => p.onChange(Number(digits(e.target.value).replace(/\D/g, '')))}
        />
      )}
    </Row>
  )
}

function Times({ when, wrong, zone, onChange }: { when: When; wrong: Record<string, string>; zone: string; onChange: (w: When) => void }) {
  const { t } = useTranslation()
  const put = (part: Partial<When>) => onChange({ ...when, ...part })
  const asked = useSettled(JSON.stringify(whole(when)), 300)
  const next = useQuery({
    queryKey: ['schedule', 'next', asked],
    retry: false,
    queryFn: ({ signal }) => post<{ next: string[] }>('/schedules:preview', JSON.parse(asked), { signal }),
  }).data?.next
  const days = when.days ?? []
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="mb-1 text-xs text-muted">{t('schedule.when', { zone })}</legend>
      <Segments
        label={t('schedule.when', { zone })}
        value={when.every}
        onChange={(every) =>
          put({
            every: every as When['every'],
            days: days.length ? days : [1],
            day: when.day ?? 1,
            minutes: when.minutes ?? 60,
            at: when.at ?? '03:30',
          })
        }
        options={(['day', 'week', 'month', 'minutes'] as const).map((e) => [e, t(`schedule.${e}`)])}
      />
      {when.every === 'week' && (
        <Block error={wrong.days}>
          <div role="group" aria-label={t('schedule.days_of_week')} className="flex flex-wrap gap-1">
            {[1, 2, 3, 4, 5, 6, 7].map((d) => (
              <button
                key={d}
                type="button"
                aria-pressed={days.includes(d)}
                onClick={() => put({ days: days.includes(d) ? days.filter((x) => x !== d) : [...days, d].sort() })}
                className={cx(
                  'h-8 min-w-11 rounded-md border px-2 max-md:h-11',
                  days.includes(d) ? 'border-accent bg-accent-tint font-medium text-accent' : 'border-edge bg-panel hover:bg-hover',
                )}
              >
                {t(`schedule.day${d}`)}
              </button>
            ))}
          </div>
        </Block>
      )}
      <div className="flex flex-wrap gap-3">
        {when.every === 'month' && (
          <Row
            label={t('schedule.day_of_month')}
            error={wrong.day && words(wrong.day)}
            note={when.day! > 28 ? t('schedule.last_day') : undefined}
          >
            {(ids) => (
              <Select {...ids} value={when.day} onChange={(e) => put({ day: Number(e.target.value) })}>
                {Array.from({ length: 31 }, (_, i) => (
                  <option key={i} value={i + 1}>
                    {t('schedule.nth_day', { n: i + 1 })}
                  </option>
                ))}
              </Select>
            )}
          </Row>
        )}
        {when.every === 'minutes' ? (
          <Count label={t('schedule.interval')} error={wrong.minutes} value={when.minutes} onChange={(minutes) => put({ minutes })} />
        ) : (
          <Row label={t('schedule.at')} error={wrong.at && words(wrong.at)}>
            {(ids) => (
              <input
                {...ids}
                className="control w-28"
                placeholder="03:30"
                onBlur={(e) => put({ at: readTime(e.target.value) })}
                value={when.at ?? ''}
                onChange={(e) => put({ at: e.target.value })}
              />
            )}
          </Row>
        )}
      </div>
      {next && (
        <p role="status" className="text-xs text-muted">
          {t('schedule.next_times', { times: next.slice(0, 3).map(moment).join(t('mark.comma')) })}
        </p>
      )}
    </fieldset>
  )
}

/** 330, 3:30 and full-width digits are 03:30; what is no time stays as typed, for the server to refuse. */
function readTime(text: string): string {
  const m = /^(\d{1,2}):?(\d{2})$/.exec(digits(text))
  return m ? `${m[1]!.padStart(2, '0')}:${m[2]}` : text
}

function Block({ error, children }: { error?: string; children: ReactNode }) {
  return (
    <div>
      {children}
      {error && <p className="mt-1 text-xs text-bad">{words(error)}</p>}
    </div>
  )
}
