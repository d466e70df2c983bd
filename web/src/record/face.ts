import i18next from 'i18next'
import type { By, Dimension, Face, Field, Filter, Kind, Unit } from '../client/types'
import { count, group as digits, money } from '../field/format'
import { fieldLabel } from '../field/label'
import { isState } from '../field/tone'
import type { Breakdown, Group, Part } from './group'
import { groupFields } from './group'
import { split } from './split'
import { defaultSort } from './view'

export const faceNames = ['board', 'calendar', 'chart', 'pivot'] as const
export const units: Unit[] = ['day', 'week', 'month', 'quarter', 'year']
export const forms = ['bar', 'line', 'pie', 'map'] as const

export const isDated = (f: Field | undefined) => f?.type === 'date' || f?.type === 'time'

/** The fields whose days a calendar shows: those that people write before those of the machine. */
export function dayFields(kind: Kind): Field[] {
  const dated = kind.fields.filter((f) => isDated(f) && !['updated_at', 'deleted_at'].includes(f.name))
  const first = defaultSort(kind)?.replace('-', '')
  const rank = (f: Field) => (f.name === first ? 0 : f.system ? 2 : 1)
  return dated.sort((a, b) => rank(a) - rank(b))
}

/** The fields whose values are a board's columns: each record stands in one. */
export function boardFields(kind: Kind): Field[] {
  const rank = (f: Field) =>
    isState(kind.kind, f.name) ? 0 : f.type === 'choice' && !f.system ? 1 : f.type === 'category' ? 2 : f.type === 'ref' ? 4 : 3
  return groupFields(kind)
    .filter((f) => !f.multi && f.type !== 'choices' && !isDated(f))
    .sort((a, b) => rank(a) - rank(b))
}

/** What a chart's axes may be. */
export function axisFields(kind: Kind): Field[] {
  return [...groupFields(kind), ...kind.fields.filter((f) => f.type === 'time' && !['updated_at', 'deleted_at'].includes(f.name))]
}

export function fieldsOf(kind: Kind, as: Face['as']): Field[] {
  return as === 'board' ? boardFields(kind) : as === 'calendar' ? dayFields(kind) : axisFields(kind)
}

/** How a face looks before anybody chose; none where the kind has nothing to stand it on. */
export function startFace(kind: Kind, as: Face['as']): Face | undefined {
  const [first, second] = fieldsOf(kind, as)
  if (!first) return undefined
  if (as === 'board' || as === 'calendar') return { as, by: [{ field: first.name }] }
  if (as === 'chart') return { as, form: 'bar', by: [{ field: first.name }] }
  return { as, by: second ? [{ field: first.name }, { field: second.name }] : [{ field: first.name }] }
}

/** The face that an address names, where the kind still has what it stands on. */
export function soundFace(kind: Kind, face: Face | undefined): Face | undefined {
  if (!face || !faceNames.includes(face.as)) return undefined
  const fields = fieldsOf(kind, face.as)
  const by = (face.by ?? []).filter((b) => fields.some((f) => f.name === b.field))
  return by.length > 0 ? { ...face, by } : startFace(kind, face.as)
}

export interface Measure {
  key: string
  label: string
  sum?: string
  part?: string
  average?: boolean
  /** Sums that no total may mix are of these records only. */
  filter?: Filter
}

/** What can be said of each group: how many, and sums and averages. */
export function measures(kind: Kind): Measure[] {
  const t = i18next.t
  const parts = split[kind.kind]
  const some: Measure[] = parts
    ? parts.map((p) => ({ key: p.name, label: t(`total.${p.name}`), sum: 'amount', part: p.name, filter: p.filter }))
    : kind.fields
        .filter((f) => ['money', 'int', 'float'].includes(f.type) && !f.system && !['page', 'position'].includes(f.name))
        .map((f) => ({ key: f.name, label: fieldLabel(kind.kind, f), sum: f.name }))
  return [
    { key: 'count', label: t('measure.count') },
    ...some.map((m) => ({ ...m, label: t('measure.sum', { label: m.label }) })),
    ...some.map((m) => ({ ...m, key: `${m.key}:average`, label: t('measure.average', { label: m.label }), average: true })),
  ]
}

export function measureOf(kind: Kind, face: Face): Measure {
  const all = measures(kind)
  return all.find((m) => m.sum === face.sum && m.part === face.part && !!m.average === !!face.average) ?? all[0]!
}

type Sum = Part['sums'][0]
const amountOf = (s: Sum, m: Measure) => (m.average ? s.average : s.amount)

