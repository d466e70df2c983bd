import i18next from 'i18next'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { tell, words } from '../client/call'
import { useKinds } from '../client/data'
import type { Job, Operation } from '../client/types'
import { count } from '../field/format'
import { fieldLabel } from '../field/label'
import { Spinner } from '../ui/button'
import { hold } from '../ui/toast'
import { atWork, resume, undo, useOperation } from './operation'

const few = 3
const stays = 10_000

/** Follows an operation to its end where it stands in nobody's way; put away, it goes on. `look` opens it whole. */
export function watch(id: string, look: (id: string) => void): void {
  hold(i18next.t('nav.operations'), (close) => <Watch id={id} close={close} look={look} />)
}

function Watch({ id, close, look }: { id: string; close: () => void; look: (id: string) => void }) {
  const { t } = useTranslation()
  const { operation: o, job, still, error } = useOperation(id)
  const over = !!o && !atWork(o)
  const clean = over && o.failed === 0 && o.kept === 0
  useEffect(() => {
    if (!clean) return
    const timer = setTimeout(close, stays)
    return () => clearTimeout(timer)
  }, [clean, o?.state])
  const act = 'h-7 rounded-md px-2 font-medium text-accent hover:bg-hover max-md:h-11'
  return (
    <div className="flex flex-col gap-1.5 text-sm">
      <div role="status" className="flex items-start gap-2.5">
        <span className="mt-0.5 shrink-0">
          {clean ? (
            <CircleCheck size={16} aria-hidden className="text-ok" />
          ) : over || still || error ? (
            <CircleAlert size={16} aria-hidden className="text-warn" />
          ) : (
            <Spinner />
          )}
        </span>
        <span className="min-w-0 flex-1">{error ? tell(error) : o ? <Outcome o={o} still={still} /> : t('operation.begun')}</span>
      </div>
      {o && atWork(o) && !still && <Far o={o} job={job} />}
      {o?.state === 'done' && <Faults o={o} most={few} />}
      {o?.state === 'undone' && <Left o={o} most={few} />}
      <div className="-mx-2 flex flex-wrap">
        {o?.state === 'done' && o.done > 0 && (
          <button type="button" className={act} onClick={() => undo(id)}>
            {t('operation.undo')}
          </button>
        )}
        {o && still && (
          <button type="button" className={act} onClick={() => resume(o)}>
            {t('operation.resume')}
          </button>
        )}
        <button
          type="button"
          className={act}
          onClick={() => {
            close()
            look(id)
          }}
        >
          {t('operation.look')}
        </button>
      </div>
    </div>
  )
}

/** What became of it, in one sentence. */
export function Outcome({ o, still }: { o: Operation; still?: boolean }) {
  const { t } = useTranslation()
  if (still) return t('operation.still')
  if (o.state === 'running') return t(`operation.running_${o.verb}`, { n: count(o.total) })
  if (o.state === 'undoing') return t('operation.undoing')
  if (o.state === 'undone') return o.kept > 0 ? t('operation.undone_kept', { n: count(o.kept) }) : t('operation.undone')
  return [
    t(`operation.done_${o.verb}`, { n: count(o.done) }),
    o.same > 0 && t('operation.same', { n: count(o.same) }),
    o.failed > 0 && t('operation.failed', { n: count(o.failed) }),
  ]
    .filter(Boolean)
    .join(t('mark.clause'))
}

/** How far its job is. */
export function Far({ o, job }: { o: Operation; job?: Job }) {
  const { t } = useTranslation()
  const total = job?.total || o.total
  const part = total > 0 ? Math.min(1, (job?.done ?? 0) / total) : 0
  return (
    <div className="flex items-center gap-3">
      <span
        role="progressbar"
        aria-label={t('operation.progress')}
        aria-valuenow={Math.round(part * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        className="block h-1 flex-1 overflow-hidden rounded-full bg-line"
      >
        <span className="block h-full bg-accent transition-[width]" style={{ width: `${part * 100}%` }} />
      </span>
      <span className="shrink-0 text-xs tabular-nums text-muted">
        {count(job?.done ?? 0)} / {count(total)}
      </span>
    </div>
  )
}

interface Line {
  key: string
  title: string
  reason: string
}

/** Which records it could not change, and why. */
export function Faults({ o, most }: { o: Operation; most?: number }) {
  const kind = useKinds().find((k) => k.kind === o.of)
  const { t } = useTranslation()
  const label = (name: string) => fieldLabel(o.of, kind?.fields.find((f) => f.name === name) ?? { name })
  const lines = (o.faults ?? []).map((f) => {
    const fields = Object.entries(f.fields ?? {}).map(([name, why]) => `${label(name)} ${words(why)}`)
    return { key: f.id, title: f.title || t('mark.untitled'), reason: fields.length > 0 ? fields.join(t('mark.clause')) : words(f.reason) }
  })
  return <Lines lines={lines} most={most} of={o.failed} />
}

/** What an undo left as it is, since somebody changed it meanwhile. */
export function Left({ o, most }: { o: Operation; most?: number }) {
  const kinds = useKinds()
  const { t } = useTranslation()
  const lines = (o.left ?? []).map((x, i) => {
    const field =
      x.field && fieldLabel(x.kind, kinds.find((k) => k.kind === x.kind)?.fields.find((f) => f.name === x.field) ?? { name: x.field })
    return {
      key: `${x.id} ${x.field} ${i}`,
      title: x.title || t('mark.untitled'),
      reason: [field, t(`issue.${x.reason}`)].filter(Boolean).join(' '),
    }
  })
  return <Lines lines={lines} most={most} of={o.kept} />
}

function Lines({ lines, most = lines.length, of }: { lines: Line[]; most?: number; of: number }) {
  const { t } = useTranslation()
  const shown = lines.slice(0, most)
  if (shown.length === 0) return null
  return (
    <ul className="flex flex-col gap-0.5 text-xs">
      {shown.map((l) => (
        <li key={l.key} className="flex gap-2">
          <span className="max-w-[50%] shrink-0 truncate">{l.title}</span>
          <span className="min-w-0 text-muted">{l.reason}</span>
        </li>
      ))}
      {of > shown.length && <li className="text-muted">{t('operation.more', { n: count(of - shown.length) })}</li>}
    </ul>
  )
}
