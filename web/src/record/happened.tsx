import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { base, tell } from '../client/call'
import type { Field, Kind, Money, Rec, Ref } from '../client/types'
import { Cell } from '../field/cell'
import { moment, money, titleOf } from '../field/format'
import { kindIcon } from '../field/kindicon'
import { kindLabel } from '../field/label'
import { cx } from '../ui/cx'
import { State } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { today } from './day'
import { stead } from './stead'
import { update } from './write'

/** A record that names another, on that one's timeline. */
export function Happened({ kind, record, at, about }: { kind: Kind; record: Rec; at?: string; about: string }) {
  const Icon = kindIcon(kind)
  const amount = kind.fields.find((f) => f.type === 'money' && record[f.name])
  // What tells it apart at a glance; a choice that everybody may see. Stages before sorts.
  const tags = kind.fields.filter((f) => f.type === 'choice' && f.name !== 'status' && record[f.name]).slice(0, 3)
  const body = kind.fields.find((f) => f.type === 'longtext' && record[f.name])
  const done = kind.kind === 'task' && record.stage !== 'open'
  return (
    <div className="flex gap-2">
      <span className="absolute -left-[11px] top-0 grid size-[21px] place-items-center rounded-full border border-line bg-panel text-muted">
        <Icon size={12} aria-label={kindLabel(kind)} />
      </span>
      <div className="min-w-0 flex-1 pl-1.5">
        <p className="flex items-baseline gap-2">
          {kind.kind === 'task' && <Done kind={kind} record={record} />}
          <Link
            to={`/${kind.plural}` as never}
            search={{ id: record.id } as never}
            className={cx('min-w-0 truncate font-medium hover:underline', done && 'text-muted line-through')}
          >
            {amount && kind.kind === 'receipt' ? kindTitle(record) : titleOf(record)}
          </Link>
          <span className="flex-1" />
          {amount && <span className="figures shrink-0 font-medium">{money(record[amount.name] as Money)}</span>}
          {at && <time className="figures shrink-0 text-xs text-muted">{moment(at).slice(11)}</time>}
        </p>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 pt-0.5 text-xs text-muted">
          {tags.map((f) => (
            <Cell key={f.name} kind={kind.kind} field={f} value={record[f.name]} record={record} />
          ))}
          {kind.kind === 'task' && <Due record={record} />}
          {refs(kind, record, about).map(({ f, ref }) => (
            <span key={f.name} className="max-w-[24ch] truncate">
              {ref.title}
            </span>
          ))}
        </p>
        {body && <p className="line-clamp-3 whitespace-pre-wrap break-words pt-1 text-sm">{String(record[body.name])}</p>}
      </div>
      {kind.kind === 'document' && Number(record.pages) > 0 && (
        <Link to="/$plural" params={{ plural: kind.plural }} search={{ id: record.id } as never} aria-label={titleOf(record)} tabIndex={-1}>
          <img
            src={`${base}/documents/${record.id}/pages/1?width=160&v=${record.edition}`}
            alt=""
            loading="lazy"
            className="h-14 w-20 rounded-md border border-line bg-white object-cover object-top"
            onError={(e) => e.currentTarget.remove()}
          />
        </Link>
      )}
    </div>
  )
}

/** A receipt beside its customer is told by its number or purpose: the name is known. */
function kindTitle(r: Rec): string {
  return String(r.purpose || r.slip_no || r.invoice_no || '') || stead('receipt', 'customer', r) || titleOf(r)
}

/** Whom and what else it names; not the record whose timeline it is on, and of people who is to do it. */
function refs(kind: Kind, record: Rec, about: string): { f: Field; ref: Ref }[] {
  return kind.fields.flatMap((f) => {
    const ref = record[f.name] as Ref | null
    return f.type === 'ref' && f.ref !== about && ref && !['owner', 'department', 'document', 'container'].includes(f.name)
      ? [{ f, ref }]
      : []
  })
}

function Due({ record }: { record: Rec }) {
  const { t } = useTranslation()
  const due = String(record.due_on ?? '')
  if (!due) return null
  const late = record.stage === 'open' && due < today()
  return late ? <State tone="bad">{t('task.late', { day: due })}</State> : <span className="figures">{t('task.due', { day: due })}</span>
}

/** Done and not done, with one click and back. */
function Done({ kind, record }: { kind: Kind; record: Rec }) {
  const { t } = useTranslation()
  // Shown at once; what the server says takes its place.
  const [meant, setMeant] = useState<{ version: number; stage: string }>()
  const stage = meant?.version === record.version ? meant.stage : record.stage
  const may = kind.can?.includes('update') ?? true
  const set = async (from: Rec, stage: string, undo?: boolean): Promise<void> => {
    setMeant({ version: from.version, stage })
    try {
      const next = await update(kind, from, { stage, done_at: stage === 'done' ? new Date().toISOString() : null })
      if (!undo)
        say(t(stage === 'done' ? 'task.done' : 'task.opened'), {
          title: t('act.undo'),
          run: () => void set(next, String(from.stage), true),
        })
    } catch (e) {
      setMeant(undefined)
      warn(tell(e))
    }
  }
  return (
    <input
      type="checkbox"
      className="self-center"
      aria-label={t('task.is_done', { title: titleOf(record) })}
      checked={stage === 'done'}
      disabled={!may || record.stage === 'cancelled'}
      onChange={(e) => void set(record, e.target.checked ? 'done' : 'open')}
    />
  )
}
