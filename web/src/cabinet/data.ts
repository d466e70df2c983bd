import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { call, get, post } from '../client/call'
import { cache } from '../client/data'
import type { Filter, Ref } from '../client/types'

export interface Checklist {
  by: string
  every: string[]
  needs: { value: string; kinds: string[] }[]
  fresh: { kind: string; days: number }[]
  share_days: number
  share_password: boolean
  confidential: string[]
  trusted: string[]
}

/** The checklist, and what it can be made of. */
export interface Asked extends Checklist {
  ready: boolean
  kinds: Ref[]
  roles: Ref[]
}

export interface Lack {
  customer: Ref
  stage: string
  kinds: Ref[]
}

export interface Stale {
  document: Ref
  customer: Ref | null
  kind: Ref
  day: string
  days: number
}

export interface OpenShare {
  id: string
  about: string
  rec: Ref
  receiver: string
  by: Ref | null
  expires_at: string
  why: ('password' | 'long' | 'confidential')[]
}

export interface Paper {
  kind: Ref
  state: 'here' | 'missing' | 'outdated'
  document: Ref | null
  day: string
  days: number
}

/** Takes files in as one kind of a customer's. */
export type Give = (customer: Ref, kind: Ref, files: FileList) => void

/** What a checklist finds lacking in it. */
export const asksNothing = (a: Asked) => a.every.length === 0 && a.needs.every((n) => n.kinds.length === 0) && a.fresh.length === 0

// Keys begin with the kind whose changes make the answer stale.

export const useAsked = () =>
  useQuery({ queryKey: ['setting', 'checklist'], queryFn: ({ signal }) => get<Asked>('/cabinet/checklist', signal) })

export async function saveAsked(list: Checklist): Promise<void> {
  cache.setQueryData(['setting', 'checklist'], await call<Asked>('PUT', '/cabinet/checklist', list))
  found()
}

export async function setUp(): Promise<void> {
  cache.setQueryData(['setting', 'checklist'], await post<Asked>('/cabinet/setup'))
  for (const key of ['kinds', 'dimension', 'view']) cache.invalidateQueries({ queryKey: [key] })
  found()
}

/** What is found is to be asked anew. */
export function found(): void {
  for (const key of ['document', 'share']) cache.invalidateQueries({ queryKey: [key, 'cabinet'] })
}

interface Paged {
  next: number
}

function usePages<T extends Paged>(key: unknown[], path: string, enabled = true) {
  return useInfiniteQuery({
    queryKey: key,
    enabled,
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) => get<T>(`${path}${pageParam ? `${path.includes('?') ? '&' : '?'}after=${pageParam}` : ''}`, signal),
    getNextPageParam: (last) => last.next || undefined,
  })
}

export const useMissing = (kind: string) =>
  usePages<Paged & { data: Lack[] }>(['document', 'cabinet', 'missing', kind], kind ? `/cabinet/missing?kind=${kind}` : '/cabinet/missing')

/** How many customers lack something, and how many lack each kind. */
export const useMissingCount = () =>
  useQuery({
    queryKey: ['document', 'cabinet', 'missing', 'count'],
    queryFn: ({ signal }) => get<{ total: number; kinds: (Ref & { count: number })[] }>('/cabinet/missing:count', signal),
  })

export const useOutdatedCount = () =>
  useQuery({
    queryKey: ['document', 'cabinet', 'outdated', 'count'],
    queryFn: ({ signal }) => get<{ total: number }>('/cabinet/outdated:count', signal),
  })

export const useOutdated = () => usePages<Paged & { data: Stale[] }>(['document', 'cabinet', 'outdated'], '/cabinet/outdated')

export const useExposed = () =>
  usePages<Paged & { total: number; shares: OpenShare[]; wide: { roles: Ref[]; filter: Filter; count: number } }>(
    ['share', 'cabinet'],
    '/cabinet/exposed',
  )

export const usePapers = (customer: string) =>
  useQuery({
    queryKey: ['document', 'cabinet', 'papers', customer],
    queryFn: ({ signal }) => get<{ data: Paper[] }>(`/customers/${customer}/papers`, signal),
  })
