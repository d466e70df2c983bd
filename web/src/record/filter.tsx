import { ListFilter, Plus, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDimensions, useKinds } from '../client/data'
import type { Field, Filter, Kind, Leaf, Money, Ref } from '../client/types'
import { CategoryOptions } from '../field/category'
import { DateInput } from '../field/date'
import { isRef } from '../field/format'
import { digits, Input, MoneyInput, Toggles } from '../field/input'
import { isLeaf, opsOf, type Path, paths, periodLabel, periods } from '../field/ops'
import { RefInput } from '../field/ref'
import { Button, IconButton } from '../ui/button'
import { cx } from '../ui/cx'
import { Popover } from '../ui/popover'
import { Select } from '../ui/select'
import { complete } from './complete'
import { named } from './names'

export interface FilterProps {
  kind: Kind
  value: Filter | null | undefined
  onChange: (f: Filter | null) => void
}

type Group = { how: 'and' | 'or'; parts: Filter[] }

function group(f: Filter | null | undefined): Group {
  if (!f) return { how: 'and', parts: [] }
  if ('and' in f) return { how: 'and', parts: f.and }
  if ('or' in f) return { how: 'or', parts: f.or }
  return { how: 'and', parts: [f] }
}

function ungroup({ how, parts }: Group): Filter | null {
  if (parts.length === 0) return null
  if (parts.length === 1 && (isLeaf(parts[0]!) || 'not' in parts[0]!)) return parts[0]!
  return how === 'and' ? { and: parts } : { or: parts }
}

/** The one editor of conditions: list filters and classification rules are the same tree. */
export function FilterEditor({ kind, value, onChange, depth = 0 }: FilterProps & { depth?: number }) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const all = paths(kind, kinds)
  const g = group(value)
  const put = (parts: Filter[], how = g.how) => onChange(ungroup({ how, parts }))
  const start = all.find((p) => !p.field.system) ?? all[0]
  const blank = (): Leaf => ({ field: start?.path ?? '', op: opsOf(start?.field.type ?? 'text')[0]! })
  return (
    <div className={cx('flex flex-col gap-2', depth > 0 && 'rounded-md border border-line bg-ground p-2')}>
      {g.parts.length > 1 && (
        <div className="flex items-center gap-2 text-xs text-muted">
          <Select
            bar
            aria-label={t('filter.how')}
            value={g.how}
            onChange={(e) => put(g.parts, e.target.value as 'and' | 'or')}
            className="w-24"
          >
            <option value="and">{t('filter.all')}</option>
            <option value="or">{t('filter.any')}</option>
          </Select>
          {t('filter.of_these')}
        </div>
      )}
      {g.parts.map((part, i) => (
        <div key={i} className="flex items-start gap-1">
          <div className="min-w-0 flex-1">
            {'not' in part ? (
              <div className="rounded-md border border-line bg-ground p-2">
                <p className="mb-1 text-xs text-muted">{t('filter.none_of')}</p>
                <FilterEditor
                  kind={kind}
                  value={part.not}
                  depth={depth + 1}
                  onChange={(f) => put(g.parts.map((x, j) => (j === i ? { not: f ?? { and: [] } } : x)))}
                />
              </div>
            ) : isLeaf(part) ? (
              <LeafEditor all={all} value={part} onChange={(f) => put(g.parts.map((x, j) => (j === i ? f : x)))} />
            ) : (
              <FilterEditor
                kind={kind}
                value={part}
                depth={depth + 1}
                onChange={(f) =>
                  put(f ? g.parts.map((x, j) => (j === i ? (isLeaf(f) ? { and: [f] } : f) : x)) : g.parts.filter((_, j) => j !== i))
                }
              />
            )}
          </div>
          <IconButton icon={X} label={t('filter.remove')} onClick={() => put(g.parts.filter((_, j) => j !== i))} className="mt-0.5" />
        </div>
      ))}
      <div className="flex flex-wrap gap-1">
        <Button tone="quiet" icon={Plus} onClick={() => put([...g.parts, blank()])}>
          {t('filter.add')}
        </Button>
        {depth === 0 && g.parts.length > 0 && (
          <Button tone="quiet" icon={Plus} onClick={() => put([...g.parts, { or: [blank(), blank()] }])}>
            {t('filter.add_group')}
          </Button>
        )}
      </div>
    </div>
  )
}

