import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, post, Problem, tell, words } from '../client/call'
import { stale } from '../client/data'
import type { Ref } from '../client/types'
import { count } from '../field/format'
import { fieldLabel } from '../field/label'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Progress } from '../ui/progress'
import { Row } from '../ui/row'
import { State, type Tone } from '../ui/tag'
import { say } from '../ui/toast'
import type { Lesson } from './lessons'

interface Tried {
  document: Ref | null
  paper: number
  held: string
  confirmed: boolean
  found: boolean
  value: string
  right: boolean
}
interface Answer {
  data: Tried[]
  next: string
  of: number
}

/** Right and wrong are said only against what a person confirmed; beside what a machine read, a value is the same or another. */
const verdict = (r: Tried): [string, Tone] =>
  !r.found
    ? ['lesson.unread', 'plain']
    : r.confirmed
      ? r.right
        ? ['lesson.right_one', 'ok']
        : ['lesson.wrong_one', 'bad']
      : r.right
        ? ['lesson.same', 'plain']
        : ['lesson.other', 'warn']

/** What a label reads from the papers of its form that are on file, beside what is held of them; nothing is written until it is saved. */
export function Trial({ lesson, may, onClose }: { lesson: Lesson; may: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const [label, setLabel] = useState(lesson.label)
  const [asked, setAsked] = useState({ label: lesson.label, n: 0 })
  const [rows, setRows] = useState<Tried[]>([])
  const [at, setAt] = useState({ done: 0, of: 0, over: false })
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    const stop = new AbortController()
    const run = async () => {
      setRows([])
      setAt({ done: 0, of: 0, over: false })
      setWrong('')
      try {
        for (let after = ''; ; ) {
          const a = await post<Answer>(`/lessons/${lesson.id}/try`, { label: asked.label, after }, { signal: stop.signal })
          setRows((r) => [...r, ...a.data])
          after = a.next
          setAt({ done: after ? Number(after.split('.')[1]) : a.of, of: a.of, over: !after })
          if (!after) return
        }
      } catch (e) {
        if (stop.signal.aborted) return
        setWrong(e instanceof Problem && e.fields.label ? words(e.fields.label) : tell(e))
        setAt((a) => ({ ...a, over: true }))
      }
    }
    run()
    return () => stop.abort()
  }, [asked, lesson.id])
  const save = async (to: string) => {
    setBusy(true)
    try {
      await call('PATCH', `/lessons/${lesson.id}`, { label: to })
      say(t('lesson.saved', { label: to }), to === lesson.label ? undefined : { title: t('act.undo'), run: () => save(lesson.label) })
      stale('lesson')
      onClose()
    } catch (e) {
      setWrong(e instanceof Problem && e.fields.label ? words(e.fields.label) : tell(e))
    } finally {
      setBusy(false)
    }
  }
  const tallied = (key: string) => rows.filter((r) => verdict(r)[0] === key).length
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('lesson.try_title', { fact: fieldLabel('receipt', { name: lesson.fact }) })}
      note={t('lesson.try_note')}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.close')}
          </Button>
          {may && (
            <Button
              form
              tone="primary"
              busy={busy}
              disabled={busy || label.trim() === lesson.label || !label.trim()}
              onClick={() => save(label.trim())}
            >
              {t('lesson.save')}
            </Button>
          )}
        </>
      }
    >
      <form
        className="flex items-end gap-2"
        onSubmit={(e) => {
          e.preventDefault()
          setAsked({ label: label.trim(), n: asked.n + 1 })
        }}
      >
        <Row label={t('field.lesson.label')} error={wrong} className="flex-1">
          {(ids) => <input {...ids} className="control w-full" maxLength={40} value={label} onChange={(e) => setLabel(e.target.value)} />}
        </Row>
        <Button form type="submit" className={wrong ? 'mb-6' : ''}>
          {t('lesson.try')}
        </Button>
      </form>
      {!at.over && <Progress label={t('lesson.trying')} done={at.done} total={at.of} />}
      <p role="status" className="py-2 text-muted">
        {at.over && rows.length === 0 && !wrong
          ? t('lesson.no_samples')
          : rows.length > 0 &&
            ['lesson.right_one', 'lesson.wrong_one', 'lesson.same', 'lesson.other', 'lesson.unread']
              .filter((k) => tallied(k) > 0)
              .map((k) => `${t(k)} ${count(tallied(k))}`)
              .join(' · ')}
      </p>
      {rows.length > 0 && (
        <table className="w-full table-fixed">
          <thead>
            <tr className="h-8 border-b border-line text-left text-xs text-muted [&>th]:font-normal">
              <th>{t('lesson.sample')}</th>
              <th>{t('lesson.held')}</th>
              <th>{t('lesson.reads')}</th>
              <th className="w-24">{t('lesson.verdict')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((r) => {
              const [key, tone] = verdict(r)
              return (
                <tr key={`${r.document?.id}.${r.paper}`} className="h-9 border-b border-line align-middle [&>td]:pr-3">
                  <td className="truncate">
                    <Link
                      to="/$plural"
                      params={{ plural: 'documents' }}
                      search={{ id: r.document?.id } as never}
                      className="text-accent hover:underline"
                    >
                      {r.document?.title}
                    </Link>
                  </td>
                  <td className="figures break-words">{r.held || <span className="text-muted">{t('fact.missing')}</span>}</td>
                  <td className="figures break-words">{r.found ? r.value : ''}</td>
                  <td>
                    <State tone={tone}>{t(key)}</State>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
    </Dialog>
  )
}
