import { useQuery } from '@tanstack/react-query'
import { call, get, post } from '../client/call'
import { stale } from '../client/data'
import type { By, Kind, Unit } from '../client/types'
import { type Path, paths } from '../field/ops'
import type { Saved } from '../record/saved'

/** An order of drawers: each level parts what the one above holds by one more fact. */
export interface Tree {
  id: string
  /** Its own name, where somebody kept it. */
  name?: string
  levels: By[]
  mine?: Saved
}

/** What every workspace finds ready; a level whose fact it does not have is passed over. */
const ready: Record<string, By[]> = {
  letters: [{ field: 'customer.initial' }, { field: 'customer' }, { field: 'd_kind' }],
  stages: [{ field: 'customer.d_stage' }, { field: 'customer' }, { field: 'd_kind' }],
  kinds: [{ field: 'd_kind' }, { field: 'dated_on', unit: 'year' }, { field: 'dated_on', unit: 'month' }],
  papers: [{ field: 'paper' }, { field: 'dated_on', unit: 'year' }, { field: 'customer.d_type' }],
}

export const mostLevels = 6

const dated = ['date', 'time']

/** By what documents can be put into drawers: their own facts, and those of whom they belong to. */
export function levelsOf(document: Kind, kinds: Kind[]): { path: Path; by: By }[] {
  return paths(document, kinds)
    .filter((p) => {
      const over = p.path.includes('.')
      const head = document.fields.find((f) => f.name === p.path.split('.')[0])
      if (over && (head?.ref === 'user' || head?.ref === 'department' || head?.ref === 'document' || head?.ref === 'folder')) return false
      if (p.field.type === 'ref') return !over && !['container'].includes(p.field.name)
      return p.field.name !== 'status' && ['category', 'choice', 'choices', 'bool', 'date', 'time'].includes(p.field.type)
    })
    .flatMap((path) => {
      const units: (Unit | undefined)[] = dated.includes(path.field.type) ? ['year', 'quarter', 'month'] : [undefined]
      return units.map((unit) => ({ path, by: unit ? { field: path.path, unit } : { field: path.path } }))
    })
}

export const keyOf = (by: By) => (by.unit ? `${by.field}@${by.unit}` : by.field)

/** The orders to choose from: the ready ones, then a person's own. */
export function useTrees(document: Kind, kinds: Kind[]): { trees: Tree[]; settled: boolean } {
  const there = new Set(levelsOf(document, kinds).map((l) => keyOf(l.by)))
  const sound = (levels: By[]) => levels.filter((by) => there.has(keyOf(by)))
  const kept = useQuery({
    queryKey: ['view', document.kind],
    staleTime: 60_000,
    queryFn: ({ signal }) => get<{ data: Saved[] }>(`/views?of=${document.kind}`, signal),
  })
  const own = (kept.data?.data ?? []).flatMap((v): Tree[] =>
    Array.isArray(v.layout?.tree) ? [{ id: v.id, name: v.name, levels: sound(v.layout.tree), mine: v }] : [],
  )
  return {
    trees: [...Object.entries(ready).map(([id, levels]): Tree => ({ id, levels: sound(levels) })), ...own].filter(
      (x) => x.levels.length > 0,
    ),
    settled: !kept.isPending,
  }
}

export async function keepTree(document: Kind, tree: Saved | undefined, name: string, levels: By[]): Promise<string> {
  const body = { name, layout: { tree: levels }, shared: false }
  let id = tree?.id ?? ''
  if (tree) await call('PATCH', `/views/${tree.id}`, body, { version: tree.version })
  else id = (await post<{ id: string }>('/views', { of: document.kind, ...body }, { once: crypto.randomUUID() })).id
  stale('view')
  return id
}

export async function dropTree(tree: Saved): Promise<void> {
  await call('DELETE', `/views/${tree.id}`)
  stale('view')
}

export async function bringTree(id: string): Promise<void> {
  await post(`/views/${id}/restore`)
  stale('view')
}