function LeafEditor({ all, value, onChange }: { all: Path[]; value: Leaf; onChange: (f: Leaf) => void }) {
  const { t } = useTranslation()
  const at = all.find((p) => p.path === value.field)
  const groups = [...new Set(all.map((p) => p.group))]
  const ops = opsOf(at?.field.type ?? 'text')
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_112px] gap-1 sm:grid-cols-[minmax(0,150px)_112px_minmax(0,1fr)]">
      <Select
        aria-label={t('filter.field')}
        value={value.field}
        onChange={(e) => {
          const next = all.find((p) => p.path === e.target.value)
          onChange({ field: e.target.value, op: opsOf(next?.field.type ?? 'text')[0]! })
        }}
      >
        {!at && <option value={value.field}>{value.field}</option>}
        {groups.map((g) => (
          <optgroup key={g} label={g}>
            {all
              .filter((p) => p.group === g)
              .map((p) => (
                <option key={p.path} value={p.path}>
                  {p.label}
                </option>
              ))}
          </optgroup>
        ))}
      </Select>
      <Select
        aria-label={t('filter.op')}
        value={value.op}
        onChange={(e) =>
          onChange({ field: value.field, op: e.target.value, value: keeps(value.op, e.target.value) ? value.value : undefined })
        }
      >
        {!ops.includes(value.op) && <option value={value.op}>{t(`op.${value.op}`)}</option>}
        {ops.map((op) => (
          <option key={op} value={op}>
            {t(`op.${op}`)}
          </option>
        ))}
      </Select>
      <div className="col-span-2 min-w-0 sm:col-span-1">
        {at && value.op !== 'empty' && value.op !== 'present' && (
          <LeafValue at={at} op={value.op} value={value.value} onChange={(v) => onChange({ ...value, value: v })} />
        )}
      </div>
    </div>
  )
}

const shape = (op: string) => (op === 'between' || op === 'in' || op === 'period' ? op : 'one')
const keeps = (a: string, b: string) => shape(a) === shape(b)

function LeafValue({ at, op, value, onChange }: { at: Path; op: string; value: unknown; onChange: (v: unknown) => void }) {
  const { t } = useTranslation()
  const dimensions = useDimensions().data?.data ?? []
  const label = t('filter.value')
  const { field } = at
  if (op === 'period') return <Period value={String(value ?? '')} onChange={onChange} />
  if (op === 'between') {
    const [from, to] = (Array.isArray(value) ? value : [null, null]) as [unknown, unknown]
    return (
      <div className="grid grid-cols-2 gap-1">
        <Scalar field={field} kind={at.kind} label={t('filter.from')} value={from} onChange={(v) => onChange([v ?? null, to ?? null])} />
        <Scalar field={field} kind={at.kind} label={t('filter.to')} value={to} onChange={(v) => onChange([from ?? null, v ?? null])} />
      </div>
    )
  }
  if ((field.type === 'choice' || field.type === 'choices') && op === 'in')
    return (
      <Toggles kind={at.kind} field={field} label={label} value={Array.isArray(value) ? (value as string[]) : []} onChange={onChange} />
    )
  if (field.type === 'category') {
    const categories = dimensions.find((d) => d.kind === at.kind && d.name === field.name)?.categories ?? []
    return (
      <Select
        aria-label={label}
        value={String(Array.isArray(value) ? (value[0] ?? '') : (value ?? ''))}
        onChange={(e) => onChange(e.target.value || undefined)}
      >
        <option value="">{t('mark.choose')}</option>
        <CategoryOptions categories={categories} />
      </Select>
    )
  }
  if (field.type === 'ref') {
    const ref: Ref | null = isRef(value) ? value : typeof value === 'string' && value ? { id: value, title: named(value) ?? value } : null
    return (
      <RefInput kind={field.ref ?? ''} label={label} value={ref} onChange={(r) => onChange(r ? { id: r.id, title: r.title } : undefined)} />
    )
  }
  if (field.type === 'bool')
    return (
      <Select
        aria-label={label}
        value={value === undefined ? '' : String(value)}
        onChange={(e) => onChange(e.target.value === '' ? undefined : e.target.value === 'true')}
      >
        <option value="">{t('mark.choose')}</option>
        <option value="true">{t('mark.yes')}</option>
        <option value="false">{t('mark.no')}</option>
      </Select>
    )
  return <Scalar field={field} kind={at.kind} label={label} value={value} onChange={onChange} />
}

