import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { GraduationCap } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, post, tell } from '../client/call'
import { stale, useKind, useMay } from '../client/data'
import type { Page, Rec, Ref } from '../client/types'
import { count, moment } from '../field/format'
import { fieldLabel } from '../field/label'
import { Bar, Space } from '../ui/bar'
import { Button } from '../ui/button'
import { State, type Tone } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { Trial } from './trial'

export interface Lesson extends Rec {
  issuer: string
  form: string
  words: string[]
  fact: string
  label: string
  way: 'right' | 'below'
  place: number
  places: number
  document: Ref | null
  owner: Ref | null
  created_at: string
  confirmed: number
  contradicted: number
  paused: boolean
}

const most = 200
const stateOf = (l: Lesson): [string, Tone] =>
  l.paused ? ['lesson.paused', 'plain'] : l.contradicted > l.confirmed ? ['lesson.stopped', 'bad'] : ['lesson.applied', 'ok']

/** Labels that corrections taught, form by form: each can be tried on what is on file, changed, paused and taken away. */
export function LearntLabels() {
  const { t } = useTranslation()
  const kind = useKind('lesson')
  const may = useMay('document', 'update')
  const [open, setOpen] = useState<Lesson>()
  const { data, error, refetch } = useQuery({
    queryKey: ['lesson', 'all'],
    enabled: !!kind,
    queryFn: ({ signal }) => post<Page<Lesson>>('/lessons:query', { limit: most }, { signal }),
  })
  const forms = new Map<string, Lesson[]>()
  for (const l of data?.data ?? []) {
    const key = `${l.issuer}|${l.form}|${l.words.join('|')}`
    forms.set(key, [...(forms.get(key) ?? []), l])
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.lessons')}>
        <Space />
      </Bar>
      <section tabIndex={0} aria-label={t('nav.lessons')} className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none">
        {kind === null ? (
          <Empty icon={GraduationCap} title={t('lesson.denied')} />
        ) : error ? (
          <Empty title={t('error.title')} note={tell(error)}>
            <Button onClick={() => refetch()}>{t('act.again')}</Button>
          </Empty>
        ) : !data ? (
          <Skeleton lines={6} />
        ) : data.data.length === 0 ? (
          <Empty icon={GraduationCap} title={t('lesson.none')} note={t('lesson.none_note')}>
            <Link to="/queue" className="text-accent hover:underline">
              {t('lesson.to_queue')}
            </Link>
          </Empty>
        ) : (
          <div className="max-w-[960px] px-6 py-3 max-md:px-4">
            <p className="pb-3 text-muted">{t('lesson.note')}</p>
            {[...forms].map(([key, lessons]) => (
              <Form key={key} lessons={lessons} may={may} onTry={setOpen} />
            ))}
            {data.has_more && <p className="py-3 text-xs text-muted">{t('lesson.cut', { n: count(most) })}</p>}
          </div>
        )}
      </section>
      {open && <Trial lesson={open} may={may} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

/** One form: who prints it, what it is called, which words are on it, and what was learnt of it. */
function Form({ lessons, may, onTry }: { lessons: Lesson[]; may: boolean; onTry: (l: Lesson) => void }) {
  const { t } = useTranslation()
  const [l] = lessons
  const title = l!.form || l!.issuer
  return (
    <section aria-label={title} className="pb-6">
      <h2 className="flex flex-wrap items-baseline gap-x-2 text-base font-medium">
        {title}
        {l!.issuer && l!.form && !l!.form.includes(l!.issuer) && <span className="text-sm font-normal text-muted">{l!.issuer}</span>}
      </h2>
      <p className="truncate text-xs text-muted" title={l!.words.join(' ')}>
        {t('lesson.words', { words: l!.words.join(' ') })}
      </p>
      <ul>
        {lessons.map((x) => (
          <One key={x.id} lesson={x} may={may} onTry={() => onTry(x)} />
        ))}
      </ul>
    </section>
  )
}

function One({ lesson: l, may, onTry }: { lesson: Lesson; may: boolean; onTry: () => void }) {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const [state, tone] = stateOf(l)
  const rests = l.paused || l.contradicted > l.confirmed
  const act = async (what: () => Promise<unknown>, done: string, undo?: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await what()
      say(t(done, { label: l.label }), undo && { title: t('act.undo'), run: () => act(undo, 'lesson.restored') })
    } catch (e) {
      warn(tell(e))
    } finally {
      setBusy(false)
      stale('lesson')
    }
  }
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-2">
      <span className="min-w-56 flex-1">
        <span className="block">
          <b className="font-medium">{l.label}</b>
          <span className="text-muted">
            {' '}
            {t(`lesson.${l.way}`)}
            {l.places > 1 && t('lesson.place', { n: l.place, of: l.places })} →{' '}
          </span>
          {fieldLabel('receipt', { name: l.fact })}
        </span>
        <span className="block text-xs text-muted">
          {t('lesson.counts', { right: count(l.confirmed), wrong: count(l.contradicted) })}
          {' · '}
          {l.document && !l.document.gone ? (
            <Link to="/$plural" params={{ plural: 'documents' }} search={{ id: l.document.id } as never} className="text-accent underline">
              {l.document.title}
            </Link>
          ) : (
            t('lesson.elsewhere')
          )}
          {[l.owner?.title, moment(l.created_at)]
            .filter(Boolean)
            .map((s) => ` · ${s}`)
            .join('')}
        </span>
      </span>
      <State tone={tone}>{t(state)}</State>
      {may && (
        <span className="flex gap-2">
          <Button disabled={busy} onClick={onTry} aria-label={t('lesson.try_of', { label: l.label })}>
            {t('lesson.try')}
          </Button>
          <Button
            disabled={busy}
            onClick={() => act(() => call('PATCH', `/lessons/${l.id}`, { paused: !rests }), rests ? 'lesson.resumed' : 'lesson.was_paused')}
          >
            {t(rests ? 'lesson.resume' : 'lesson.pause')}
          </Button>
          <Button
            disabled={busy}
            tone="danger"
            onClick={() =>
              act(
                () => call('DELETE', `/lessons/${l.id}`),
                'lesson.removed',
                () => post(`/lessons/${l.id}/restore`),
              )
            }
          >
            {t('lesson.remove')}
          </Button>
        </span>
      )}
    </li>
  )
}
