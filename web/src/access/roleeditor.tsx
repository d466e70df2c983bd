import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, get, post, Problem, tell, words } from '../client/call'
import { stale, useKinds } from '../client/data'
import type { Rec } from '../client/types'
import { kindLabel } from '../field/label'
import { Button, IconButton } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { Select } from '../ui/select'
import { say } from '../ui/toast'
import { Skeleton } from '../ui/wait'
import { type Masked, Masks } from './masks'

const actions = ['read', 'create', 'update', 'delete', 'export'] as const
type Actions = Partial<Record<(typeof actions)[number], string>>
interface Grants {
  kinds: Record<string, Actions>
  masked?: Masked
  admin?: boolean
  rules?: boolean
  share?: boolean
}
const reaches = ['none', 'own', 'department', 'all']
const far = (reach = 'none') => reaches.indexOf(reach)

/** What a role may do: kinds that are named, the workspace's own among them, and all others. */
export function RoleEditor({ role, onClose }: { role?: Rec; onClose: () => void }) {
  // A list leaves out what may be long.
  const { data } = useQuery({
    queryKey: ['role', 'one', role?.id],
    enabled: !!role,
    queryFn: ({ signal }) => get<Rec>(`/roles/${role!.id}`, signal),
  })
  const { t } = useTranslation()
  if (!role) return <Editor label="" grants={{ kinds: { '*': { read: 'all' } } }} onClose={onClose} />
  if (data) return <Editor role={data} label={String(data.label ?? '')} grants={data.grants as unknown as Grants} onClose={onClose} />
  return (
    <Dialog open onClose={onClose} title={t('role.edit_title')}>
      <Skeleton lines={5} />
    </Dialog>
  )
}

function Editor({ role, label: was, grants: had, onClose }: { role?: Rec; label: string; grants: Grants; onClose: () => void }) {
  const { t } = useTranslation()
  const all = useKinds()
  const kinds = all.filter((k) => !k.verbs)
  const [label, setLabel] = useState(was)
  const [grants, setGrants] = useState<Grants>(had)
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const rest = grants.kinds['*'] ?? {}
  // What explains records is every role's to read; it is not offered.
  const fixed = (name: string) => all.some((k) => k.kind === name && k.verbs)
  const named = Object.keys(grants.kinds).filter((k) => k !== '*' && !fixed(k))
  const title = (name: string) => {
    const k = kinds.find((k) => k.kind === name)
    return k ? kindLabel(k) : kindLabel({ kind: name })
  }
  const put = (name: string, a: Actions) => setGrants({ ...grants, kinds: { ...grants.kinds, [name]: a } })
  const drop = (name: string) => {
    const { [name]: _, ...others } = grants.kinds
    setGrants({ ...grants, kinds: others })
  }
  const save = async () => {
    setBusy(true)
    try {
      await (role ? call('PATCH', `/roles/${role.id}`, { label, grants }) : post('/roles', { label, grants }))
      say(t('role.saved', { name: label }))
      stale('role')
      onClose()
    } catch (e) {
      setWrong(e instanceof Problem ? e.fields : {})
      setError(tell(e))
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t(role ? 'role.edit_title' : 'role.new')}
      note={t('role.at_once')}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" busy={busy} disabled={!label.trim()} onClick={save}>
            {t(role ? 'act.save' : 'act.create')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {error && (
          <p role="alert" className="text-bad">
            {error}
          </p>
        )}
        <Row label={t('role.label')} required error={(wrong.label || wrong.name) && words(wrong.label || wrong.name!)}>
          {(ids) => <input {...ids} className="control max-w-72" maxLength={60} value={label} onChange={(e) => setLabel(e.target.value)} />}
        </Row>
        <section aria-label={t('role.kinds')}>
          <h3 className="pb-1 text-xs font-normal text-muted">{t('role.kinds_note')}</h3>
          <ul className="border-t border-line">
            {named.map((name) => (
              <Line
                key={name}
                title={title(name)}
                value={grants.kinds[name]!}
                error={wrong[`kinds.${name}`]}
                onChange={(a) => put(name, a)}
                onDrop={() => drop(name)}
              />
            ))}
            <Line
              title={t(named.length > 0 ? 'role.others' : 'role.all_kinds')}
              value={rest}
              error={wrong['kinds.*']}
              onChange={(a) => put('*', a)}
            />
          </ul>
          <Select
            className="mt-2 w-60"
            aria-label={t('role.name_kind')}
            value=""
            onChange={(e) => e.target.value && put(e.target.value, { ...rest })}
          >
            <option value="">{t('role.name_kind')}</option>
            {kinds
              .filter((k) => !(k.kind in grants.kinds))
              .map((k) => (
                <option key={k.kind} value={k.kind}>
                  {kindLabel(k)}
                </option>
              ))}
          </Select>
        </section>
        <Masks kinds={kinds} value={grants.masked ?? {}} wrong={wrong} onChange={(masked) => setGrants({ ...grants, masked })} />
        <div className="flex flex-col gap-2">
          {(['share', 'rules', 'admin'] as const).map((what) => (
            <label key={what} className="flex items-start gap-2 py-0.5 max-md:py-2">
              <input
                type="checkbox"
                className="mt-[3px]"
                checked={!!grants[what]}
                onChange={(e) => setGrants({ ...grants, [what]: e.target.checked })}
              />
              <span>{t(`role.may_${what}`)}</span>
            </label>
          ))}
        </div>
      </div>
    </Dialog>
  )
}

interface LineProps {
  title: string
  value: Actions
  error?: string
  onChange: (a: Actions) => void
  onDrop?: () => void
}

/** One kind: how far each act reaches. Nothing reaches farther than reading. */
function Line({ title, value, error, onChange, onDrop }: LineProps) {
  const { t } = useTranslation()
  return (
    <li className="flex flex-wrap items-end gap-x-2 gap-y-1 border-b border-line py-2">
      <span className="w-28 shrink-0 self-center truncate font-medium max-md:w-full">{title}</span>
      <span className="grid min-w-0 flex-1 grid-cols-5 gap-1.5 max-md:grid-cols-2">
        {actions.map((action) => (
          <span key={action} className="flex min-w-0 flex-col">
            <span aria-hidden className="text-xs text-muted">
              {t(`role.act_${action}`)}
            </span>
            <Select
              aria-label={t('role.act_of', { act: t(`role.act_${action}`), kind: title })}
              value={value[action] || 'none'}
              onChange={(e) => {
                const next: Actions = { ...value, [action]: e.target.value }
                if (action === 'read') for (const a of actions) if (far(next[a]) > far(next.read)) next[a] = next.read
                onChange(next)
              }}
            >
              {reaches
                .filter((r) => action === 'read' || far(r) <= far(value.read))
                .map((r) => (
                  <option key={r} value={r}>
                    {t(`role.reach_${r}`)}
                  </option>
                ))}
            </Select>
          </span>
        ))}
      </span>
      <span className="w-7 shrink-0 max-md:w-11">
        {onDrop && <IconButton icon={X} label={t('role.unname', { kind: title })} onClick={onDrop} />}
      </span>
      {error && <p className="w-full text-xs text-bad">{words(error)}</p>}
    </li>
  )
}
