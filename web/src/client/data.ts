import { keepPreviousData, QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { get, Problem, post } from './call'
import type { Change, Comment, Count, Dimension, Facets, Filter, Kind, Page, Reading, Rec, Rule, Session, Why } from './types'

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

export function useCount(kind: Kind, ask: Ask, sum: string[], enabled = true) {
  const { sort: _, ...what } = ask
  return useQuery({
    queryKey: [kind.kind, 'count', what, sum],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => post<Count>(`/${kind.plural}:count`, { ...what, sum }, { signal }),
  })
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

export function useHistory(kind: Kind, id: string) {
  return useInfiniteQuery({
    queryKey: [kind.kind, 'history', id],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => get<Page<Change>>(`/${kind.plural}/${id}/history?cursor=${encodeURIComponent(pageParam)}`, signal),
    getNextPageParam: (last) => (last.has_more && last.next_cursor ? last.next_cursor : undefined),
  })
}

export function useTalk(kind: Kind, id: string) {
  return useInfiniteQuery({
    queryKey: ['comment', 'about', kind.kind, id],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<Page<Comment>>(`/comments?about=${kind.kind}&rec=${id}&limit=50&cursor=${encodeURIComponent(pageParam)}`, signal),
    getNextPageParam: (last) => (last.has_more && last.next_cursor ? last.next_cursor : undefined),
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
