import { keepPreviousData, useQueries } from '@tanstack/react-query'
import i18next from 'i18next'
import { post } from '../client/call'
import type { Ask } from '../client/data'
import type { Dimension, Field, Filter, Kind } from '../client/types'
import { band } from '../field/format'
import { choiceLabel, fieldLabel } from '../field/label'
import { split } from './split'

export interface Group {
  id: string
  title: string
  count: number
  sums: { field: string; currency: string; amount: string; average: string }[]
}

/** The group of those without a value, as the address names it. */
export const noValue = '~'

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

/** The groups of a list, with their totals as these come. */
export function useGroups(kind: Kind, ask: Ask, by: string) {
  const { sort: _, ...what } = ask
  const find = (a: Ask, sum: string[]) => ({
    queryKey: [kind.kind, 'groups', a, by, sum],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      post<{ data: Group[]; has_more: boolean }>(`/${kind.plural}:groups`, { ...a, by, sum }, { signal }),
  })
  const parts = summed(kind)
  const [all, ...sums] = useQueries({
    queries: [find(what, []), ...parts.map((p) => find(p.filter ? within(what, p.filter) : what, p.fields))],
  })
  const groups: Totalled[] | undefined = all!.data?.data.map((g) => ({
    ...g,
    totals: parts.map((p, i) => ({ label: p.label, sums: sums[i]?.data?.data.find((x) => x.id === g.id)?.sums ?? [] })),
  }))
  return { groups, more: !!all!.data?.has_more, error: all!.error ?? sums.find((s) => s.error)?.error }
}

/** The condition that keeps a group's records. */
export function groupFilter(field: Field, id: string, dimension?: Dimension): Filter {
  if (id === noValue) return { field: field.name, op: 'empty' }
  if (field.multi || field.type === 'choices') {
    // Just this combination: each of them, and none of the others.
    const own = id.split(',')
    const others = (field.type === 'choices' ? (field.choices ?? []) : (dimension?.categories.map((c) => c.id) ?? [])).filter(
      (x) => !own.includes(x),
    )
    const parts: Filter[] = own.map((value) => ({ field: field.name, op: 'eq', value }))
    if (others.length > 0) parts.push({ not: { field: field.name, op: 'in', value: others } })
    return { and: parts }
  }
  if (field.type === 'bool')
    return id === 'true' ? { field: field.name, op: 'eq', value: true } : { not: { field: field.name, op: 'eq', value: true } }
  if (field.type === 'date') return { field: field.name, op: 'period', value: id }
  return { field: field.name, op: 'eq', value: id }
}

export function within(ask: Ask, f: Filter): Ask {
  return { ...ask, filter: ask.filter ? { and: ['and' in ask.filter ? ask.filter.and : [ask.filter], f].flat() } : f }
}

export function groupTitle(kind: Kind, field: Field, g: Group): string {
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
