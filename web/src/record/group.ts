import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import { useMemo } from 'react'
import { post } from '../client/call'
import type { Ask } from '../client/data'
import type { By, Field, Filter, Kind } from '../client/types'
import { band } from '../field/format'
import { choiceLabel, fieldLabel } from '../field/label'
import { split } from './split'

/** Some of the records: how many, and what they come to. */
export interface Part {
  count: number
  sums: { field: string; currency: string; amount: string; average: string }[]
}

export interface Group extends Part {
  id: string
  title: string
  /** What the limit left no place for, together. */
  other?: boolean
  /** Keeps just these records, beside what was asked. */
  filter: Filter
}

export interface Breakdown extends Part {
  axes: { field: string; groups: Group[] }[]
  crossings: (Part & { at: [number, number] })[]
}

/** Has a list's records taken apart by up to two fields. */
const breakdown = (kind: Kind, { sort: _, ...what }: Ask, by: By[], sum: string[], limit?: number) => ({
  queryKey: [kind.kind, 'groups', what, by, sum, limit],
  placeholderData: keepPreviousData,
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    const b = await post<Breakdown>(`/${kind.plural}:groups`, { ...what, by, sum, limit }, { signal })
    return { ...b, axes: b.axes.map((a) => ({ ...a, groups: a.groups.map((g) => (refers(kind, a.field) ? titled(g) : g)) })) }
  },
})

const refers = (kind: Kind, name: string) => kind.fields.some((f) => f.name === name && f.type === 'ref')

/** A group of those that refer to one record: its filter says the title as well, so that a chip can. */
function titled(g: Group): Group {
  return g.title && 'field' in g.filter && g.filter.value === g.id
    ? { ...g, filter: { ...g.filter, value: { id: g.id, title: g.title } } }
    : g
}

export function useBreakdown(kind: Kind, ask: Ask, by: By[], sum: string[], limit?: number, enabled = true) {
  return useQuery({ ...breakdown(kind, ask, by, sum, limit), enabled })
}

/** The group of those without a value, as the address names it. */
const noValue = '~'

/** What a list can be grouped by. */
export function groupFields(kind: Kind): Field[] {
  const dated = kind.fields.filter((f) => f.type === 'date' && !f.system)
  const by = (type: Field['type']) => kind.fields.filter((f) => f.type === type && f.name !== 'status')
  return [
    ...by('category'),
    ...by('choice'),
    ...by('choices'),
    ...by('bool').filter((f) => !f.system),
    ...dated,
    ...by('ref').filter((f) => !f.lines),
  ]
}

/** What is added up for each group, under which words: amounts and numbers, or the sums that no total may mix. */
function summed(kind: Kind): { label: string; fields: string[]; filter?: Filter }[] {
  const parts = split[kind.kind]
  if (parts) return parts.map((p) => ({ label: i18next.t(`total.${p.name}`), fields: ['amount'], filter: p.filter }))
  return kind.fields
    .filter((f) => f.type === 'money' || (f.type === 'int' && !f.system))
    .slice(0, 3)
    .map((f) => ({ label: fieldLabel(kind.kind, f), fields: [f.name] }))
}

export interface Totalled extends Group {
  totals: { label: string; sums: Group['sums'] }[]
}

/** The groups of a list, with their totals as these come: days the newest first, others the largest. */
function useGroups(kind: Kind, ask: Ask, field: Field | undefined, own = false) {
  const parts = summed(kind)
  const by = field ? [{ field: field.name }] : []
  const [all, ...sums] = useQueries({
    queries: [
      { ...breakdown(kind, ask, by, []), enabled: !!field },
      ...parts.map((p) => ({ ...breakdown(kind, p.filter ? within(ask, p.filter) : ask, by, p.fields), enabled: !!field })),
    ],
  })
  // Groups within another group are not shown as this one's, not even for a moment.
  const stands = !(own && all!.isPlaceholderData)
  const found = stands && all!.data?.axes[0]?.field === field?.name ? all!.data?.axes[0]?.groups : undefined
  const last = (g: Group) => (g.other ? 2 : g.id === '' ? 1 : 0)
  const groups: Totalled[] | undefined = found
    ?.map((g) => ({
      ...g,
      totals: parts.map((p, i) => ({ label: p.label, sums: sums[i]?.data?.axes[0]?.groups.find((x) => x.id === g.id)?.sums ?? [] })),
    }))
    .sort((a, b) =>
      field?.type === 'date' ? last(a) - last(b) || (a.id < b.id ? 1 : -1) : Number(!!a.other) - Number(!!b.other) || b.count - a.count,
    )
  return { groups, error: all!.error ?? sums.find((s) => s.error)?.error }
}

export const keyOf = (g: Group) => g.id || noValue

/** Which groups are open, from the outer to the inner, as the address names them. */
export const pathTo = (ids: string[]) => (ids.length > 0 ? ids.map(encodeURIComponent).join('/') : undefined)

function pathOf(at: string | undefined): string[] {
  try {
    return (at ?? '').split('/').filter(Boolean).map(decodeURIComponent)
  } catch {
    return []
  }
}

/** How many fields a list is grouped by, one within the other. */
const deepest = 2

export type Grouping = ReturnType<typeof useGrouping>

/** A list taken apart by fields, one within the other; `ask` is for the rows of the group that is open. */
export function useGrouping(kind: Kind, whole: Ask, by: string | undefined, at: string | undefined, off: boolean) {
  const fields = useMemo(() => fieldsOf(kind, by), [kind, by])
  const path = pathOf(at)
  const outer = useGroups(kind, whole, off ? undefined : fields[0])
  const first = outer.groups?.find((g) => keyOf(g) === path[0])
  const some = useMemo(() => (first ? within(whole, first.filter) : whole), [whole, first && JSON.stringify(first.filter)])
  const inner = useGroups(kind, some, first ? fields[1] : undefined, true)
  const second = first && inner.groups?.find((g) => keyOf(g) === path[1])
  const ask = useMemo(() => (second ? within(some, second.filter) : some), [some, second && JSON.stringify(second.filter)])
  return {
    fields: off ? [] : fields,
    levels: [outer.groups, inner.groups],
    path,
    error: outer.error ?? inner.error,
    ask,
    /** Whether rows are to be seen. */
    open: off || fields.length === 0 || !!(fields[1] ? second : first),
  }
}

export function fieldsOf(kind: Kind, by: string | undefined): Field[] {
  const all = groupFields(kind)
  return [...new Set((by ?? '').split(','))].flatMap((name) => all.find((f) => f.name === name) ?? []).slice(0, deepest)
}

export function within(ask: Ask, f: Filter): Ask {
  return { ...ask, filter: both(ask.filter, f) }
}

/** Two conditions that must hold, as one without needless nesting. */
export function both(a: Filter | undefined, b: Filter | undefined): Filter | undefined {
  if (!a || !b) return a ?? b
  return { and: [a, b].flatMap((f) => ('and' in f ? f.and : [f])) }
}

export function groupTitle(kind: Kind, field: Field, g: Group): string {
  if (g.other) return i18next.t('group.others')
  if (g.id === '') return i18next.t('facet.none')
  if (field.type === 'choice' || field.type === 'choices')
    return g.id
      .split(',')
      .map((c) => choiceLabel(kind.kind, field, c))
      .join(' \u00b7 ')
  if (field.type === 'bool') return i18next.t(g.id === 'true' ? 'mark.yes' : 'mark.no')
  if (field.type === 'category') return band(g.title)
  return g.title || g.id
}