/** What a part comes to, as it is read: every currency, none mixed. */
export function said(part: Part | undefined, m: Measure): string {
  if (!part) return ''
  if (!m.sum) return count(part.count)
  return part.sums
    .filter((s) => s.field === m.sum)
    .map((s) => (s.currency ? money({ amount: amountOf(s, m), currency: s.currency }) : digits(amountOf(s, m))))
    .join(' + ')
}

/** What a part comes to in one currency, as it is drawn. */
export function drawn(part: Part | undefined, m: Measure, currency: string): number | null {
  if (!part) return m.average ? null : 0
  if (!m.sum) return part.count
  const s = part.sums.find((x) => x.field === m.sum && x.currency === currency)
  return s ? Number(amountOf(s, m)) : m.average ? null : 0
}

/** The currencies that a breakdown's sums are in, the workspace's own first. */
export function currencies(b: Breakdown, m: Measure, own: string): string[] {
  const all = b.sums.filter((s) => s.field === m.sum).map((s) => s.currency)
  return all.sort((x, y) => Number(y === own) - Number(x === own))
}

export interface Line {
  group: Group
  /** By the places of the second axis. */
  parts: (Part | undefined)[]
}

/** A breakdown as lines, ready to be drawn or read: periods without records are there too, and what has no order of its own stands by size. */
export function linesOf(b: Breakdown, by: By[], fields: Field[], m: Measure, dimension?: Dimension): Line[] {
  const parts = new Map(b.crossings.map((c) => [c.at.join(), c]))
  const wide = b.axes[1]?.groups.length ?? 0
  const lines: Line[] = (b.axes[0]?.groups ?? []).map((group, i) => ({
    group,
    parts: Array.from({ length: wide }, (_, j) => parts.get(`${i},${j}`)),
  }))
  const field = fields[0]
  if (isDated(field)) return filled(lines, by[0]!)
  const natural =
    field?.type === 'choice' || field?.type === 'bool' || (!!dimension && ['bands', 'period'].includes(dimension.by)) || field?.multi
  if (natural) return lines
  const currency = b.sums.find((s) => s.field === m.sum)?.currency ?? ''
  const last = (g: Group) => (g.other ? 2 : g.id === '' ? 1 : 0)
  return lines.sort((x, y) => last(x.group) - last(y.group) || (drawn(y.group, m, currency) ?? 0) - (drawn(x.group, m, currency) ?? 0))
}

/** Most periods that are put in between. */
const mostPeriods = 500

function filled(lines: Line[], by: By): Line[] {
  const days = lines.filter((l) => l.group.id !== '' && !l.group.other)
  const out: Line[] = []
  for (const [i, l] of days.entries()) {
    const before = days[i - 1]
    for (let id = before && after(before.group.id); id && id < l.group.id && out.length < mostPeriods; id = after(id))
      out.push({
        group: { id, title: '', count: 0, sums: [], filter: { field: by.field, op: 'period', value: id } },
        parts: l.parts.map(() => undefined),
      })
    out.push(l)
  }
  return [...lines.filter((l) => l.group.other), ...out, ...lines.filter((l) => l.group.id === '')]
}

const iso = (d: Date) => d.toISOString().slice(0, 10)
export const dayOf = (text: string) => new Date(`${text}T00:00:00Z`)
export const plusDays = (day: string, n: number) => iso(new Date(dayOf(day).getTime() + n * 86_400_000))
/** The Monday of a day's week. */
export const monday = (day: string) => plusDays(day, -((dayOf(day).getUTCDay() + 6) % 7))

/** The period that follows one: 2026, 2026-Q3, 2026-08, 2026-W33, 2026-08-01. */
export function after(id: string): string {
  const year = Number(id.slice(0, 4))
  if (/^\d{4}$/.test(id)) return String(year + 1)
  if (id[5] === 'Q') return id[6] === '4' ? `${year + 1}-Q1` : `${year}-Q${Number(id[6]) + 1}`
  if (id[5] === 'W') {
    const first = dayOf(monday(`${year}-01-04`)).getTime()
    return weekOf(iso(new Date(first + Number(id.slice(6)) * 7 * 86_400_000)))
  }
  if (id.length === 7) return id.endsWith('12') ? `${year + 1}-01` : `${year}-${String(Number(id.slice(5)) + 1).padStart(2, '0')}`
  return plusDays(id, 1)
}

/** A day's week by ISO 8601: it belongs to the year of its Thursday. */
export function weekOf(day: string): string {
  const thursday = plusDays(monday(day), 3)
  const n = Math.floor((dayOf(thursday).getTime() - dayOf(`${thursday.slice(0, 4)}-01-01`).getTime()) / (7 * 86_400_000)) + 1
  return `${thursday.slice(0, 4)}-W${String(n).padStart(2, '0')}`
}
