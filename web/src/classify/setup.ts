import { call, post, tell } from '../client/call'
import { stale } from '../client/data'
import type { Dimension, Filter, Page, Rec, Ref, Rule } from '../client/types'
import { warn } from '../ui/toast'

/** One rule as a revision holds it; without an id it is new. */
export interface RuleText {
  id?: string
  number?: number
  version?: number
  category: string
  title?: string
  filter: Filter
  disabled?: boolean
}

/** How a dimension decides, as a whole: what a revision changes. */
export interface Setup {
  rules?: RuleText[]
  bounds?: string[]
}

export interface Revision extends Rec {
  dimension: Ref
  number: number
  note: string
  state: 'draft' | 'running' | 'done' | 'undoing' | 'undone'
  before: Setup | null
  after: Setup | null
  expected: number
  moved: number
  kept: number
  left: { kind: string; id: string; title: string; field?: string; reason: string }[] | null
  published_at: string | null
  job: string
}

export interface Previewed {
  total: number
  moved: number
  held: number
  moves: { from: Ref[]; to: Ref[]; count: number; sample: Rec[] }[]
  rules: {
    id: string
    number: number
    title: string
    holds: number
    wins: number
    taken: { rule: number; count: number }[]
    overlap: { rule: number; count: number }[]
    behind: number | null
    broken: string
  }[]
  ceiling: number
}

export const textOf = (r: Rule): RuleText => ({
  id: r.id,
  number: r.number,
  version: r.version,
  category: r.category?.id ?? '',
  title: r.title,
  filter: r.filter ?? { and: [] },
  ...(r.enabled ? {} : { disabled: true }),
})

/** A draft's rule, as a list of rules shows it. */
export function ruleOf(text: RuleText, i: number, dimension: Dimension): Rule {
  const category = dimension.categories.find((c) => c.id === text.category)
  return {
    id: text.id ?? `new:${i}`,
    number: text.number ?? 0,
    dimension: dimension.id,
    category: category ? { id: category.id, title: category.title } : null,
    title: text.title ?? '',
    filter: text.filter,
    position: i + 1,
    version: text.version ?? 0,
    enabled: !text.disabled,
  }
}

/** Makes stale what a change of a dimension's rules or bounds touches. */
export function revised(kind: string): void {
  for (const what of ['rule', 'revision', 'dimension', 'job', kind]) stale(what)
}

export const draft = (dimension: string, note: string, s: Setup) => post<{ id: string }>('/revisions', { dimension, note, ...s })
export const redraft = (id: string, note: string, s: Setup) => call('PATCH', `/revisions/${id}`, { note, ...s })
export const discard = (id: string) => call('DELETE', `/revisions/${id}`)
export const publish = (id: string, confirm?: number) => post<{ job: string }>(`/revisions/${id}/publish${sure(confirm)}`)
export const takeBack = (id: string) => post<{ job: string }>(`/revisions/${id}/undo`)

/** What a verb that moves many records wants to hear: that their number is known. */
export const sure = (confirm?: number) => (confirm ? `?confirm=${confirm}` : '')

export const revisionsOf = (dimension: string, signal?: AbortSignal) =>
  post<Page<Revision>>(
    '/revisions:query',
    { filter: { field: 'dimension', op: 'eq', value: dimension }, sort: '-created_at', limit: 50 },
    { signal },
  )

/** Takes back what a job applies: the undo of an act that is a revision by itself. */
export async function undoJob(dimension: string, kind: string, job: string): Promise<void> {
  try {
    const made = (await revisionsOf(dimension)).data.find((r) => r.job === job)
    if (made) await takeBack(made.id)
  } catch (e) {
    warn(tell(e))
  }
  revised(kind)
}

/** Published revisions with the newest first; only that one can be taken back. */
export const newest = (list: Revision[]) =>
  list.filter((r) => r.state === 'done' || r.state === 'running').sort((a, b) => b.number - a.number)[0]
