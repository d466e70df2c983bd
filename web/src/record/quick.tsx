import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, Problem, tell, words } from '../client/call'
import { stale, useKind, useSession } from '../client/data'
import type { Kind, Rec, Ref } from '../client/types'
import { DateInput } from '../field/date'
import { choiceLabel } from '../field/label'
import { RefInput } from '../field/ref'
import { Button } from '../ui/button'
import { Row } from '../ui/row'
import { Segments } from '../ui/segments'
import { Select } from '../ui/select'
import { say, warn } from '../ui/toast'
import { Composer } from './composer'
import { blank, type Draft, pack } from './mention'
import { create, trash } from './write'

interface QuickProps {
  kind: Kind
  record: Rec
  draft: Draft
  onDraft: (d: Draft) => void
  file?: ReactNode
}

/** Said, noted, given somebody to do, or filed, without leaving the record. */
export function Quick({ kind, record, draft, onDraft, file }: QuickProps) {
  const { t } = useTranslation()
  const activity = useKind('activity')
  const task = useKind('task')
  const [what, setWhat] = useState('comment')
  const can = (k: Kind | null | undefined) => !!k && (k.can?.includes('create') ?? true) && !!linkTo(k, kind)
  const ways = ['comment', ...(can(activity) ? ['activity'] : []), ...(can(task) ? ['task'] : [])]
  const send = async () => {
    try {
      await post('/comments', { about: kind.kind, rec: record.id, body: pack(draft) }, { once: crypto.randomUUID() })
      onDraft(blank)
      stale('comment')
    } catch (e) {
      warn(tell(e))
    }
  }
  return (
    <section aria-label={t('quick.title')}>
      <div className="flex flex-wrap items-center gap-2 pb-2">
        {ways.length > 1 && (
          <Segments label={t('quick.title')} value={what} onChange={setWhat} options={ways.map((w) => [w, t(`quick.${w}`)])} />
        )}
        <span className="flex-1" />
        {file}
      </div>
      {what === 'comment' && <Composer label={t('talk.write')} draft={draft} onDraft={onDraft} send={t('talk.send')} onSend={send} />}
      {what === 'activity' && activity && <Short key="activity" kind={activity} about={kind} record={record} />}
      {what === 'task' && task && <Short key="task" kind={task} about={kind} record={record} />}
    </section>
  )
}

/** The field by which records of one kind name those of another. */
export const linkTo = (of: Kind, to: Kind) => of.fields.find((f) => f.ref === to.kind && !f.system && f.name !== 'owner')

/** The few facts of an activity or a task; the whole form is a click away on its own page. */
function Short({ kind, about, record }: { kind: Kind; about: Kind; record: Rec }) {
  const { t } = useTranslation()
  const me = useSession().data?.user
  const isTask = kind.kind === 'task'
  const [type, setType] = useState('call')
  const [subject, setSubject] = useState('')
  const [body, setBody] = useState('')
  const [who, setWho] = useState<Ref | null>(me ? { id: me.id, title: me.name } : null)
  const [due, setDue] = useState('')
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const [once, setOnce] = useState(() => crypto.randomUUID())
  const types = kind.fields.find((f) => f.name === 'type')
  const save = async () => {
    setBusy(true)
    setWrong({})
    // Who is linked to the record is linked to its customer too.
    const self: Ref = { id: record.id, title: record.title }
    const customer = record.customer as Ref | null | undefined
    const others = about.kind !== 'customer' && customer && kind.fields.some((f) => f.name === 'customer') ? { customer } : {}
    try {
      const made = await create(
        kind,
        isTask
          ? { ...others, subject, assignee: who, due_on: due || null, stage: 'open', note: body, [linkTo(kind, about)!.name]: self }
          : {
              ...others,
              type,
              subject: subject || firstLine(body),
              body,
              happened_at: new Date().toISOString(),
              [linkTo(kind, about)!.name]: self,
            },
        once,
      )
      setSubject('')
      setBody('')
      setDue('')
      setOnce(crypto.randomUUID())
      say(t(isTask ? 'quick.task_made' : 'quick.activity_made'), { title: t('act.undo'), run: () => void trash(kind, made) })
    } catch (e) {
      if (e instanceof Problem && Object.keys(e.fields).length > 0)
        setWrong(Object.fromEntries(Object.entries(e.fields).map(([k, v]) => [k, words(v)])))
      warn(tell(e))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(e) => {
        e.preventDefault()
        void save()
      }}
    >
      <div className="flex flex-wrap gap-2">
        {!isTask && types && (
          <Select aria-label={t('field.activity.type')} value={type} onChange={(e) => setType(e.target.value)} className="w-28">
            {types.choices?.map((c) => (
              <option key={c} value={c}>
                {choiceLabel('activity', types, c)}
              </option>
            ))}
          </Select>
        )}
        <input
          className="control min-w-40 flex-1"
          aria-label={t(`field.${kind.kind}.subject`)}
          aria-invalid={wrong.subject ? true : undefined}
          placeholder={t(isTask ? 'quick.task_hint' : 'quick.activity_hint')}
          value={subject}
          onChange={(e) => setSubject(e.target.value)}
        />
      </div>
      {isTask ? (
        <div className="flex flex-wrap gap-2">
          <Row label={t('field.task.assignee')} error={wrong.assignee} className="min-w-40 flex-1">
            {(ids) => <RefInput {...ids} kind="user" value={who} onChange={setWho} />}
          </Row>
          <Row label={t('field.task.due_on')} error={wrong.due_on} className="w-44">
            {(ids) => <DateInput {...ids} value={due} onChange={(v) => setDue(v ?? '')} />}
          </Row>
        </div>
      ) : (
        <textarea
          rows={2}
          aria-label={t('field.activity.body')}
          placeholder={t('quick.body_hint')}
          className="control h-auto! w-full py-1.5"
          value={body}
          onChange={(e) => setBody(e.target.value)}
        />
      )}
      {wrong.subject && <p className="text-xs text-bad">{wrong.subject}</p>}
      <div className="flex justify-end">
        <Button type="submit" tone="primary" busy={busy} disabled={!subject.trim() && (isTask || !body.trim())}>
          {t('act.save')}
        </Button>
      </div>
    </form>
  )
}

const firstLine = (s: string) => s.trim().split('\n')[0]!.slice(0, 80)
