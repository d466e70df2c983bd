import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, Problem, tell, words } from '../client/call'
import { cache, stale, useKinds } from '../client/data'
import type { Dimension, Field, Kind } from '../client/types'
import { fieldLabel, kindLabel } from '../field/label'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { Select } from '../ui/select'

const ways = ['rules', 'bands', 'period', 'field', 'lookup'] as const
type By = (typeof ways)[number]

/** What can be looked up over a kind's references: the dimensions of the kinds that they lead to. */
export function lookups(kind: Kind, kinds: Kind[]) {
  return kind.fields
    .filter((f) => f.type === 'ref' && f.ref)
    .flatMap((f) =>
      (kinds.find((k) => k.kind === f.ref)?.fields ?? [])
        .filter((d) => d.type === 'category')
        .map((d) => ({ of: `${f.name}.${d.name}`, multi: d.multi, label: `${fieldLabel(kind.kind, f)} · ${fieldLabel(f.ref!, d)}` })),
    )
}

function sources(by: By, kind: Kind, kinds: Kind[]): { of: string; label: string; multi?: boolean }[] {
  if (by === 'lookup') return lookups(kind, kinds)
  const types: Partial<Record<By, Field['type'][]>> = { bands: ['money'], period: ['date'], field: ['text', 'choice'] }
  return kind.fields.filter((f) => types[by]?.includes(f.type) && !f.multi).map((f) => ({ of: f.name, label: fieldLabel(kind.kind, f) }))
}

/** A new standard: whose records, decided by what. */
export function NewDimension({ onClose, onMade }: { onClose: () => void; onMade: (d: Dimension) => void }) {
  const { t } = useTranslation()
  const all = useKinds()
  const kinds = all.filter((k) => !k.verbs)
  const [form, setForm] = useState({ kind: 'receipt', title: '', name: '', multi: false, by: 'rules' as By, of: '', as_of: '', bounds: '' })
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [error, setError] = useState('')
  const set = (p: Partial<typeof form>) => setForm({ ...form, ...p })
  const kind = kinds.find((k) => k.kind === form.kind)
  const from = kind ? sources(form.by, kind, all) : []
  const of = from.some((s) => s.of === form.of) ? form.of : (from[0]?.of ?? '')
  const save = async () => {
    try {
      const made = await post<Dimension>('/dimensions', {
        kind: form.kind,
        title: form.title,
        name: form.name && (form.name.startsWith('d_') ? form.name : `d_${form.name}`),
        by: form.by,
        multi: form.by === 'lookup' ? from.find((s) => s.of === of)?.multi : form.by === 'rules' && form.multi,
        of: form.by === 'rules' ? undefined : of,
        as_of: form.by === 'lookup' ? form.as_of : undefined,
        bounds: form.by === 'bands' ? form.bounds.split(/[,，;；\s]+/).filter(Boolean) : undefined,
      })
      await cache.invalidateQueries({ queryKey: ['kinds'] })
      stale('dimension')
      onMade(made)
    } catch (e) {
      setWrong(e instanceof Problem ? e.fields : {})
      setError(tell(e))
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('dimension.new')}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" disabled={!form.title || (form.by !== 'rules' && !of)} onClick={save}>
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
        <Row label={t('dimension.kind')}>
          {(ids) => (
            <Select {...ids} value={form.kind} onChange={(e) => set({ kind: e.target.value, of: '', as_of: '' })}>
              {kinds.map((k) => (
                <option key={k.kind} value={k.kind}>
                  {kindLabel(k)}
                </option>
              ))}
            </Select>
          )}
        </Row>
        <Row label={t('dimension.title')} required error={wrong.title && words(wrong.title)}>
          {(ids) => <input {...ids} className="control" autoFocus value={form.title} onChange={(e) => set({ title: e.target.value })} />}
        </Row>
        <Row label={t('dimension.by')} note={t(`dimension.help_${form.by}`)}>
          {(ids) => (
            <Select {...ids} value={form.by} onChange={(e) => set({ by: e.target.value as By })}>
              {ways.map((w) => (
                <option key={w} value={w}>
                  {t(`dimension.by_${w}`)}
                </option>
              ))}
            </Select>
          )}
        </Row>
        {form.by !== 'rules' && (
          <Row
            label={t(`dimension.of_${form.by}`)}
            error={(wrong.source && words(wrong.source)) || (from.length === 0 ? t('dimension.of_none') : undefined)}
          >
            {(ids) => (
              <Select {...ids} value={of} onChange={(e) => set({ of: e.target.value })}>
                {from.map((s) => (
                  <option key={s.of} value={s.of}>
                    {s.label}
                  </option>
                ))}
              </Select>
            )}
          </Row>
        )}
        {form.by === 'bands' && (
          <Row label={t('dimension.bounds')} note={t('dimension.bounds_note')} error={wrong.bounds && words(wrong.bounds)}>
            {(ids) => (
              <input
                {...ids}
                className="control"
                inputMode="decimal"
                value={form.bounds}
                onChange={(e) => set({ bounds: e.target.value })}
              />
            )}
          </Row>
        )}
        {form.by === 'lookup' && kind && (
          <Row label={t('dimension.as_of')} note={t('dimension.as_of_note')} error={wrong.as_of && words(wrong.as_of)}>
            {(ids) => (
              <Select {...ids} value={form.as_of} onChange={(e) => set({ as_of: e.target.value })}>
                <option value="">{t('dimension.as_of_now')}</option>
                {kind.fields
                  .filter((f) => f.type === 'date' || f.name === 'created_at')
                  .map((f) => (
                    <option key={f.name} value={f.name}>
                      {fieldLabel(kind.kind, f)}
                    </option>
                  ))}
              </Select>
            )}
          </Row>
        )}
        <Row label={t('dimension.name')} note={t('dimension.name_note')} error={wrong.name && words(wrong.name)}>
          {(ids) => (
            <input
              {...ids}
              className="control"
              spellCheck={false}
              value={form.name}
              onChange={(e) => set({ name: e.target.value.toLowerCase().replace(/[^a-z0-9_]/g, '') })}
            />
          )}
        </Row>
        {form.by === 'rules' && (
          <label className="flex items-center gap-2">
            <input type="checkbox" checked={form.multi} onChange={(e) => set({ multi: e.target.checked })} />
            {t('dimension.multi_note')}
          </label>
        )}
      </div>
    </Dialog>
  )
}
