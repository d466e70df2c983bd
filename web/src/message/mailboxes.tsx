import { useQuery } from '@tanstack/react-query'
import { Inbox, Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, post, Problem, tell, words } from '../client/call'
import { stale, useKind, useSession } from '../client/data'
import type { Kind, Page, Rec, Ref } from '../client/types'
import { count, moment } from '../field/format'
import { choiceLabel } from '../field/label'
import { RefInput } from '../field/ref'
import { Bar, Space } from '../ui/bar'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { Select } from '../ui/select'
import { State, type Tone } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'

interface Mailbox extends Rec {
  host: string
  port: number
  security: string
  login: string
  folder: string
  user: Ref | null
  paused: boolean
  state: 'new' | 'following' | 'failing' | 'paused'
  reason: string
  taken: number | null
  skipped: number | null
  checked_at: string | null
}

const tones: Record<Mailbox['state'], Tone> = { new: 'plain', following: 'ok', failing: 'bad', paused: 'plain' }

/** Mailboxes from which mails are taken in: how they are reached, and how they fare. */
export function Mailboxes() {
  const { t } = useTranslation()
  const kind = useKind('mailbox')
  const admin = useSession().data?.user.admin
  const [open, setOpen] = useState<Mailbox | 'new'>()
  const { data, error, refetch } = useQuery({
    queryKey: ['mailbox', 'all'],
    enabled: !!kind,
    queryFn: ({ signal }) => post<Page<Mailbox>>('/mailboxes:query', { limit: 200 }, { signal }),
  })
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.mailboxes')}>
        <Space />
        {kind && (
          <Button tone="primary" icon={Plus} onClick={() => setOpen('new')}>
            {t('mailbox.new')}
          </Button>
        )}
      </Bar>
      <section tabIndex={0} aria-label={t('nav.mailboxes')} className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none">
        {kind === null || admin === false ? (
          <Empty icon={Inbox} title={t('mailbox.denied')} />
        ) : error ? (
          <Empty title={t('error.title')} note={tell(error)}>
            <Button onClick={() => refetch()}>{t('act.again')}</Button>
          </Empty>
        ) : !data || !kind ? (
          <Skeleton lines={5} />
        ) : data.data.length === 0 ? (
          <Empty icon={Inbox} title={t('mailbox.none')} note={t('mailbox.none_note')}>
            <Button onClick={() => setOpen('new')}>{t('mailbox.new')}</Button>
          </Empty>
        ) : (
          <ul className="max-w-[900px] px-6 py-3 max-md:px-4">
            {data.data.map((m) => (
              <One key={m.id} kind={kind} mailbox={m} onOpen={() => setOpen(m)} />
            ))}
          </ul>
        )}
      </section>
      {open && kind && <Editor kind={kind} mailbox={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

const accessOf = (m: Mailbox) => ({
  name: m.title,
  host: m.host,
  port: m.port,
  security: m.security,
  login: m.login,
  folder: m.folder,
  user: m.user?.id,
  paused: m.paused,
})

function One({ kind, mailbox: m, onOpen }: { kind: Kind; mailbox: Mailbox; onOpen: () => void }) {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const state = kind.fields.find((f) => f.name === 'state')!
  const act = async (done: string, what: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await what()
      say(t(done, { name: m.title }))
    } catch (e) {
      warn(tell(e))
    } finally {
      setBusy(false)
      stale('mailbox')
    }
  }
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-2.5">
      <Inbox size={16} aria-hidden className="text-muted" />
      <span className="min-w-40 flex-1">
        <button type="button" onClick={onOpen} className="block max-w-full truncate text-left font-medium hover:underline">
          {m.title}
        </button>
        <span className="block truncate text-xs text-muted">
          {[`${m.login} · ${m.host}`, m.folder, t('mailbox.taken', { n: count(m.taken ?? 0) }), m.checked_at ? moment(m.checked_at) : '']
            .filter(Boolean)
            .join(' · ')}
        </span>
        {m.reason && <span className="block text-xs text-bad">{words(m.reason)}</span>}
      </span>
      <State tone={tones[m.state]}>{choiceLabel('mailbox', state, m.state)}</State>
      <Button
        disabled={busy}
        onClick={() =>
          act(m.paused ? 'mailbox.resumed' : 'mailbox.was_paused', () =>
            call('PUT', `/mailboxes/${m.id}`, { ...accessOf(m), paused: !m.paused }),
          )
        }
      >
        {t(m.paused ? 'mailbox.resume' : 'mailbox.pause')}
      </Button>
      <Button disabled={busy} tone="danger" onClick={() => act('mailbox.removed', () => call('DELETE', `/mailboxes/${m.id}`))}>
        {t('mailbox.remove')}
      </Button>
    </li>
  )
}

/** How a mailbox is reached; tried before it is kept, so that what is wrong is said beside the field. */
function Editor({ kind, mailbox: m, onClose }: { kind: Kind; mailbox?: Mailbox; onClose: () => void }) {
  const { t } = useTranslation()
  const me = useSession().data?.user
  const security = kind.fields.find((f) => f.name === 'security')!
  const [draft, setDraft] = useState<Record<string, string>>({
    name: m?.title ?? '',
    host: m?.host ?? '',
    port: m?.port ? String(m.port) : '993',
    security: m?.security ?? 'tls',
    login: m?.login ?? '',
    password: '',
    folder: m?.folder ?? '',
  })
  const [user, setUser] = useState<Ref | null>(m?.user ?? (me ? { id: me.id, title: me.name } : null))
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [told, setTold] = useState<{ ok: boolean; text: string }>()
  const [busy, setBusy] = useState('')
  const set = (name: string, value: string) => setDraft((d) => ({ ...d, [name]: value }))
  useEffect(() => {
    // Who chooses another encryption means its port, unless he has said one of his own.
    setDraft((d) => (['993', '143', ''].includes(d.port!) ? { ...d, port: d.security === 'tls' ? '993' : '143' } : d))
  }, [draft.security])
  const body = () => ({ ...draft, id: m?.id, port: Number(draft.port) || 0, user: user?.id, paused: m?.paused ?? false })
  const run = async (what: 'try' | 'save') => {
    setBusy(what)
    setWrong({})
    setTold(undefined)
    try {
      const { mails } = await post<{ mails: number }>('/mailboxes:try', body())
      if (what === 'try') return setTold({ ok: true, text: t('mailbox.tried', { n: count(mails) }) })
      const { id, ...rest } = body()
      if (id) await call('PUT', `/mailboxes/${id}`, rest)
      else await post('/mailboxes', rest)
      stale('mailbox')
      say(t('mailbox.saved'))
      onClose()
    } catch (e) {
      if (e instanceof Problem) setWrong(Object.fromEntries(Object.entries(e.fields).map(([k, v]) => [k, words(v)])))
      setTold({ ok: false, text: e instanceof Problem && e.detail ? words(e.detail) : tell(e) })
    } finally {
      setBusy('')
    }
  }
  const text = (name: string, more: { type?: string; hint?: string; required?: boolean; className?: string } = {}) => (
    <Row label={t(`field.mailbox.${name}`)} error={wrong[name]} required={more.required} className={more.className}>
      {(ids) => (
        <input
          {...ids}
          className="control w-full"
          type={more.type ?? 'text'}
          autoComplete={more.type === 'password' ? 'new-password' : 'off'}
          placeholder={more.hint}
          value={draft[name]}
          onChange={(e) => set(name, e.target.value)}
        />
      )}
    </Row>
  )
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t(m ? 'mailbox.edit' : 'mailbox.new')}
      note={t('mailbox.note')}
      foot={
        <>
          <Button form busy={busy === 'try'} disabled={!!busy} onClick={() => run('try')} className="mr-auto">
            {t('mailbox.try')}
          </Button>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" busy={busy === 'save'} disabled={!!busy} onClick={() => run('save')}>
            {t('act.save')}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-2 gap-3 max-md:grid-cols-1">
        {text('host', { hint: 'imap.exmail.qq.com', required: true, className: 'md:col-span-2' })}
        <Row label={t('field.mailbox.security')} error={wrong.security}>
          {(ids) => (
            <Select {...ids} value={draft.security} onChange={(e) => set('security', e.target.value)}>
              {security.choices?.map((c) => (
                <option key={c} value={c}>
                  {choiceLabel('mailbox', security, c)}
                </option>
              ))}
            </Select>
          )}
        </Row>
        {text('port')}
        {text('login', { hint: 'huidan@example.com', required: true })}
        {text('password', { type: 'password', hint: m ? t('mailbox.kept') : undefined, required: !m })}
        {text('folder', { hint: 'INBOX' })}
        {text('name', { hint: draft.login })}
        <Row label={t('field.mailbox.user')} error={wrong.user} note={t('mailbox.user_note')} className="md:col-span-2">
          {(ids) => <RefInput {...ids} kind="user" value={user} onChange={setUser} />}
        </Row>
      </div>
      <p role="status" className={`pt-3 ${told?.ok ? 'text-ok' : 'text-bad'}`}>
        {told?.text}
      </p>
    </Dialog>
  )
}
