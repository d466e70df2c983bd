import { Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Field, Money, Ref } from '../client/types'
import { Button, IconButton } from '../ui/button'
import { Select } from '../ui/select'
import { numeric } from './cell'
import { DateInput, TimeInput } from './date'
import { cx } from '../ui/cx'
import { choiceLabel, fieldLabel, offered } from './label'
import { RefInput } from './ref'

export interface InputProps {
  kind: string
  field: Field
  value: unknown
  onChange: (value: unknown) => void
  label?: string
  /** The record as it is being filled in: some words depend on it. */
  record?: Record<string, unknown>
  id?: string
  'aria-describedby'?: string
  'aria-invalid'?: boolean
  'aria-required'?: boolean
}

/** Full-width digits and signs, which an input method types as readily as plain ones, become plain. */
export function digits(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[,，\s¥￥]/g, '')
    .replace('−', '-')
}

/** The input for a field's type. Values are those of the API, as answered. */
export function Input({ kind, field, value, onChange, label, record, ...ids }: InputProps) {
  const { t } = useTranslation()
  const text = value === null || value === undefined ? '' : String(value)
  const common = { ...ids, 'aria-label': label, className: 'control w-full' }
  switch (field.type) {
    case 'longtext':
      return (
        <textarea {...common} rows={3} className="control h-auto! w-full py-1.5" value={text} onChange={(e) => onChange(e.target.value)} />
      )
    case 'choice':
      return (
        <Select {...ids} aria-label={label} value={text} onChange={(e) => onChange(e.target.value)}>
          <option value="">{t('mark.choose')}</option>
          {offered(field, [text]).map((c) => (
            <option key={c} value={c}>
              {choiceLabel(kind, field, c, record)}
            </option>
          ))}
        </Select>
      )
    case 'choices':
      return <Toggles {...ids} kind={kind} field={field} label={label} value={(value as string[] | null) ?? []} onChange={onChange} />
    case 'bool':
      return (
        <span className="flex h-8 items-center">
          <input {...ids} aria-label={label} type="checkbox" checked={value === true} onChange={(e) => onChange(e.target.checked)} />
        </span>
      )
    case 'date':
      return <DateInput {...ids} label={label} value={text} onChange={onChange} />
    case 'time':
      return <TimeInput {...ids} label={label} value={text} onChange={onChange} />
    case 'int':
    case 'float':
      return (
        <input
          {...common}
          inputMode="decimal"
          className="control w-full text-right"
          value={text}
          onChange={(e) => onChange(e.target.value)}
          onBlur={(e) => {
            const clean = digits(e.target.value)
            onChange(clean === '' ? null : Number.isFinite(Number(clean)) ? Number(clean) : clean)
          }}
        />
      )
    case 'money':
      return <MoneyInput {...ids} label={label} value={value as Money | null} onChange={onChange} />
    case 'ref':
      return <RefInput {...ids} label={label} kind={field.ref ?? ''} value={(value as Ref | null) ?? null} onChange={onChange} />
    case 'lines':
      return <LinesInput kind={kind} field={field} value={(value as Row[] | null) ?? []} onChange={onChange} />
    default:
      return (
        <input
          {...common}
          type={field.type === 'email' ? 'email' : field.type === 'phone' ? 'tel' : 'text'}
          value={text}
          onChange={(e) => onChange(e.target.value)}
        />
      )
  }
}

export function MoneyInput({
  value,
  onChange,
  label,
  ...ids
}: {
  value: Money | null | undefined
  onChange: (m: Money | null) => void
  label?: string
  id?: string
}) {
  const currency = value?.currency || 'CNY'
  return (
    <span className="relative flex">
      <span aria-hidden className="pointer-events-none absolute left-2 top-1/2 -translate-y-1/2 text-xs text-muted">
        {currency}
      </span>
      <input
        {...ids}
        aria-label={label}
        inputMode="decimal"
        className="control w-full pl-10! text-right"
        value={value?.amount ?? ''}
        onChange={(e) => onChange({ amount: e.target.value, currency })}
        onBlur={(e) => {
          const clean = digits(e.target.value)
          onChange(clean === '' ? null : { amount: clean, currency })
        }}
      />
    </span>
  )
}

/** Several of a few words: each is a button that stays down. */
export function Toggles({
  kind,
  field,
  value,
  onChange,
  label,
  ...ids
}: {
  kind: string
  field: Field
  value: string[]
  onChange: (v: string[]) => void
  label?: string
  id?: string
  'aria-describedby'?: string
  'aria-invalid'?: boolean
  'aria-required'?: boolean
}) {
  const { id, 'aria-describedby': below } = ids
  return (
    <div role="group" id={id} aria-describedby={below} aria-label={label ?? fieldLabel(kind, field)} className="flex flex-wrap gap-1">
      {offered(field, value).map((c) => {
        const on = value.includes(c)
        return (
          <button
            key={c}
            type="button"
            aria-pressed={on}
            onClick={() => onChange(on ? value.filter((x) => x !== c) : [...value, c])}
            className={cx(
              'h-8 rounded-md border px-2 max-md:h-11',
              on ? 'border-accent bg-accent-tint text-accent' : 'border-line hover:bg-hover',
            )}
          >
            {choiceLabel(kind, field, c)}
          </button>
        )
      })}
    </div>
  )
}

type Row = Record<string, unknown>

function LinesInput({ kind, field, value, onChange }: { kind: string; field: Field; value: Row[]; onChange: (rows: Row[]) => void }) {
  const { t } = useTranslation()
  const columns = (field.lines ?? []).filter((f) => !f.system)
  const set = (i: number, name: string, v: unknown) => onChange(value.map((r, j) => (j === i ? { ...r, [name]: v } : r)))
  return (
    <div className="flex flex-col gap-2">
      {value.map((row, i) => (
        <div key={i} className="rounded-md border border-line p-2">
          <div className="grid grid-cols-2 gap-2">
            {columns.map((f, j) => (
              <div key={f.name} className={j === 0 && !numeric(f) ? 'col-span-2' : ''}>
                <span aria-hidden className="text-xs text-muted">
                  {fieldLabel(`${kind}.${field.name}`, f)}
                </span>
                <Input
                  kind={kind}
                  field={f}
                  label={`${fieldLabel(`${kind}.${field.name}`, f)} ${i + 1}`}
                  value={row[f.name]}
                  onChange={(v) => set(i, f.name, v)}
                />
              </div>
            ))}
          </div>
          <div className="mt-1 flex justify-end">
            <IconButton
              icon={Trash2}
              label={t('act.remove_line', { n: i + 1 })}
              onClick={() => onChange(value.filter((_, j) => j !== i))}
            />
          </div>
        </div>
      ))}
      <Button form icon={Plus} className="self-start" onClick={() => onChange([...value, {}])}>
        {t('act.add_line')}
      </Button>
    </div>
  )
}
