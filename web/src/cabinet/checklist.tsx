import { useState } from 'react'
import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import { useDimensions, useKind, useMayRule } from '../client/data'
import type { Ref } from '../client/types'
import { choiceLabel, fieldLabel } from '../field/label'
import { Bar, Space } from '../ui/bar'
import { Button } from '../ui/button'
import { Select } from '../ui/select'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { type Asked, asksNothing, type Checklist as List, saveAsked, useAsked } from './data'
import { Places } from './places'
import { SetUp } from './setup'

/** What is asked of the files: which, how fresh, how open. */
export function Checklist() {
  const { t } = useTranslation()
  const asked = useAsked()
  return asked.data?.ready ? (
    <Editor key={JSON.stringify(asked.data)} asked={asked.data} />
  ) : (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.cabinet')}>
        <Places />
      </Bar>
      <section tabIndex={0} aria-label={t('cabinet.page_checklist')} className="min-h-0 flex-1 overflow-auto bg-panel">
        {asked.error ? (
          <Empty icon={TriangleAlert} title={t('error.title')} note={tell(asked.error)}>
            <Button onClick={() => asked.refetch()}>{t('act.again')}</Button>
          </Empty>
        ) : asked.data ? (
          <SetUp asked={asked.data} here />
        ) : (
          <Skeleton lines={10} />
        )}
      </section>
    </div>
  )
}

const without = (list: string[], id: string) => list.filter((x) => x !== id)
const flip = (list: string[], id: string) => (list.includes(id) ? without(list, id) : [...list, id])

