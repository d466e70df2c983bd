import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, Problem, tell, words } from '../client/call'
import { useMayRule } from '../client/data'
import type { Page, Rec } from '../client/types'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { warn } from '../ui/toast'
import type { Audience } from './saved'

/** What it is called, who sees it, and whether it is where their list begins. */
export function Naming({
  of,
  title,
  standard,
  onClose,
  onKeep,
}: {
  of?: { name: string; shared: boolean; roles: string[] | null; departments: string[] | null; standard?: boolean }
  title: string
  /** Whether it can be where a list begins. */
  standard?: boolean
  onClose: () => void
  onKeep: (a: Audience) => Promise<void>
}) {
  const { t, i18n } = useTranslation()
  const mayShare = useMayRule()
  const [a, setA] = useState<Audience>({
    name: of?.name ?? '',
    shared: of?.shared ?? false,
    roles: of?.roles ?? [],
    departments: of?.departments ?? [],
    standard: of?.standard ?? false,
  })
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  const people = (what: string) => ({
    queryKey: [what.slice(0, -1), 'audience'],
    enabled: a.shared,
    queryFn: () => get<Page<Rec>>(`/${what}?limit=200`),
  })
  const roles = useQuery(people('roles')).data?.data ?? []
  const departments = useQuery(people('departments')).data?.data ?? []
  const keep = async () => {
    if (!a.name.trim()) return setWrong('required')
    setBusy(true)
    try {
      await onKeep({ ...a, name: a.name.trim() })
    } catch (e) {
      if (e instanceof Problem && e.fields.name) setWrong(e.fields.name)
      else warn(tell(e))
    }
    setBusy(false)
  }
  const toggle = (list: 'roles' | 'departments', id: string) =>
    setA({ ...a, [list]: a[list].includes(id) ? a[list].filter((x) => x !== id) : [...a[list], id] })
  const check = (list: 'roles' | 'departments', id: string, label: string) => (
    <label key={id} className="flex min-h-7 cursor-pointer items-center gap-2 max-md:min-h-11">
      <input type="checkbox" checked={a[list].includes(id)} onChange={() => toggle(list, id)} />
      {label}
    </label>
  )
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" busy={busy} onClick={keep}>
            {t('act.save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Row label={t('view.name')} required error={wrong && words(wrong)}>
          {(ids) => (
            <input
              {...ids}
              className="control"
              value={a.name}
              maxLength={80}
              onChange={(e) => {
                setWrong('')
                setA({ ...a, name: e.target.value })
              }}
            />
          )}
        </Row>
        <fieldset className="flex flex-col">
          <legend className="mb-1 text-xs text-muted">{t('view.who')}</legend>
          {[false, true].map((shared) => (
            <label key={String(shared)} className="flex min-h-7 cursor-pointer items-center gap-2 max-md:min-h-11">
              <input
                type="radio"
                name="shared"
                checked={a.shared === shared}
                disabled={shared && !mayShare}
                onChange={() => setA({ ...a, shared, ...(!shared && { roles: [], departments: [] }) })}
              />
              {t(shared ? 'view.shared' : 'view.private')}
            </label>
          ))}
          {!mayShare && <p className="text-xs text-muted">{t('error.view_share')}</p>}
        </fieldset>
        {a.shared && (
          <div className="grid grid-cols-2 gap-3 rounded-md border border-line bg-ground p-3">
            <fieldset>
              <legend className="mb-1 text-xs text-muted">{t('view.roles')}</legend>
              {roles.map((r) => check('roles', String(r.name), i18n.exists(`role.${r.name}`) ? t(`role.${r.name}`) : r.title))}
            </fieldset>
            <fieldset>
              <legend className="mb-1 text-xs text-muted">{t('view.departments')}</legend>
              {departments.map((d) => check('departments', d.id, d.title))}
            </fieldset>
            <p className="col-span-2 text-xs text-muted">{t('view.everyone')}</p>
          </div>
        )}
        {standard && (
          <label className="flex min-h-7 cursor-pointer items-center gap-2 max-md:min-h-11">
            <input type="checkbox" checked={a.standard} onChange={(e) => setA({ ...a, standard: e.target.checked })} />
            {t(a.shared ? 'view.standard_shared' : 'view.standard')}
          </label>
        )}
      </div>
    </Dialog>
  )
}
