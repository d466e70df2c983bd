import { call, get, post, Problem } from '../client/call'
import { keep, stale, staleBeside } from '../client/data'
import type { Dimension, Field, Filter, Kind, Page, Rec, Ref } from '../client/types'
import { alike, editable, readText } from './celltext'
import { patch, toWrite } from './write'

/** One cell that is to get another value. `text` is what was typed or pasted for it. */
export interface Put {
  row: number
  record: Rec
  field: Field
  text: string
  value?: unknown
  /** Its row is to become a record: `record` only stands for it. */
  made?: boolean
  /** Why it cannot be so. */
  wrong?: string
}

/** How many records one request changes. */
const batch = 2000

interface Item {
  id?: string
  version?: number
  new?: string
  edit: Record<string, unknown>
  set: Record<string, string[]>
}

interface Written {
  id?: string
  versions?: Record<string, number>
  made?: Record<string, string>
  wrong: { id?: string; new?: string; reason: string; fields?: Record<string, string> }[]
}

const ids = (value: unknown) => [value].flat().flatMap((c) => ((c as Ref | null)?.id ? [(c as Ref).id] : []))

function itemsOf(puts: Put[]): Item[] {
  const items = new Map<string, Item>()
  for (const p of puts) {
    const which = p.made ? { new: p.record.id } : { id: p.record.id, version: p.record.version }
    const item = items.get(p.record.id) ?? { ...which, edit: {}, set: {} }
    items.set(p.record.id, item)
    if (p.field.type === 'category') item.set[p.field.name] = ids(p.value)
    else item.edit[p.field.name] = p.field.type === 'bool' ? p.value === true : toWrite(p.field, p.value)
  }
  return [...items.values()]
}

/** Reads texts into values. Those that say what the cell holds already are left out; what cannot be stays in, with its reason. */
export async function read(kind: Kind, kinds: Kind[], dimensions: Dimension[], cells: Omit<Put, 'value' | 'wrong'>[]): Promise<Put[]> {
  const puts: Put[] = []
  const sought = new Map<string, { field: Field; titles: Set<string> }>()
  for (const c of cells) {
    if (!editable(kind, c.field, dimensions)) {
      if (!c.made || c.text.trim()) puts.push({ ...c, wrong: 'read_only' })
      continue
    }
    const r = readText(kind, c.field, c.text, c.record, dimensions)
    if ('wrong' in r) puts.push({ ...c, wrong: r.wrong })
    else if ('value' in r) puts.push({ ...c, value: r.value })
    else {
      const of = sought.get(c.field.name) ?? { field: c.field, titles: new Set() }
      of.titles.add(r.seek)
      sought.set(c.field.name, of)
      puts.push({ ...c, text: r.seek, wrong: 'sought' })
    }
  }
  for (const { field, titles } of sought.values()) {
    const found = await seek(
      kinds.find((k) => k.kind === field.ref),
      [...titles],
    )
    for (const p of puts) {
      if (p.field !== field || p.wrong !== 'sought') continue
      const at = found.get(p.text) ?? []
      p.wrong = at.length === 1 ? undefined : at.length === 0 ? 'no_such_record' : 'several_such'
      p.value = at[0]
    }
  }
  return puts.filter((p) => p.wrong !== undefined || !alike(p.record[p.field.name], p.value))
}

/** Records by their exact titles, or by their id: two of one title cannot be told apart. */
async function seek(of: Kind | undefined, titles: string[]): Promise<Map<string, Ref[]>> {
  const found = new Map<string, Ref[]>()
  if (!of) return found
  const named = of.fields.find((f) => f.title)?.name
  const step = named ? 100 : 1
  for (let i = 0; i < titles.length; i += step) {
    const some = titles.slice(i, i + step)
    const filter: Filter | undefined = named ? { field: named, op: 'in', value: some } : undefined
    const page = await post<Page<Rec>>(`/${of.plural}:query`, { filter, q: named ? undefined : some[0], limit: 200 })
    for (const r of page.data) if (some.includes(r.title)) found.set(r.title, [...(found.get(r.title) ?? []), { id: r.id, title: r.title }])
  }
  return found
}