function Editor({ asked }: { asked: Asked }) {
  const { t } = useTranslation()
  const may = useMayRule()
  const customer = useKind('customer')
  const dimensions = useDimensions().data?.data ?? []
  const { ready: _, kinds, roles, ...kept } = asked
  const [list, setList] = useState<List>(kept)
  const [busy, setBusy] = useState(false)
  const set = (part: Partial<List>) => setList({ ...list, ...part })
  const fields =
    customer?.fields.filter((f) => (f.type === 'category' || f.type === 'choice') && f.name !== 'status' && f.name !== 'initial') ?? []
  const by = fields.find((f) => f.name === list.by)
  const values: Ref[] =
    by?.type === 'category'
      ? (dimensions.find((d) => d.kind === 'customer' && d.name === by.name)?.categories ?? [])
          .filter((c) => !c.retired)
          .map((c) => ({ id: c.id, title: c.title }))
      : (by?.choices ?? []).map((c) => ({ id: c, title: choiceLabel('customer', by!, c) }))
  const needs = (value: string) => list.needs.find((n) => n.value === value)?.kinds ?? []
  const need = (value: string, kind: string) =>
    set({
      needs: [...list.needs.filter((n) => n.value !== value), { value, kinds: flip(needs(value), kind) }].filter((n) => n.kinds.length > 0),
    })
  const days = (kind: string) => list.fresh.find((f) => f.kind === kind)?.days
  const dirty = JSON.stringify(list) !== JSON.stringify(kept)
  const save = async () => {
    setBusy(true)
    try {
      await saveAsked(list)
      say(t('cabinet.list_saved'))
    } catch (e) {
      warn(tell(e))
      setBusy(false)
    }
  }
  const box = 'border-b border-line px-2 py-1.5'
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.cabinet')}>
        <Places />
        <Space />
        {may && (
          <Button tone="primary" busy={busy} disabled={!dirty} onClick={save}>
            {t('act.save')}
          </Button>
        )}
      </Bar>
      <section
        tabIndex={0}
        aria-label={t('cabinet.page_checklist')}
        className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none"
      >
        {asksNothing(asked) && !dirty && <SetUp asked={asked} here />}
        <fieldset disabled={!may} className="min-w-0 max-w-[1100px] px-6 py-4 max-md:px-4">
          <legend className="sr-only">{t('cabinet.page_checklist')}</legend>
          {!may && <p className="pb-3 text-muted">{t('cabinet.list_read')}</p>}
          <h2 className="text-base font-medium">{t('cabinet.needs')}</h2>
          <p className="pb-2 text-xs text-muted">{t('cabinet.needs_note')}</p>
          <div className="flex flex-wrap items-center gap-2 pb-2">
            <span className="text-muted">{t('cabinet.needs_by')}</span>
            <Select
              className="w-56"
              aria-label={t('cabinet.needs_by')}
              value={list.by}
              onChange={(e) => set({ by: e.target.value, needs: [] })}
            >
              <option value="">{t('cabinet.by_none')}</option>
              {fields.map((f) => (
                <option key={f.name} value={f.name}>
                  {fieldLabel('customer', f)}
                </option>
              ))}
            </Select>
          </div>
          <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={t('cabinet.needs')}>
            <table className="border-t border-line text-sm">
              <thead>
                <tr>
                  <th scope="col" className={`${box} min-w-36 text-left font-normal text-muted`}>
                    {by ? fieldLabel('customer', by) : t('kind.customer')}
                  </th>
                  {kinds.map((k) => (
                    <th key={k.id} scope="col" className={`${box} whitespace-nowrap font-normal text-muted`}>
                      {k.title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                <tr>
                  <th scope="row" className={`${box} text-left font-medium`}>
                    {t('cabinet.every')}
                  </th>
                  {kinds.map((k) => (
                    <td key={k.id} className={`${box} text-center`}>
                      <Tick
                        label={t('cabinet.tick', { who: t('cabinet.every'), kind: k.title })}
                        on={list.every.includes(k.id)}
                        onFlip={() => set({ every: flip(list.every, k.id) })}
                      />
                    </td>
                  ))}
                </tr>
                {values.map((v) => (
                  <tr key={v.id}>
                    <th scope="row" className={`${box} text-left font-normal`}>
                      {v.title}
                    </th>
                    {kinds.map((k) => (
                      <td key={k.id} className={`${box} text-center`}>
                        <Tick
                          label={t('cabinet.tick', { who: v.title, kind: k.title })}
                          on={list.every.includes(k.id) || needs(v.id).includes(k.id)}
                          disabled={list.every.includes(k.id)}
                          onFlip={() => need(v.id, k.id)}
                        />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <h2 className="pt-6 text-base font-medium">{t('cabinet.fresh')}</h2>
          <p className="pb-2 text-xs text-muted">{t('cabinet.fresh_note')}</p>
          <div className="flex flex-wrap gap-x-6 gap-y-2">
            {kinds.map((k) => (
              <label key={k.id} className="flex items-center gap-2">
                <span className="w-20 truncate text-muted">{k.title}</span>
                <input
                  type="number"
                  className="control w-24"
                  min={1}
                  max={3660}
                  aria-label={t('cabinet.fresh_days', { kind: k.title })}
                  value={days(k.id) ?? ''}
                  onChange={(e) => {
                    const n = Math.round(Number(e.target.value))
                    set({
                      fresh: [...list.fresh.filter((f) => f.kind !== k.id), ...(n > 0 ? [{ kind: k.id, days: Math.min(n, 3660) }] : [])],
                    })
                  }}
                />
                <span className="text-muted">{t('cabinet.day')}</span>
              </label>
            ))}
          </div>
          <h2 className="pt-6 text-base font-medium">{t('cabinet.open')}</h2>
          <div className="flex flex-col gap-3 pt-2">
            <label className="flex flex-wrap items-center gap-2">
              <span className="text-muted">{t('cabinet.share_days')}</span>
              <input
                type="number"
                className="control w-24"
                min={0}
                max={366}
                value={list.share_days || ''}
                onChange={(e) => set({ share_days: Math.max(0, Math.min(366, Math.round(Number(e.target.value)) || 0)) })}
              />
              <span className="text-muted">{t('cabinet.share_days_note')}</span>
            </label>
            <label className="flex items-center gap-2">
              <input type="checkbox" checked={list.share_password} onChange={() => set({ share_password: !list.share_password })} />
              {t('cabinet.share_password')}
            </label>
            <Ticks
              title={t('cabinet.confidential')}
              all={kinds}
              on={list.confidential}
              onChange={(confidential) => set({ confidential })}
            />
            <Ticks title={t('cabinet.trusted')} all={roles} on={list.trusted} onChange={(trusted) => set({ trusted })} />
          </div>
        </fieldset>
      </section>
    </div>
  )
}

function Tick({ label, on, disabled, onFlip }: { label: string; on: boolean; disabled?: boolean; onFlip: () => void }) {
  return <input type="checkbox" className="max-md:size-6" aria-label={label} checked={on} disabled={disabled} onChange={onFlip} />
}

function Ticks({ title, all, on, onChange }: { title: string; all: Ref[]; on: string[]; onChange: (on: string[]) => void }) {
  return (
    <div role="group" aria-label={title} className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <span className="text-muted">{title}</span>
      {all.map((x) => (
        <label key={x.id} className="flex items-center gap-1.5 max-md:min-h-11">
          <input type="checkbox" checked={on.includes(x.id)} onChange={() => onChange(flip(on, x.id))} />
          {x.title}
        </label>
      ))}
    </div>
  )
}
