import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, tell } from '../client/call'
import { stale } from '../client/data'
import type { Rec } from '../client/types'
import { Button, IconButton } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { usePeople } from './people'
import { RoleEditor } from './roleeditor'

const builtIn = ['owner', 'manager', 'member', 'viewer']
const rank = (r: Rec) => builtIn.indexOf(String(r.name)) + 1 || 9

/** A role's name for people: ours in the reader's language while nobody called it otherwise. */
export function useRoleName(): (name: string, label?: unknown) => string {
  const { t, i18n } = useTranslation()
  const roles = usePeople('roles').data?.data ?? []
  return (name) => {
    const label = String(roles.find((r) => r.name === name)?.label ?? '')
    const ours = i18n.exists(`role.${name}`) ? t(`role.${name}`) : ''
    // The built-in ones are kept by their Chinese names.
    return ours && (!label || label === i18n.t(`role.${name}`, { lng: 'zh-CN' })) ? ours : label || name
  }
}

/** What each role may do, and roles of the workspace's own. */
export function Roles() {
  const { t, i18n } = useTranslation()
  const { data, isPending, error, refetch } = usePeople('roles')
  const named = useRoleName()
  const [editing, setEditing] = useState<Rec | 'new'>()
  const [ending, setEnding] = useState<Rec>()
  const remove = async (r: Rec) => {
    setEnding(undefined)
    try {
      await call('DELETE', `/roles/${r.id}`)
      say(t('role.deleted', { name: named(String(r.name)) }))
    } catch (e) {
      warn(tell(e))
    }
    stale('role')
  }
  if (isPending) return <Skeleton lines={5} />
  if (error)
    return (
      <Empty title={t('error.title')} note={tell(error)}>
        <Button onClick={() => refetch()}>{t('act.again')}</Button>
      </Empty>
    )
  return (
    <div className="max-w-[900px] px-6 py-3 max-md:px-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pb-3">
        <p className="min-w-60 flex-1 text-muted">{t('people.roles_note')}</p>
        <Button icon={Plus} onClick={() => setEditing('new')}>
          {t('role.new')}
        </Button>
      </div>
      <ul aria-label={t('people.roles')} className="border-t border-line">
        {[...data.data]
          .sort((a, b) => rank(a) - rank(b))
          .map((r) => {
            const name = String(r.name)
            const title = named(name)
            return (
              <li key={r.id} className="flex min-h-12 items-center gap-3 border-b border-line py-2">
                <span className="w-36 shrink-0 truncate font-medium max-md:w-24">{title}</span>
                <span className="min-w-0 flex-1 text-muted">
                  {/* What we say of a built-in role holds while nobody changed it. */}
                  {i18n.exists(`role.${name}_note`) && r.version === 1 ? t(`role.${name}_note`) : t('role.own_note')}
                </span>
                <span className="flex w-16 shrink-0 justify-end max-md:w-auto">
                  {name !== 'owner' && <IconButton icon={Pencil} label={t('role.edit', { name: title })} onClick={() => setEditing(r)} />}
                  {!builtIn.includes(name) && (
                    <IconButton icon={Trash2} label={t('role.delete', { name: title })} onClick={() => setEnding(r)} />
                  )}
                </span>
              </li>
            )
          })}
      </ul>
      {editing && <RoleEditor role={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />}
      {ending && (
        <Dialog
          open
          onClose={() => setEnding(undefined)}
          title={t('role.delete_title')}
          note={named(String(ending.name))}
          foot={
            <>
              <Button form onClick={() => setEnding(undefined)}>
                {t('act.cancel')}
              </Button>
              <Button form tone="danger" onClick={() => remove(ending)}>
                {t('act.delete')}
              </Button>
            </>
          }
        />
      )}
    </div>
  )
}
