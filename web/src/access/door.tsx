import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, post, Problem, tell, words } from '../client/call'
import { cache } from '../client/data'
import type { Session } from '../client/types'
import { setLanguage } from '../locale/start'
import { Button } from '../ui/button'
import { composing } from '../ui/key'
import { Row } from '../ui/row'

interface Need {
  needed: boolean
}

export function useSetup() {
  return useQuery({ queryKey: ['setup'], queryFn: ({ signal }) => get<Need>('/setup', signal), staleTime: 60_000 })
}

function enter(session: Session, go: () => void) {
  cache.clear()
  cache.setQueryData(['session'], session)
  setLanguage(session.user.language || 'zh-CN').then(go)
}

export function Login() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const setup = useSetup()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    if (setup.data?.needed) navigate({ to: '/setup', replace: true })
  }, [setup.data, navigate])
  const submit = async () => {
    setBusy(true)
    setError('')
    try {
      const session = await post<Session>('/session', { login: login.trim(), password })
      enter(session, () => navigate({ to: back(), replace: true }))
    } catch (e) {
      setError(e instanceof Problem && (e.code === 'unauthenticated' || e.code === 'denied') ? words(e.detail) || t('door.wrong') : tell(e))
      setBusy(false)
    }
  }
  return (
    <Door title={t('door.login')} onSubmit={submit} error={error}>
      <Row label={t('door.user')}>
        {(ids) => (
          <input
            {...ids}
            className="control h-10! text-base"
            autoComplete="username"
            autoFocus
            value={login}
            onChange={(e) => setLogin(e.target.value)}
          />
        )}
      </Row>
      <Row label={t('door.password')}>
        {(ids) => (
          <input
            {...ids}
            className="control h-10! text-base"
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(e) => setPassword(e.target.value)}
          />
        )}
      </Row>
      <Button form tone="primary" type="submit" busy={busy} disabled={!login || !password} className="mt-1 h-10! text-base">
        {t('door.login')}
      </Button>
    </Door>
  )
}

/** Where the person was going before he had to log in: a path of this app, never another site. */
function back(): string {
  const to = new URLSearchParams(location.search).get('back') ?? '/'
  return /^\/(?![/\\])/.test(to) ? to : '/'
}

export function Setup() {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const setup = useSetup()
  const [form, setForm] = useState({ code: '', workspace: '', name: '', login: '', password: '' })
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    if (setup.data && !setup.data.needed) navigate({ to: '/login', replace: true })
  }, [setup.data, navigate])
  const submit = async () => {
    setBusy(true)
    setError('')
    setWrong({})
    try {
      const session = await post<Session>('/setup', { ...form, code: form.code.trim(), login: form.login.trim(), language: i18n.language })
      enter(session, () => navigate({ to: '/', replace: true }))
    } catch (e) {
      if (e instanceof Problem) setWrong(e.fields)
      setError(tell(e))
      setBusy(false)
    }
  }
  const input = (name: keyof typeof form, label: string, more: React.ComponentProps<'input'> = {}, note?: string) => (
    <Row label={label} note={note} error={wrong[name] && words(wrong[name])} required>
      {(ids) => (
        <input
          {...ids}
          className="control h-10! text-base"
          value={form[name]}
          onChange={(e) => setForm({ ...form, [name]: e.target.value })}
          {...more}
        />
      )}
    </Row>
  )
  return (
    <Door title={t('door.setup')} note={t('door.setup_note')} onSubmit={submit} error={error}>
      {input('code', t('door.code'), { autoFocus: true, autoComplete: 'one-time-code', spellCheck: false }, t('door.code_note'))}
      {input('workspace', t('door.workspace'), { autoComplete: 'organization' })}
      {input('name', t('door.name'), { autoComplete: 'name' })}
      {input('login', t('door.user'), { autoComplete: 'username', spellCheck: false })}
      {input('password', t('door.password'), { type: 'password', autoComplete: 'new-password' }, t('door.password_note'))}
      <Button form tone="primary" type="submit" busy={busy} disabled={Object.values(form).some((v) => !v)} className="mt-1 h-10! text-base">
        {t('door.begin')}
      </Button>
    </Door>
  )
}

function Door({
  title,
  note,
  error,
  onSubmit,
  children,
}: {
  title: string
  note?: string
  error: string
  onSubmit: () => void
  children: ReactNode
}) {
  const { t, i18n } = useTranslation()
  const other = i18n.language === 'en' ? 'zh-CN' : 'en'
  return (
    <div className="flex h-full flex-col overflow-auto">
      {/* Before anybody is known the server tells nothing; the browser knows how it came here. */}
      {!window.isSecureContext && (
        <p role="note" className="flex shrink-0 items-center gap-2 bg-bad-tint px-4 py-1 text-xs text-bad">
          <TriangleAlert size={13} aria-hidden />
          {t('app.insecure')}
        </p>
      )}
      <main className="m-auto w-full max-w-[380px] px-6 py-10">
        <p className="mb-8 flex items-center gap-2.5 text-xl font-semibold">
          <img src="/mark.svg" alt="" width={30} height={30} />
          {t('app.name')}
          <span className="ml-1 text-sm font-normal text-muted">{t('app.line')}</span>
        </p>
        <form
          aria-label={title}
          noValidate
          className="flex flex-col gap-4 rounded-lg border border-line bg-panel p-6"
          onKeyDown={(e) => e.key === 'Enter' && composing(e) && e.preventDefault()}
          onSubmit={(e) => {
            e.preventDefault()
            onSubmit()
          }}
        >
          <div>
            <h1 className="text-lg">{title}</h1>
            {note && <p className="mt-1 text-sm text-muted">{note}</p>}
          </div>
          {error && (
            <p role="alert" className="rounded-md bg-bad-tint px-3 py-2 text-sm text-bad">
              {error}
            </p>
          )}
          {children}
        </form>
        <p className="mt-5 text-center text-xs">
          <button
            type="button"
            lang={other}
            className="rounded-[4px] px-2 py-1 text-muted hover:text-ink max-md:h-11"
            onClick={() => setLanguage(other)}
          >
            {t('door.other_language')}
          </button>
        </p>
      </main>
    </div>
  )
}
