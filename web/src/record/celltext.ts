import i18next from 'i18next'
import type { Category, Dimension, Field, Kind, Money, Rec, Ref } from '../client/types'
import { readDay, readMinute } from '../field/date'
import { fromWall, isMoney, isRef, moment } from '../field/format'
import { digits } from '../field/input'
import { choiceLabel, offered } from '../field/label'
import { wanted, fits } from './holds'
import { same } from './write'

/** What a text says for a field: a value, a record still to be found by its title, or nothing that the field takes. */
export type Read = { value: unknown } | { seek: string } | { wrong: string }

/** Whether a cell of this field may be written where it stands. */
export function editable(kind: Kind, field: Field, dimensions: Dimension[]): boolean {
  if (kind.verbs || !(kind.can?.includes('update') ?? true)) return false
  if (field.type === 'category')
    return dimensions.some((d) => d.kind === kind.kind && d.name === field.name && ['rules', 'field', 'lookup'].includes(d.by))
  return !field.system && field.type !== 'lines' && field.type !== 'json' && !['status', 'department'].includes(field.name)
}

/** A cell as a sheet wants it: numbers bare, days and words as shown. */
export function cellText(kind: string, field: Field, value: unknown, record?: Rec): string {
  if (value === null || value === undefined || value === '') return ''
  if (Array.isArray(value) && field.type !== 'lines')
    return value
      .map((v) => (field.type === 'choices' ? choiceLabel(kind, field, String(v)) : isRef(v) ? v.title : String(v)))
      .join(i18next.t('mark.comma'))
  if (isMoney(value)) return value.currency === 'CNY' ? value.amount : `${value.currency} ${value.amount}`
  if (isRef(value)) return value.title
  if (field.type === 'choice') return choiceLabel(kind, field, String(value), record)
  if (field.type === 'bool') return i18next.t(value ? 'mark.yes' : 'mark.no')
  if (field.type === 'time') return moment(String(value))
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value)
}

const separators = /[,;\u3001\uff0c\uff1b\n]+/
const plain = (s: string) => s.normalize('NFKC').trim().toLowerCase()

/** Reads what was typed or pasted into a cell. `record` is the one it stands in. */
export function readText(kind: Kind, field: Field, text: string, record: Rec, dimensions: Dimension[]): Read {
  const typed = field.type === 'longtext' ? text : text.trim()
  if (typed === '') return wanted(field, record) ? { wrong: 'required' } : { value: blank(field) }
  const wrong = { wrong: `not_a_${field.type}` }
  switch (field.type) {
    case 'int':
    case 'float': {
      const n = Number(digits(typed))
      return Number.isFinite(n) && (field.type === 'float' || Number.isInteger(n)) ? { value: n } : wrong
    }
    case 'money':
      return amount(typed, record[field.name] as Money | null) ?? wrong
    case 'date': {
      const day = readDay(typed.replace(/\s+0?0:00(:00)?$/, ''))
      return /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) && readDay(day) === day && real(day) ? { value: day } : wrong
    }
    case 'time': {
      const at = fromWall(readMinute(typed).replace(' ', 'T'))
      // To the minute the cell says what the record holds: that keeps its seconds.
      const now = record[field.name]
      return at ? { value: typeof now === 'string' && moment(now) === moment(at) ? now : at } : wrong
    }
    case 'bool':
      if (['true', '1', 'yes', 'y', '\u662f', '\u221a', i18next.t('mark.yes').toLowerCase()].includes(plain(typed))) return { value: true }
      if (['false', '0', 'no', 'n', '\u5426', '\u00d7', i18next.t('mark.no').toLowerCase()].includes(plain(typed))) return { value: false }
      return wrong
    case 'choice': {
      const one = word(kind, field, typed, record)
      return one ? { value: one } : { wrong: 'no_such_choice' }
    }
    case 'choices': {
      const all = typed
        .split(separators)
        .filter((s) => s.trim())
        .map((s) => word(kind, field, s, record))
      return all.every(Boolean) ? { value: [...new Set(all)] } : { wrong: 'no_such_choice' }
    }
    case 'category':
      return categories(kind, field, typed, dimensions)
    case 'ref':
      return typed === (record[field.name] as Ref | null)?.title ? { value: record[field.name] } : { seek: typed }
  }
  return fits(field, typed) ? { value: typed } : { wrong: field.pattern_help || 'pattern' }
}

const real = (day: string) => new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) === day

export function blank(field: Field): unknown {
  if (field.type === 'bool') return false
  if (field.type === 'choices') return []
  return ['int', 'float', 'money', 'date', 'time', 'ref', 'category'].includes(field.type) ? null : ''
}

function amount(typed: string, was: Money | null): Read | undefined {
  const code = /^([a-zA-Z]{3})\s+/.exec(typed)
  const signs: Record<string, string> = { $: 'USD', '\u20ac': 'EUR', '\u00a3': 'GBP', '\u00a5': 'CNY', '\uffe5': 'CNY' }
  const sign = signs[typed[0]!]
  const currency = code?.[1]?.toUpperCase() ?? sign ?? was?.currency ?? 'CNY'
  let n = digits(code ? typed.slice(code[0].length) : sign ? typed.slice(1) : typed).replace(/\u5143$/, '')
  // An accountant's brackets are a minus.
  const owed = /^\((.+)\)$/.exec(n)
  if (owed) n = `-${owed[1]}`
  return /^-?\d+(\.\d+)?$/.test(n) ? { value: { amount: n, currency } } : undefined
}

function word(kind: Kind, field: Field, typed: string, record: Rec): string | undefined {
  const all = offered(field, [record[field.name]].flat().map(String))
  return all.find((c) => plain(choiceLabel(kind.kind, field, c, record)) === plain(typed)) ?? all.find((c) => c === plain(typed))
}

function categories(kind: Kind, field: Field, typed: string, dimensions: Dimension[]): Read {
  const open = dimensions.find((d) => d.kind === kind.kind && d.name === field.name)?.categories.filter((c) => !c.retired) ?? []
  const find = (s: string): Category | undefined => open.find((c) => plain(c.title) === plain(s))
  const whole = find(typed)
  if (whole) return { value: field.multi ? [as(whole)] : as(whole) }
  const all = typed
    .split(separators)
    .filter((s) => s.trim())
    .map(find)
  if (!field.multi || all.length === 0 || !all.every(Boolean)) return { wrong: 'no_such_category' }
  return { value: [...new Set(all as Category[])].map(as) }
}

const as = (c: Category): Ref => ({ id: c.id, title: c.title })

/** Whether two values of a field are one: amounts by what they are worth. */
export function alike(a: unknown, b: unknown): boolean {
  if (isMoney(a) && isMoney(b)) return a.currency === b.currency && worth(a.amount) === worth(b.amount)
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => alike(x, b[i]))
  return same(a, b) || ((a === false || a === null || a === undefined) && (b === false || b === null || b === undefined))
}

const worth = (amount: string) => amount.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
