import i18next from 'i18next'
import type { Field, FieldType, Filter, Kind, Leaf } from '../client/types'
import { group, isRef, plain } from './format'
import { choiceLabel, fieldLabel, kindLabel } from './label'

const words = ['contains', 'prefix', 'eq', 'ne', 'empty', 'present']
const sizes = ['ge', 'le', 'between', 'eq', 'gt', 'lt', 'empty', 'present']
const days = ['period', 'between', 'ge', 'le', 'empty', 'present']

const ops: Partial<Record<FieldType, string[]>> = {
  choice: ['in', 'ne', 'empty', 'present'],
  choices: ['in', 'eq', 'ne', 'empty', 'present'],
  int: sizes,
  float: sizes,
  money: sizes,
  date: days,
  time: days,
  bool: ['eq'],
  ref: ['eq', 'ne', 'empty', 'present'],
  category: ['under', 'empty', 'present'],
}

export function opsOf(type: FieldType): string[] {
  return ops[type] ?? words
}

export const periods = [
  'today',
  'yesterday',
  'this_week',
  'last_week',
  'this_month',
  'last_month',
  'this_quarter',
  'last_quarter',
  'this_year',
  'last_year',
  'last_30_days',
]

/** A field and, through references, the fields of what it names: `customer.name`. */
export interface Path {
  path: string
  field: Field
  kind: string
  label: string
  group: string
}

/** What a condition on this kind may be about; references are followed one step. */
export function paths(kind: Kind, kinds: Kind[]): Path[] {
  const usable = (f: Field) =>
    f.type !== 'lines' && f.type !== 'json' && !['id', 'version', 'title', 'deleted_at', 'business_key'].includes(f.name)
  const own = kind.fields
    .filter(usable)
    .map((field) => ({ path: field.name, field, kind: kind.kind, label: fieldLabel(kind.kind, field), group: kindLabel(kind) }))
  const through = kind.fields.flatMap((f) => {
    const other = f.type === 'ref' && !f.system ? kinds.find((k) => k.kind === f.ref) : undefined
    if (!other) return []
    const head = fieldLabel(kind.kind, f)
    return other.fields
      .filter((g) => usable(g) && (!g.system || (g.type === 'choice' && g.name !== 'status')))
      .map((g) => ({
        path: `${f.name}.${g.name}`,
        field: g,
        kind: other.kind,
        label: `${head} › ${fieldLabel(other.kind, g)}`,
        group: head,
      }))
  })
  return [...own, ...through]
}

export function periodLabel(v: string): string {
  const days = /^last_(\d+)_days$/.exec(v)?.[1]
  if (days) return i18next.t('period.last_days', { n: days })
  return i18next.exists(`period.${v}`) ? i18next.t(`period.${v}`) : v
}

export const isLeaf = (f: Filter): f is Leaf => 'field' in f

/** A filter in words, as a chip or a rule shows it. `name` gives the titles of ids that the filter holds. */
export function describe(filter: Filter | null | undefined, all: Path[], name: (id: string) => string | undefined): string {
  const t = i18next.t
  if (!filter) return t('filter.always')
  if ('and' in filter) return filter.and.map((f) => inner(f, all, name)).join(t('filter.and'))
  if ('or' in filter) return filter.or.map((f) => inner(f, all, name)).join(t('filter.or'))
  if ('not' in filter) return t('filter.not', { what: inner(filter.not, all, name) })
  const at = all.find((p) => p.path === filter.field)
  const label = at?.label ?? filter.field
  if (filter.op === 'empty' || filter.op === 'present') return `${label} ${t(`op.${filter.op}`)}`
  const said = sayValue(filter, at, name)
  return `${label} ${t(`op.${filter.op}`)} ${said}`
}

function inner(f: Filter, all: Path[], name: (id: string) => string | undefined): string {
  const said = describe(f, all, name)
  return 'and' in f || 'or' in f ? `(${said})` : said
}

function sayValue(leaf: Leaf, at: Path | undefined, name: (id: string) => string | undefined): string {
  const t = i18next.t
  if (leaf.op === 'between' && Array.isArray(leaf.value)) return leaf.value.map((v) => one(v)).join(' – ')
  if (Array.isArray(leaf.value)) return leaf.value.map((v) => one(v)).join(t('mark.comma'))
  return one(leaf.value)

  function one(v: unknown): string {
    if (v === '$me') return t('filter.me')
    if (leaf.op === 'period' && typeof v === 'string') return periodLabel(v)
    if ((at?.field.type === 'choice' || at?.field.type === 'choices') && typeof v === 'string') return choiceLabel(at.kind, at.field, v)
    if (isRef(v)) return v.title
    if ((at?.field.type === 'ref' || at?.field.type === 'category') && typeof v === 'string') return name(v) ?? v
    if (at?.field.type === 'int' || at?.field.type === 'float') return group(String(v))
    return plain(v)
  }
}
