import { X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field, Kind } from '../client/types'
import { words } from '../client/call'
import { fieldLabel, kindLabel } from '../field/label'
import { IconButton } from '../ui/button'
import { Select } from '../ui/select'

/** Fields by kind. */
export type Masked = Record<string, string[]>

interface MasksProps {
  kinds: Kind[]
  value: Masked
  /** By `masked.` and the kind. */
  wrong: Record<string, string>
  onChange: (m: Masked) => void
}

/** Fields that a role never sees: those taken out, and two choices for one more. What people hide most stands first. */
export function Masks({ kinds, value, wrong, onChange }: MasksProps) {
  const { t } = useTranslation()
  const [at, setAt] = useState('')
  const kind = kinds.find((k) => k.kind === at)
  const open = kind?.fields.filter((f) => !f.system && !value[at]?.includes(f.name)) ?? []
  const put = (name: string, fields: string[]) => {
    const { [name]: _, ...others } = value
    onChange(fields.length > 0 ? { ...others, [name]: fields } : others)
  }
  const choices = (fields: Field[]) =>
    fields.map((f) => (
      <option key={f.name} value={f.name}>
        {fieldLabel(at, f)}
      </option>
    ))
  return (
    <section aria-label={t('role.masked')}>
      <h3 className="text-[13px] font-medium">{t('role.masked')}</h3>
      <p className="pb-1.5 text-xs text-muted">{t('role.masked_note')}</p>
      <ul className="flex flex-wrap gap-1.5 empty:hidden">
        {Object.entries(value).flatMap(([name, fields]) =>
          fields.map((field) => {
            const k = kinds.find((x) => x.kind === name)
            const f = k?.fields.find((x) => x.name === field)
            const title = t('role.masked_of', { kind: kindLabel(k ?? { kind: name }), field: fieldLabel(name, f ?? { name: field }) })
            return (
              <li key={`${name}.${field}`} className="inline-flex items-center gap-0.5 rounded-md bg-tag pl-2">
                {title}
                <IconButton
                  icon={X}
                  label={t('role.unmask', { field: title })}
                  onClick={() =>
                    put(
                      name,
                      fields.filter((x) => x !== field),
                    )
                  }
                />
              </li>
            )
          }),
        )}
      </ul>
      {Object.keys(value).map(
        (name) =>
          wrong[`masked.${name}`] && (
            <p key={name} className="text-xs text-bad">
              {words(wrong[`masked.${name}`]!)}
            </p>
          ),
      )}
      <div className="mt-2 flex flex-wrap gap-2">
        <Select className="w-44" aria-label={t('role.mask_kind')} value={at} onChange={(e) => setAt(e.target.value)}>
          <option value="">{t('role.mask_kind')}</option>
          {kinds.map((k) => (
            <option key={k.kind} value={k.kind}>
              {kindLabel(k)}
            </option>
          ))}
        </Select>
        <Select
          className="w-44"
          aria-label={t('role.mask_field')}
          value=""
          disabled={!kind}
          onChange={(e) => e.target.value && put(at, [...(value[at] ?? []), e.target.value])}
        >
          <option value="">{t('role.mask_field')}</option>
          {choices(open.filter((f) => f.sensitive))}
          {choices(open.filter((f) => !f.sensitive))}
        </Select>
      </div>
    </section>
  )
}