/** Asks the server what is wrong with cells, and writes nothing. */
export async function check(kind: Kind, puts: Put[]): Promise<Put[]> {
  const good = puts.filter((p) => !p.wrong)
  const why = new Map<string, Written['wrong'][0]>()
  const items = itemsOf(good)
  for (let i = 0; i < items.length; i += batch) {
    const out = await post<Written>(`/${kind.plural}:cells`, { check: true, items: items.slice(i, i + batch) })
    for (const w of out.wrong) why.set((w.id ?? w.new)!, w)
  }
  // What a new row lacks stands in no cell: it gets one.
  const lacks = puts.flatMap((p, i) => {
    const w = p.made && puts.findIndex((q) => q.record.id === p.record.id) === i ? why.get(p.record.id) : undefined
    return Object.entries(w?.fields ?? {}).flatMap(([name, wrong]): Put[] => {
      const field = kind.fields.find((f) => f.name === name)
      const there = puts.some((q) => q.record.id === p.record.id && q.field.name === name)
      return field && !there ? [{ ...p, field, text: '', value: undefined, wrong }] : []
    })
  })
  const first = new Set<string>()
  const checked = puts.map((p) => {
    const w = p.wrong ? undefined : why.get(p.record.id)
    if (!w) return p
    if (p.made) {
      const whole = Object.keys(w.fields ?? {}).length === 0 && !first.has(p.record.id)
      first.add(p.record.id)
      return { ...p, wrong: w.fields?.[p.field.name] ?? (whole ? w.reason : undefined) }
    }
    const of = w.fields ?? {}
    // What is wrong with another field of the record, that is not being written, is wrong with the whole.
    const mine =
      of[p.field.name] ??
      (Object.keys(of).some((n) => good.some((q) => q.record === p.record && q.field.name === n)) ? undefined : w.reason)
    return mine ? { ...p, wrong: mine } : p
  })
  return [...checked, ...lacks].sort((a, b) => a.row - b.row)
}

/** Writes cells that were checked, and answers the operations by which they are taken back and the records that were made. `once` makes it repeatable. */
export async function write(kind: Kind, puts: Put[], once?: string): Promise<{ operations: string[]; made: string[] }> {
  const operations: string[] = []
  const made: string[] = []
  // The newest stands first where nothing orders a list: made last to first, pasted rows stand as they were copied.
  const all = itemsOf(puts)
  const items = [...all.filter((x) => !x.new), ...all.filter((x) => x.new).reverse()]
  try {
    for (let i = 0; i < items.length; i += batch) {
      const part = items.slice(i, i + batch)
      const out = await post<Written>(`/${kind.plural}:cells`, { items: part }, { once: once && `${once}-${i}` })
      const first = out.wrong[0]
      if (!out.id) throw new Problem(409, 'conflict', first?.reason ?? '', first?.fields ?? {})
      operations.push(out.id)
      made.push(...Object.values(out.made ?? {}))
      const rows = new Map<string, Rec>()
      for (const p of puts) {
        const version = out.versions?.[p.record.id]
        if (version !== undefined) rows.set(p.record.id, { ...(rows.get(p.record.id) ?? p.record), version, [p.field.name]: p.value })
      }
      for (const r of rows.values()) keep(kind.kind, r)
    }
  } finally {
    stale(kind.kind)
    stale('operation')
  }
  return { operations, made }
}

// A record's edits follow each other: the later one names the version that the earlier made.
const last = new Map<string, Promise<Rec>>()

/** Writes one cell; shown at once, and put back where it is refused. */
export async function save(kind: Kind, p: Put, version?: number): Promise<{ record: Rec; operation?: string }> {
  keep(kind.kind, { ...p.record, [p.field.name]: p.value })
  const before = last.get(p.record.id)?.catch(() => p.record)
  let operation: string | undefined
  const now = (async () => {
    const from = (await before) ?? p.record
    const since = version ?? Math.max(from.version, p.record.version)
    if (p.field.type !== 'category')
      return patch(kind, from, { [p.field.name]: p.field.type === 'bool' ? p.value === true : p.value }, since)
    const out = await post<Written>(`/${kind.plural}:cells`, { items: itemsOf([{ ...p, record: { ...from, version: since } }]) })
    const w = out.wrong[0]
    if (w)
      throw new Problem(
        w.reason === 'error.changed_since' ? 412 : 400,
        w.reason === 'error.changed_since' ? 'conflict' : 'invalid',
        w.reason,
        w.fields ?? {},
      )
    operation = out.id
    return get<Rec>(`/${kind.plural}/${p.record.id}`)
  })()
  last.set(p.record.id, now)
  try {
    const record = await now
    keep(kind.kind, record)
    staleBeside(kind.kind)
    return { record, operation }
  } catch (e) {
    keep(kind.kind, p.record)
    throw e
  } finally {
    if (last.get(p.record.id) === now) last.delete(p.record.id)
  }
}

/** The record as it is on the server now. */
export const fresh = (kind: Kind, id: string) => call<Rec>('GET', `/${kind.plural}/${id}`)
