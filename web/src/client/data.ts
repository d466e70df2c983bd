import { keepPreviousData, QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { get, Problem, post } from './call'
import type { Count, Dimension, Facets, Filter, Happening, Kind, Page, Reading, Rec, Relation, Rule, Session, Why } from './types'

// Keys begin with the kind, so that one change event makes exactly that kind's answers stale.

export const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (n, error) => n < 2 && error instanceof Problem && (error.status === 0 || error.status >= 500),
    },
    mutations: { retry: false },
  },
})

export function useSession() {
  return useQuery({
    queryKey: ['session'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      try {
        return await get<Session>('/session', signal)
      } catch (e) {
        if (e instanceof Problem && e.status === 401) return null
        throw e
      }
    },
  })
}

/** Whether this person may change dimensions and rules; the server has the last word. */
export function useMayRule(): boolean {
  return useSession().data?.user.rules !== false
}

export function useKinds(): Kind[] {
  return (
    useQuery({
      queryKey: ['kinds'],
      staleTime: 60_000,
      refetchOnWindowFocus: true,
      queryFn: ({ signal }) => get<{ data: Kind[] }>('/kinds', signal),
    }).data?.data ?? none
  )
}
const none: Kind[] = []

/** The kind with this name or plural; undefined until the list is there, null when there is none. */
export function useKind(name: string): Kind | undefined | null {
  const kinds = useKinds()
  if (kinds.length === 0) return undefined
  return kinds.find((k) => k.plural === name || k.kind === name) ?? null
}

/** Whether the person may do this with records of a kind: create, update, delete, … */
export function useMay(kind: string, what: string): boolean {
  return useKind(kind)?.can?.includes(what) ?? true
}

export interface Ask {
  filter?: Filter
  q?: string
  sort?: string
  trash?: boolean
}

const window = 100

export function useList(kind: Kind, ask: Ask, enabled = true, limit = window) {
  return useInfiniteQuery({
    queryKey: [kind.kind, 'list', ask, limit],
    enabled,
    initialPageParam: '',
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => post<Page<Rec>>(`/${kind.plural}:query`, { ...ask, limit, cursor: pageParam }, { signal }),
    getNextPageParam: (last) => (last.has_more && last.next_cursor ? last.next_cursor : undefined),
  })
}

/** How many a question keeps, and what their fields come to. */
export const counting = (kind: Kind, { sort: _, ...what }: Ask, sum: string[]) => ({
  queryKey: [kind.kind, 'count', what, sum],
  placeholderData: keepPreviousData,
  queryFn: ({ signal }: { signal: AbortSignal }) => post<Count>(`/${kind.plural}:count`, { ...what, sum }, { signal }),
})

export function useCount(kind: Kind, ask: Ask, sum: string[], enabled = true) {
  return useQuery({ ...counting(kind, ask, sum), enabled })
}

export function useFacets(kind: Kind, ask: Ask, fields: string[], enabled = true) {
  const { sort: _, ...what } = ask
  return useQuery({
    queryKey: [kind.kind, 'facets', what, fields],
    enabled: enabled && fields.length > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => post<Facets>(`/${kind.plural}:facets`, { ...what, fields }, { signal }),
  })
}

export function useRecord(kind: Kind, id: string | undefined) {
  return useQuery({
    queryKey: [kind.kind, 'one', id],
    enabled: !!id,
    queryFn: ({ signal }) => get<Rec>(`/${kind.plural}/${id}`, signal),
    // What the list already shows is shown at once, and made fresh behind.
    placeholderData: () => {
      for (const [, list] of cache.getQueriesData<{ pages: Page<Rec>[] }>({ queryKey: [kind.kind, 'list'] }))
        for (const page of list?.pages ?? []) for (const r of page.data) if (r.id === id) return r
      return undefined
    },
  })
}

/** What happened about a record, newest first; `what` names comment, change or kinds, all of them where it is empty. */
export function useTimeline(kind: Kind, id: string, what: string) {
  return useInfiniteQuery({
    queryKey: ['timeline', kind.kind, id, what],
    initialPageParam: '',
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      get<Page<Happening>>(`/${kind.plural}/${id}/timeline?what=${what}&cursor=${encodeURIComponent(pageParam)}`, signal),
    getNextPageParam: (last) => (last.has_more && last.next_cursor ? last.next_cursor : undefined),
  })
}

/** What names a record, kind by kind. */
export function useRelated(kind: Kind, id: string, enabled = true) {
  return useQuery({
    queryKey: ['related', kind.kind, id],
    enabled,
    queryFn: ({ signal }) => get<{ data: Relation[] }>(`/${kind.plural}/${id}/related`, signal),
  })
}

export function useWhy(kind: Kind, id: string, enabled = true) {
  return useQuery({
    queryKey: [kind.kind, 'why', id],
    enabled,
    queryFn: ({ signal }) => get<{ data: Why[] }>(`/${kind.plural}/${id}/why`, signal),
  })
}

export function useDimensions() {
  return useQuery({
    queryKey: ['dimension', 'all'],
    staleTime: 120_000,
    queryFn: ({ signal }) => get<{ data: Dimension[] }>('/dimensions', signal),
  })
}

export function useRules(dimension: string | undefined) {
  return useQuery({
    queryKey: ['rule', 'of', dimension],
    enabled: !!dimension,
    queryFn: ({ signal }) => get<{ data: Rule[] }>(`/rules?dimension=${dimension}`, signal),
  })
}

export function useReading(document: string | undefined) {
  return useQuery({
    queryKey: ['document', 'reading', document],
    enabled: !!document,
    queryFn: ({ signal }) => get<Reading>(`/documents/${document}/reading`, signal),
  })
}

/** Puts an answered record everywhere it is shown, without asking again. */
export function keep(kind: string, record: Rec): void {
  cache.setQueryData([kind, 'one', record.id], record)
  cache.setQueriesData<{ pages: Page<Rec>[]; pageParams: unknown[] }>({ queryKey: [kind, 'list'] }, (list) =>
    list?.pages ? { ...list, pages: list.pages.map((p) => ({ ...p, data: p.data.map((r) => (r.id === record.id ? record : r)) })) } : list,
  )
}

/** Makes stale what follows from one row's change, but the lists: their row is known already, and should not move under the hand. */
export function staleBeside(kind: string): void {
  cache.invalidateQueries({ queryKey: [kind], predicate: (q) => q.queryKey[1] !== 'list' })
}

/** Makes stale what a write of this kind may have changed. */
export function stale(kind: string): void {
  cache.invalidateQueries({ queryKey: [kind] })
  staleAround()
}

/** What is told beside a record is made of many kinds: a change of any may belong to it. Only what is shown is asked for again. */
export function staleAround(): void {
  cache.invalidateQueries({ queryKey: ['timeline'] })
  cache.invalidateQueries({ queryKey: ['related'] })
}

export const unread: Filter = { field: 'read_at', op: 'empty' }

/** How many notices wait to be read; the stream of events keeps it true. */
export function useUnread(): number {
  const { data } = useQuery({
    queryKey: ['notice', 'count'],
    queryFn: ({ signal }) => post<Count>('/notices:count', { filter: unread }, { signal }),
  })
  return data?.count ?? 0
}
