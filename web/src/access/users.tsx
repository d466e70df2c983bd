import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, Problem, tell, words } from '../client/call'
import { stale, useSession } from '../client/data'
import type { Rec, Ref } from '../client/types'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Menu } from '../ui/menu'
import { Row } from '../ui/row'
import { Select } from '../ui/select'
import { State, Tag } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { usePeople } from './people'
import { useRoleName } from './roles'

export function Users() {
  const { t } = useTranslation()
  const named = useRoleName()
  const me = useSession().data?.user.id
  const { data, isPending, error, refetch } = usePeople('users')
  const [changing, setChanging] = useState<{ user: Rec; what: 'role' | 'password' }>()
  const disable = async (u: Rec, disabled: boolean) => {
    try {
      await post(`/users/${u.id}/disable`, { disabled })
      say(t(disabled ? 'done.disabled' : 'done.enabled', { name: u.title }))
    } catch (e) {
      warn(tell(e))
    }
    stale('user')
  }
  if (isPending) return <Skeleton lines={6} />
  if (error)
    return (
      <Empty title={t('error.title')} note={tell(error)}>
        <Button onClick={() => refetch()}>{t('act.again')}</Button>
      </Empty>
    )
  const role = (u: Rec) => named(String(u.role))
  return (
    <>
      <ul className="max-w-[900px] px-6 py-3 max-md:px-4">
        {data.data.map((u) => (
          <li key={u.id} className="flex min-h-12 items-center gap-3 border-b border-line">
            <span aria-hidden className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-tint font-medium text-accent">
              {[...String(u.name ?? u.title)][0]}
            </span>
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">
                {String(u.name ?? u.title)}
                {u.id === me && <span className="ml-2 text-xs font-normal text-muted">{t('user.me')}</span>}
              </span>
              <span className="block truncate text-xs text-muted">
                {String(u.login ?? '')}
                {u.department ? ` · ${(u.department as Ref).title}` : ''}
              </span>
            </span>
            {u.disabled === true && <State tone="bad">{t('user.disabled')}</State>}
            <Tag>{role(u)}</Tag>
            <Menu
              trigger={
                <button
                  type="button"
                  aria-label={t('user.menu', { name: u.title })}
                  className="inline-grid size-7 place-items-center rounded-md text-muted hover:bg-hover hover:text-ink max-md:size-11"
                >
                  <Ellipsis size={16} aria-hidden />
                </button>
              }
              groups={[
                [
                  { id: 'role', title: t('user.set_role'), run: () => setChanging({ user: u, what: 'role' }) },
                  { id: 'password', title: t('user.set_password'), run: () => setChanging({ user: u, what: 'password' }) },
                ],
                u.id === me
                  ? []
                  : u.disabled
                    ? [{ id: 'enable', title: t('user.enable'), run: () => disable(u, false) }]
                    : [{ id: 'disable', title: t('user.disable'), danger: true, run: () => disable(u, true) }],
              ]}
            />
          </li>
        ))}
      </ul>
      {changing && <Change {...changing} onClose={() => setChanging(undefined)} />}
    </>
  )
}

export function RoleSelect({ value, onChange, ...ids }: { value: string; onChange: (v: string) => void; id?: string }) {
  const named = useRoleName()
  const roles = usePeople('roles').data?.data.map((r) => String(r.name ?? r.title)) ?? ['owner', 'manager', 'member', 'viewer']
  return (
    <Select {...ids} value={value} onChange={(e) => onChange(e.target.value)}>
      {roles.map((r) => (
        <option key={r} value={r}>
          {named(r)}
        </option>
      ))}
    </Select>
  )
}

function Change({ user, what, onClose }: { user: Rec; what: 'role' | 'password'; onClose: () => void }) {
  const { t } = useTranslation()
  const [value, setValue] = useState(what === 'role' ? String(user.role) : '')
  const [error, setError] = useState('')
  const save = async () => {
    try {
      await post(`/users/${user.id}/${what}`, { [what]: value })
      say(t(what === 'role' ? 'done.role' : 'done.password', { name: user.title }))
      stale('user')
      onClose()
    } catch (e) {
      setError(words((e instanceof Problem && e.fields[what]) || '') || tell(e))
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(what === 'role' ? 'user.set_role' : 'user.set_password')}
      note={user.title}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" disabled={!value} onClick={save}>
            {t('act.save')}
          </Button>
        </>
      }
    >
      <Row
        label={t(what === 'role' ? 'user.role' : 'door.password')}
        error={error}
        note={what === 'password' ? t('door.password_note') : undefined}
      >
        {(ids) =>
          what === 'role' ? (
            <RoleSelect id={ids.id} value={value} onChange={setValue} />
          ) : (
            <input
              {...ids}
              className="control"
              type="password"
              autoComplete="new-password"
              value={value}
              onChange={(e) => setValue(e.target.value)}
            />
          )
        }
      </Row>
    </Dialog>
  )
}
