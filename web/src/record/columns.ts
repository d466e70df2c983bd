import { useCallback, useMemo, useState } from 'react'
import type { Field, Kind } from '../client/types'
import { useKept } from '../ui/size'
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
  document: ['name', 'd_kind', 'state', 'customer', 'dated_on', 'folder', 'pages', 'size', 'created_at'],
  folder: ['name', 'parent', 'customer', 'note', 'created_at'],
  entry: ['booked_on', 'account', 'direction', 'amount', 'balance', 'counter_name', 'summary'],
  comment: ['body', 'about', 'rec', 'owner', 'created_at'],
  import: ['name', 'of', 'state', 'rows', 'rejected', 'owner', 'created_at'],
  account: ['holder', 'number', 'bank', 'customer', 'own'],
}

/** The machinery's own: nothing that a person compares. */
export const hidden = ['id', 'version', 'title', 'deleted_at', 'business_key', 'sha256', 'fingerprint']

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

/** `named` are those that the address asks for; what is changed then is the address. */
export function useColumns(
  kind: Kind,
  named?: string[],
  rename?: (names: string[] | undefined) => void,
): { shown: Field[]; all: Field[]; set: (names: string[] | undefined) => void } {
  const key = `guike.columns.${kind.kind}`
  const [, again] = useState(0)
  let names: string[] | undefined
  try {
    names = JSON.parse(localStorage.getItem(key) ?? 'null') ?? undefined
  } catch {
    names = undefined
  }
  const all = columnFields(kind)
  const shown = (named ?? names ?? defaults(kind)).flatMap((n) => all.find((f) => f.name === n) ?? [])
  const set = useCallback(
    (next: string[] | undefined) => {
      if (named && rename) return rename(next)
      if (next) localStorage.setItem(key, JSON.stringify(next))
      else localStorage.removeItem(key)
      again((n) => n + 1)
    },
    [key, named, rename],
  )
  return { shown: shown.length > 0 ? shown : all.slice(0, 4), all, set }
}

/** Share of what is left over, and least width of a column in pixels, by what stands in it. */
export function width(f: Field): [grow: number, least: number] {
  if (f.title) return [2, 200]
  switch (f.type) {
    case 'date':
      return [0, 104]
    case 'time':
      return [0, 144]
    case 'money':
      return [0, 128]
    case 'bool':
    case 'int':
    case 'float':
      return [0, 88]
    case 'choice':
      return [0, 96]
    case 'category':
      return [0.8, 112]
    case 'ref':
      return [1.6, 156]
    default:
      return [1, 120]
  }
}

/** What stands before the columns: the mark of a row and the way into its record. */
export const lead = 60

export interface Track {
  left: number
  width: number
}

/** Where each column stands: as wide as a person made it, else its least and a share of the room that is left. */
export function tracks(columns: Field[], widths: Record<string, number>, room: number): Track[] {
  const least = columns.map((f) => widths[f.name] ?? width(f)[1])
  const grow = columns.map((f) => (widths[f.name] === undefined ? width(f)[0] : 0))
  const spare = Math.max(0, room - lead - least.reduce((a, b) => a + b, 0))
  const shares = grow.reduce((a, b) => a + b, 0)
  let left = lead
  return columns.map((_, i) => {
    const w = least[i]! + (shares > 0 ? Math.floor((spare * grow[i]!) / shares) : 0)
    left += w
    return { left: left - w, width: w }
  })
}

export const rowHeights: Record<string, number> = { compact: 32, normal: 36, roomy: 44, tall: 72 }

/** How a person has set up the sheet of one kind on this device. */
export interface Layout {
  widths: Record<string, number>
  /** How many columns stay where they are while the others go by. */
  frozen: number
  /** Height of a row; the workspace-wide density where nothing is said. */
  height?: string
  wrap?: boolean
}

/** A view begins with the layout it was kept with. */
export function useLayout(kind: Kind, view?: string, first?: Layout): [Layout, (part: Partial<Layout>) => void] {
  const [text, keep] = useKept(`guike.sheet.${view ?? kind.kind}`, '')
  const layout = useMemo(() => {
    const plain: Layout = { widths: {}, frozen: 0, ...first }
    try {
      return text ? { ...plain, ...JSON.parse(text) } : plain
    } catch {
      return plain
    }
  }, [text, first])
  return [layout, (part) => keep(JSON.stringify({ ...layout, ...part }))]
}
