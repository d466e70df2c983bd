import { useQuery } from '@tanstack/react-query'
import { Copy } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, get, post, Problem, tell, words } from '../client/call'
import { stale, useKinds, useSession } from '../client/data'
import type { Kind, Ref } from '../client/types'
import { choiceLabel, kindLabel } from '../field/label'
import { RefInput } from '../field/ref'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { Select } from '../ui/select'
import { say } from '../ui/toast'
import type { Hook, Secret } from './hook'

/** What an address is for, and how what comes there is signed. A new one tells its secret at the end, once. */
export function Editor({
  kind,
  hook: h,
  onClose,
  onMade,
}: {
  kind: Kind
  hook?: Hook
  onClose: () => void
  onMade?: (id: string) => void
}) {
  const { t } = useTranslation()
  const me = useSession().data?.user
  const kinds = useKinds().filter((k) => !k.verbs && k.kind !== 'document' && k.can?.includes('create'))
  const [draft, setDraft] = useState({
    name: h?.title ?? '',
    target: h?.target ?? 'records',
    of: h?.of || 'order',
    profile: h?.profile ?? '',
    scheme: h?.scheme ?? 'standard',
  })
  const [customer, setCustomer] = useState<Ref | null>(h?.customer ?? null)
  const [user, setUser] = useState<Ref | null>(h?.user ?? (me ? { id: me.id, title: me.name } : null))
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const [made, setMade] = useState<Secret>()
  const once = useRef(crypto.randomUUID())
  const { data: profiles } = useQuery({
    queryKey: ['import', 'profiles'],
    queryFn: ({ signal }) => get<{ data: { name: string; of: string }[] }>('/imports:profiles', signal),
  })
  const names = [...new Set([...(profiles?.data.filter((p) => p.of === draft.of).map((p) => p.name) ?? []), draft.profile].filter(Boolean))]
  const set = (name: keyof typeof draft, value: string) =>
    setDraft((d) => ({ ...d, [name]: value, ...(name === 'of' ? { profile: '' } : {}) }))
  const save = async () => {
    setBusy(true)
    setWrong({})
    setError('')
    const body = { ...draft, customer: customer?.id ?? '', user: user?.id ?? '', paused: h?.paused ?? false }
    try {
      if (h) {
        await call('PUT', `/hooks/${h.id}`, body)
        say(t('hook.saved'))
        onClose()
      } else setMade(await post<Secret>('/hooks', body, { once: once.current }))
      stale('hook')
    } catch (e) {
      if (e instanceof Problem) setWrong(Object.fromEntries(Object.entries(e.fields).map(([k, v]) => [k, words(v)])))
      setError(e instanceof Problem && e.detail ? words(e.detail) : tell(e))
      once.current = crypto.randomUUID()
    } finally {
      setBusy(false)
    }
  }
  if (made)
    return (
      <Told
        secret={made}
        title={t('hook.made')}
        onClose={() => {
          onClose()
          onMade?.(made.id)
        }}
      />
    )
  const choice = (name: 'target' | 'scheme', note?: string) => {
    const field = kind.fields.find((f) => f.name === name)!
    return (
      <Row label={t(`field.hook.${name}`)} error={wrong[name]} note={note}>
        {(ids) => (
          <Select {...ids} value={draft[name]} onChange={(e) => set(name, e.target.value)}>
            {field.choices?.map((c) => (
              <option key={c} value={c}>
                {choiceLabel('hook', field, c)}
              </option>
            ))}
          </Select>
        )}
      </Row>
    )
  }
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t(h ? 'hook.edit' : 'hook.new')}
      note={t('hook.note')}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" busy={busy} disabled={!draft.name.trim()} onClick={save}>
            {t(h ? 'act.save' : 'act.create')}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-2 gap-3 max-md:grid-cols-1">
        <Row label={t('field.hook.name')} error={wrong.name} required className="md:col-span-2">
          {(ids) => (
            <input
              {...ids}
              className="control w-full"
              maxLength={100}
              autoComplete="off"
              placeholder={t('hook.name_hint')}
              value={draft.name}
              onChange={(e) => set('name', e.target.value)}
            />
          )}
        </Row>
        {choice('target')}
        {choice('scheme', t(`hook.scheme_${draft.scheme}`))}
        {draft.target === 'records' ? (
          <>
            <Row label={t('field.hook.of')} error={wrong.of}>
              {(ids) => (
                <Select {...ids} value={draft.of} onChange={(e) => set('of', e.target.value)}>
                  {kinds.map((k) => (
                    <option key={k.kind} value={k.kind}>
                      {kindLabel(k)}
                    </option>
                  ))}
                </Select>
              )}
            </Row>
            <Row label={t('field.hook.profile')} error={wrong.profile} note={t('hook.profile_note')}>
              {(ids) => (
                <Select {...ids} value={draft.profile} onChange={(e) => set('profile', e.target.value)}>
                  <option value="">{t('hook.no_profile')}</option>
                  {names.map((n) => (
                    <option key={n} value={n}>
                      {n}
                    </option>
                  ))}
                </Select>
              )}
            </Row>
          </>
        ) : (
          <Row label={t('field.hook.customer')} error={wrong.customer} note={t('hook.customer_note')} className="md:col-span-2">
            {(ids) => <RefInput {...ids} kind="customer" value={customer} onChange={setCustomer} />}
          </Row>
        )}
        <Row label={t('field.hook.user')} error={wrong.user} note={t('hook.user_note')} className="md:col-span-2">
          {(ids) => <RefInput {...ids} kind="user" value={user} onChange={setUser} />}
        </Row>
      </div>
      <p role="status" className="pt-3 text-bad">
        {error}
      </p>
    </Dialog>
  )
}

/** A secret, this once, with an example that works as it stands. */
export function Told({ secret: s, title, onClose }: { secret: Secret; title: string; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={title}
      note={s.secret ? t('hook.secret_note') : t('hook.secret_told')}
      foot={
        <Button form tone="primary" onClick={onClose}>
          {t('hook.secret_kept')}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <Copied label={t('hook.address')} text={s.address} />
        {s.secret && <Copied label={t('hook.secret')} text={s.secret} />}
        {s.example && <Copied label={t('hook.example')} text={s.example} long />}
      </div>
    </Dialog>
  )
}

/** Text to be carried elsewhere. */
export function Copied({ label, text, long }: { label: string; text: string; long?: boolean }) {
  const { t } = useTranslation()
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => say(t('done.copied')),
      () => {},
    )
  return (
    <Row label={label}>
      {(ids) => (
        <div className={long ? 'flex flex-col items-end gap-2' : 'flex gap-2'}>
          {long ? (
            <textarea
              {...ids}
              readOnly
              wrap="off"
              rows={Math.min(text.trim().split('\n').length + 1, 10)}
              className="control h-auto w-full py-1.5 font-mono text-xs leading-[18px]"
              value={text}
              onFocus={(e) => e.target.select()}
            />
          ) : (
            <input {...ids} readOnly className="control min-w-0 flex-1 font-mono text-xs" value={text} onFocus={(e) => e.target.select()} />
          )}
          <Button form icon={Copy} aria-label={`${t('act.copy')} ${label}`} onClick={copy}>
            {t('act.copy')}
          </Button>
        </div>
      )}
    </Row>
  )
}
