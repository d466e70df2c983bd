import { Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, Problem, tell, words } from '../client/call'
import { stale } from '../client/data'
import { DateInput } from '../field/date'
import { digits } from '../field/input'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { Select } from '../ui/select'
import { say } from '../ui/toast'
import { usePeople } from './people'
import { RoleSelect } from './users'

export function NewUser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [form, setForm] = useState({ name: '', login: '', password: '', role: 'member', department: '' })
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [error, setError] = useState('')
  const departments = usePeople('departments').data?.data ?? []
  const save = async () => {
    try {
      await post('/users', { ...form, department: form.department || null })
      say(t('done.user', { name: form.name }))
      stale('user')
      onClose()
    } catch (e) {
      setWrong(e instanceof Problem ? e.fields : {})
      setError(tell(e))
    }
  }
  const input = (name: 'name' | 'login' | 'password', label: string, more: React.ComponentProps<'input'> = {}, note?: string) => (
    <Row label={label} required note={note} error={wrong[name] && words(wrong[name])}>
      {(ids) => (
        <input {...ids} className="control" value={form[name]} onChange={(e) => setForm({ ...form, [name]: e.target.value })} {...more} />
      )}
    </Row>
  )
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('user.new')}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" disabled={!form.name || !form.login || !form.password} onClick={save}>
            {t('act.create')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {error && (
          <p role="alert" className="text-bad">
            {error}
          </p>
        )}
        {input('name', t('door.name'), { autoFocus: true })}
        {input('login', t('door.user'), { autoComplete: 'off', spellCheck: false })}
        {input('password', t('door.password'), { type: 'password', autoComplete: 'new-password' }, t('door.password_note'))}
        <Row label={t('user.role')} error={wrong.role && words(wrong.role)}>
          {(ids) => <RoleSelect id={ids.id} value={form.role} onChange={(role) => setForm({ ...form, role })} />}
        </Row>
        {departments.length > 0 && (
          <Row label={t('user.department')}>
            {(ids) => (
              <Select {...ids} value={form.department} onChange={(e) => setForm({ ...form, department: e.target.value })}>
                <option value="">{t('mark.none')}</option>
                {departments.map((d) => (
                  <option key={d.id} value={d.id}>
                    {d.title}
                  </option>
                ))}
              </Select>
            )}
          </Row>
        )}
      </div>
    </Dialog>
  )
}

export function NewToken({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [form, setForm] = useState({ name: '', role: 'viewer', row_cap: '', expires_on: '' })
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [error, setError] = useState('')
  const [token, setToken] = useState('')
  const save = async () => {
    try {
      const made = await post<{ token: string }>('/tokens', {
        name: form.name,
        role: form.role,
        row_cap: Number(digits(form.row_cap)) || 0,
        expires_on: form.expires_on || null,
      })
      setToken(made.token)
      stale('token')
    } catch (e) {
      setWrong(e instanceof Problem ? e.fields : {})
      setError(tell(e))
    }
  }
  if (token)
    return (
      <Dialog
        open
        onClose={onClose}
        title={t('token.made')}
        note={t('token.made_note')}
        foot={
          <Button form tone="primary" onClick={onClose}>
            {t('token.kept')}
          </Button>
        }
      >
        <div className="flex gap-2">
          <input className="control flex-1" readOnly aria-label={t('token.made')} value={token} onFocus={(e) => e.target.select()} />
          <Button
            form
            icon={Copy}
            onClick={() =>
              navigator.clipboard.writeText(token).then(
                () => say(t('done.copied')),
                () => {},
              )
            }
          >
            {t('act.copy')}
          </Button>
        </div>
      </Dialog>
    )
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('token.new')}
      note={t('token.new_note')}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" disabled={!form.name} onClick={save}>
            {t('act.create')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {error && (
          <p role="alert" className="text-bad">
            {error}
          </p>
        )}
        <Row label={t('token.name')} required error={wrong.name && words(wrong.name)}>
          {(ids) => (
            <input {...ids} className="control" autoFocus value={form.name} onChange={(e) => setForm({ ...form, name: e.target.value })} />
          )}
        </Row>
        <Row label={t('user.role')} error={wrong.role && words(wrong.role)}>
          {(ids) => <RoleSelect id={ids.id} value={form.role} onChange={(role) => setForm({ ...form, role })} />}
        </Row>
        <div className="grid grid-cols-2 gap-3">
          <Row label={t('token.row_cap')} note={t('token.row_cap_note')} error={wrong.row_cap && words(wrong.row_cap)}>
            {(ids) => (
              <input
                {...ids}
                className="control"
                inputMode="numeric"
                value={form.row_cap}
                onChange={(e) => setForm({ ...form, row_cap: e.target.value })}
              />
            )}
          </Row>
          <Row label={t('token.expires')} error={wrong.expires_on && words(wrong.expires_on)}>
            {(ids) => <DateInput {...ids} value={form.expires_on} onChange={(day) => setForm({ ...form, expires_on: day ?? '' })} />}
          </Row>
        </div>
      </div>
    </Dialog>
  )
}
