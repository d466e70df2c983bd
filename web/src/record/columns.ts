import { useCallback, useState } from 'react'
import type { Field, Kind } from '../client/types'
import { arranged } from './arrange'

// Which columns a kind shows until a person chooses: what tells its records apart at a glance.
const first: Record<string, string[]> = {
  receipt: ['dated_on', 'customer', 'd_customer_level', 'type', 'amount', 'direction', 'd_product', 'purpose'],
  customer: ['name', 'd_type', 'd_level', 'd_region', 'd_industry', 'phone', 'since'],
  contact: ['name', 'customer', 'position', 'phone', 'email'],
  product: ['code', 'name', 'unit', 'price', 'note'],
  order: ['number', 'customer', 'ordered_on', 'stage', 'amount', 'address'],
  case: ['subject', 'customer', 'd_type', 'priority', 'stage', 'assignee', 'opened_at', 'due_at'],
  activity: ['happened_at', 'type', 'subject', 'customer', 'contact', 'minutes', 'owner'],
  task: ['subject', 'due_on', 'priority', 'stage', 'assignee', 'customer'],
  document: ['name', 'state', 'folder', 'customer', 'pages', 'size', 'source', 'created_at'],
  folder: ['name', 'parent', 'customer', 'note', 'created_at'],
  entry: ['booked_on', 'account', 'direction', 'amount', 'balance', 'counter_name', 'summary'],
  account: ['holder', 'number', 'bank', 'customer', 'own'],
}

/** The machinery's own: nothing that a person compares. */
export const hidden = ['id', 'version', 'title', 'deleted_at', 'business_key', 'sha256']

/** Every field that can be a column. */
export function columnFields(kind: Kind): Field[] {
  return kind.fields.filter((f) => f.type !== 'json' && !hidden.includes(f.name))
}

function defaults(kind: Kind): string[] {
  const named = first[kind.kind]?.filter((n) => columnFields(kind).some((f) => f.name === n)) ?? []
  if (named.length > 2) return named
  return arranged(kind.fields)
    .filter((f) => (!f.system || f.formula) && !['longtext', 'lines', 'json'].includes(f.type) && !['owner', 'department'].includes(f.name))
    .slice(0, 7)
    .map((f) => f.name)
}

export function useColumns(kind: Kind): { shown: Field[]; all: Field[]; set: (names: string[] | undefined) => void } {
  const key = `guike.columns.${kind.kind}`
  const [, again] = useState(0)
  let names: string[] | undefined
  try {
    names = JSON.parse(localStorage.getItem(key) ?? 'null') ?? undefined
  } catch {
    names = undefined
  }
  const all = columnFields(kind)
  const shown = (names ?? defaults(kind)).flatMap((n) => all.find((f) => f.name === n) ?? [])
  const set = useCallback(
    (next: string[] | undefined) => {
      if (next) localStorage.setItem(key, JSON.stringify(next))
      else localStorage.removeItem(key)
      again((n) => n + 1)
    },
    [key],
  )
  return { shown: shown.length > 0 ? shown : all.slice(0, 4), all, set }
}

/** Track and least width of a column, in pixels, by what stands in it. */
export function width(f: Field): [track: string, least: number] {
  const fixed = (n: number): [string, number] => [`${n}px`, n]
  if (f.title) return ['minmax(200px,2fr)', 200]
  switch (f.type) {
    case 'date':
      return fixed(100)
    case 'time':
      return fixed(140)
    case 'money':
      return fixed(128)
    case 'bool':
    case 'int':
    case 'float':
      return fixed(84)
    case 'choice':
      return fixed(92)
    case 'choices':
      return ['minmax(120px,1fr)', 120]
    case 'category':
      return ['minmax(104px,0.8fr)', 104]
    case 'ref':
      return ['minmax(156px,1.6fr)', 156]
    default:
      return ['minmax(120px,1fr)', 120]
  }
}
