import { useQuery } from '@tanstack/react-query'
import { get, post, tell } from '../client/call'
import { type Ask, cache, stale } from '../client/data'
import type { Filter, Job, Kind, Operation } from '../client/types'
import { warn } from '../ui/toast'
import type { Selection } from './select'

/** What becomes of many records: exactly one of these. */
export interface Change {
  edit?: Record<string, unknown>
  set?: Record<string, string[]>
  release?: string[]
  trash?: true
  restore?: true
}

/** Which records: those that were picked, or all that the list shows but these. */
export interface Which {
  ids?: string[]
  filter?: Filter
  q?: string
  not?: string[]
}

export function which(ask: Ask, selection: Pick<Selection, 'all' | 'ids'>): Which {
  const ids = [...selection.ids]
  if (!selection.all) return { ids }
  return { filter: ask.filter, q: ask.q, ...(ids.length > 0 && { not: ids }) }
}

/** The same records as a list that is asked for. */
export function chosen(ask: Ask, selection: Pick<Selection, 'all' | 'ids'>): Ask {
  const { ids, not, filter, q } = which(ask, selection)
  const parts: Filter[] = filter ? [filter] : []
  if (ids) parts.push({ field: 'id', op: 'in', value: ids })
  if (not) parts.push({ not: { field: 'id', op: 'in', value: not } })
  return { sort: ask.sort, q, filter: parts.length > 1 ? { and: parts } : parts[0] }
}

/** Begins it and answers its id; undefined where it could not even begin, which is said. */
export async function begin(kind: Kind, records: Which, change: Change): Promise<string | undefined> {
  try {
    const { id } = await post<{ id: string }>(`/${kind.plural}:edit`, { ...records, ...change })
    stale('operation')
    return id
  } catch (e) {
    warn(tell(e))
  }
}

export async function undo(id: string): Promise<void> {
  try {
    await post(`/operations/${id}/undo`)
  } catch (e) {
    warn(tell(e))
  }
  stale('operation')
}

export const atWork = (o: Operation) => o.state === 'running' || o.state === 'undoing'

/** An operation and the job that does it, asked again for as long as it is at work. What it changed is made fresh at its end. */
export function useOperation(id: string) {
  const one = useQuery({
    queryKey: ['operation', 'one', id],
    staleTime: 0,
    queryFn: async ({ signal }) => {
      const was = cache.getQueryData<Operation>(['operation', 'one', id])
      const now = await get<Operation>(`/operations/${id}`, signal)
      if (!atWork(now) && (!was || atWork(was))) stale(now.of)
      return now
    },
    refetchInterval: (q) => (q.state.data && atWork(q.state.data) ? 600 : false),
  })
  const o = one.data
  const job = useQuery({
    queryKey: ['job', 'one', o?.job],
    staleTime: 0,
    enabled: !!o?.job && atWork(o),
    queryFn: ({ signal }) => get<Job>(`/jobs/${o!.job}`, signal),
    refetchInterval: 600,
  }).data
  // Cancelled or given up: it stands still until somebody lets it go on.
  const still = !!o && atWork(o) && (job?.state === 'dead' || job?.state === 'cancelled')
  return { operation: o, error: one.error, job: o && atWork(o) ? job : undefined, still }
}

export async function resume(o: Operation): Promise<void> {
  try {
    await post(`/jobs/${o.job}/retry`)
  } catch (e) {
    warn(tell(e))
  }
  stale('job')
}
