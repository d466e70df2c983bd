import type { Field, Filter } from '../client/types'
import { isMoney, isRef } from '../field/format'
import { same } from './write'

/** Whether a condition holds for a record as it is being filled in; undefined where only the server can say. */
export function holds(f: Filter | undefined, r: Record<string, unknown>): boolean | undefined {
  if (!f) return undefined
  if ('and' in f) return all(f.and.map((x) => holds(x, r)))
  if ('or' in f) return not(all(f.or.map((x) => not(holds(x, r)))))
  if ('not' in f) return not(holds(f.not, r))
  if (f.field.includes('.')) return undefined
  const value = r[f.field]
  const empty = same(value, undefined)
  const have = (Array.isArray(value) ? value : [value]).map(bare)
  const asked = (Array.isArray(f.value) ? f.value : [f.value]).map(bare)
  switch (f.op) {
    case 'empty':
      return empty
    case 'present':
      return !empty
    case 'eq':
    case 'in':
      return typeof f.value === 'boolean' ? (value === true) === f.value : have.some((v) => asked.includes(v))
    case 'ne':
      return !have.some((v) => asked.includes(v))
  }
  if (empty) return false
  const [a, b] = [Number(have[0]), Number(asked[0])]
  const [x, y] = Number.isNaN(a) || Number.isNaN(b) ? [String(have[0]), String(asked[0])] : [a, b]
  switch (f.op) {
    case 'lt':
      return x < y
    case 'le':
      return x <= y
    case 'gt':
      return x > y
    case 'ge':
      return x >= y
    case 'contains':
      return String(have[0]).toLowerCase().includes(String(asked[0]).toLowerCase())
    case 'prefix':
      return String(have[0]).startsWith(String(asked[0]))
  }
  return undefined
}

const not = (x: boolean | undefined) => (x === undefined ? undefined : !x)
const all = (xs: (boolean | undefined)[]) => (xs.includes(false) ? false : xs.includes(undefined) ? undefined : true)
const bare = (v: unknown) => (isRef(v) ? v.id : isMoney(v) ? v.amount : v)

/** Whether a form must ask for a field: always, or because of what else stands in it. */
export function wanted(f: Field, r: Record<string, unknown>): boolean {
  return !!f.required || !!f.wanted || holds(f.required_when, r) === true
}

/** Whether a text has the form that its field asks; a pattern that only the server understands is left to it. */
export function fits(f: Field, value: unknown): boolean {
  if (!f.pattern || typeof value !== 'string' || value === '') return true
  try {
    return new RegExp(`^(?:${f.pattern})$`, 'u').test(value)
  } catch {
    return true
  }
}
