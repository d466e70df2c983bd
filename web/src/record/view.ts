import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import type { Ask } from '../client/data'
import type { Face, Field, Filter, Kind } from '../client/types'

/** What a list shows. It lives in the address and nowhere else: a view is shared by copying its link. */
export interface View {
  q?: string
  sort?: string
  /** The conditions made with the filter builder. */
  where?: Filter
  /** Facet values, by field; "" is "none". */
  picks?: Record<string, string[]>
  /** The named view it was taken from, or "all" for none. */
  view?: string
  /** Columns, where not a person's own. */
  cols?: string[]
  /** The field that rows are grouped by. */
  group?: string
  /** Its group whose rows are shown. */
  at?: string
  /** How the records are shown, where not as a grid. */
  face?: Face
  /** The day that a calendar stands on. */
  day?: string
  /** The record in the panel; "new" is the form for one. */
  id?: string
  tab?: string
  trash?: boolean
  /** Of the cabinet: the drawer that is open, and by which order of drawers. */
  in?: Filter
  tree?: string
}

export function cleanView(s: Record<string, unknown>): View {
  const text = (v: unknown) => (typeof v === 'string' && v !== '' ? v : typeof v === 'number' ? String(v) : undefined)
  const object = (v: unknown) => (typeof v === 'object' && v !== null && Object.keys(v).length > 0 ? v : undefined)
  return {
    q: text(s.q),
    sort: text(s.sort),
    where: object(s.where) as Filter | undefined,
    picks: object(s.picks) as Record<string, string[]> | undefined,
    view: text(s.view),
    cols: Array.isArray(s.cols) && s.cols.length > 0 ? s.cols.map(String) : undefined,
    group: text(s.group),
    at: text(s.at),
    face: object(s.face) as Face | undefined,
    day: text(s.day),
    id: text(s.id),
    tab: text(s.tab),
    in: object(s.in) as Filter | undefined,
    tree: text(s.tree),
  }
}

export function useView(): [View, (change: Partial<View>, replace?: boolean) => void] {
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const view = useMemo(() => cleanView(search), [search])
  const navigate = useNavigate()
  const change = useCallback(
    (part: Partial<View>, replace = true) => {
      navigate({ to: '.', search: (old: Record<string, unknown>) => cleanView({ ...old, ...part }) as never, replace })
    },
    [navigate],
  )
  return [view, change]
}

/** Each facet is one member of the outer `and` and speaks of its own field only: so the server can leave it out of its own counts. */
export function pickFilter(field: Field | undefined, name: string, ids: string[]): Filter {
  const some = ids.filter((id) => id !== '')
  const op = field?.type === 'category' ? 'under' : 'in'
  const parts: Filter[] = []
  if (some.length > 0) parts.push({ field: name, op, value: some })
  if (some.length < ids.length) parts.push({ field: name, op: 'empty' })
  return parts.length === 1 ? parts[0]! : { or: parts }
}

export function askOf(kind: Kind, view: View): Ask {
  const parts: Filter[] = []
  for (const [name, ids] of Object.entries(view.picks ?? {}))
    if (ids.length > 0)
      parts.push(
        pickFilter(
          kind.fields.find((f) => f.name === name),
          name,
          ids,
        ),
      )
  for (const f of [view.in, view.where]) if (f) parts.push(...('and' in f ? f.and : [f]))
  return {
    filter: parts.length === 0 ? undefined : parts.length === 1 ? parts[0] : { and: parts },
    q: view.q || undefined,
    sort: view.sort || defaultSort(kind),
  }
}

/** Tasks are listed by when they are due, folders by name; what bears a day or a moment by that, the newest first. */
const firstSort: Record<string, string> = { task: 'due_on', folder: 'name' }

export function defaultSort(kind: Kind): string | undefined {
  const dated = kind.fields.find((f) => f.dated)
  const sort = firstSort[kind.kind] ?? (dated && `-${dated.name}`)
  return sort && kind.fields.some((f) => f.name === sort.replace('-', '') && f.sortable) ? sort : undefined
}

export function facetFields(kind: Kind): Field[] {
  const categories = kind.fields.filter((f) => f.type === 'category')
  const choices = kind.fields.filter((f) => (f.type === 'choice' || f.type === 'choices') && f.name !== 'status')
  return [...categories, ...choices].slice(0, 9)
}