function Scalar({
  field,
  kind,
  label,
  value,
  onChange,
}: {
  field: Field
  kind: string
  label: string
  value: unknown
  onChange: (v: unknown) => void
}) {
  if (field.type === 'money')
    return (
      <MoneyInput
        label={label}
        value={(typeof value === 'string' ? { amount: value, currency: 'CNY' } : (value as Money | null)) ?? null}
        onChange={onChange}
      />
    )
  if (field.type === 'int' || field.type === 'float')
    return (
      <input
        className="control w-full text-right"
        inputMode="decimal"
        aria-label={label}
        value={value === null || value === undefined ? '' : String(value)}
        onChange={(e) => {
          const n = Number(digits(e.target.value))
          onChange(e.target.value === '' ? null : Number.isFinite(n) ? n : e.target.value)
        }}
      />
    )
  if (field.type === 'time' || field.type === 'date')
    return <DateInput label={label} value={String(value ?? '').slice(0, 10)} onChange={onChange} />
  const textual: Field = field.type === 'choice' || field.type === 'choices' ? { ...field, type: 'choice' } : { ...field, type: 'text' }
  return <Input kind={kind} field={textual} label={label} value={value} onChange={onChange} />
}

function Period({ value, onChange }: { value: string; onChange: (v: string) => void }) {
  const { t } = useTranslation()
  const known = periods.includes(value)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_88px] gap-1">
      <Select aria-label={t('filter.period')} value={known ? value : ''} onChange={(e) => onChange(e.target.value)}>
        <option value="">{t('mark.choose')}</option>
        {periods.map((p) => (
          <option key={p} value={p}>
            {periodLabel(p)}
          </option>
        ))}
      </Select>
      <input
        className="control"
        aria-label={t('filter.period_text')}
        placeholder="2026-Q3"
        value={known ? '' : value}
        onChange={(e) => onChange(e.target.value.trim().toUpperCase())}
      />
    </div>
  )
}

interface FilterButtonProps {
  kind: Kind
  value?: Filter
  onChange: (f: Filter | null) => void
  open: boolean
  onOpen: (open: boolean) => void
}

/** The conditions' builder, behind a button of the bar. */
export function FilterButton({ kind, value, onChange, open, onOpen }: FilterButtonProps) {
  const { t } = useTranslation()
  // Half-made conditions stay here; only what already says something goes into the address.
  const [draft, setDraft] = useState<Filter | null>(null)
  useEffect(() => {
    if (open) setDraft(value ?? null)
  }, [open])
  return (
    <Popover
      title={t('filter.title')}
      open={open}
      onOpenChange={onOpen}
      className="w-[560px] p-3"
      trigger={
        <Button fold icon={ListFilter}>
          {t('filter.title')}
        </Button>
      }
    >
      <FilterEditor
        kind={kind}
        value={draft}
        onChange={(f) => {
          setDraft(f)
          onChange(complete(f) ?? null)
        }}
      />
    </Popover>
  )
}
