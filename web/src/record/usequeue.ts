import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { get, post } from '../client/call'
import type { Filter, Page, Rec } from '../client/types'

export interface Item {
  record: Rec
  done: boolean
}

/** What a queue is of; `load` where its records are found in another way than by a filter. */
export interface QueueOf {
  kind: string
  plural: string
  name: string
  filter?: Filter
  load?: (signal: AbortSignal) => Promise<Page<Rec>>
}

/** A queue as it was when work on it began, with what came since at its end: nothing jumps under the hands. */
export function useQueue(of: QueueOf, first?: string) {
  const [items, setItems] = useState<Item[]>([])
  const [wanted] = useState(first)
  const { data, isPending } = useQuery({
    queryKey: [of.kind, 'queue', of.name, of.filter],
    queryFn: async ({ signal }) => {
      const list = await (of.load?.(signal) ?? post<Page<Rec>>(`/${of.plural}:query`, { filter: of.filter, limit: 200 }, { signal }))
      // A record named in the address is in the list even when it stands beyond its first window.
      if (wanted && !list.data.some((r) => r.id === wanted)) {
        const one = await get<Rec>(`/${of.plural}/${wanted}`, signal).catch(() => undefined)
        if (one) list.data.unshift(one)
      }
      return list
    },
  })
  useEffect(() => {
    if (!data) return
    setItems((old) => {
      const fresh = new Map(data.data.map((r) => [r.id, r]))
      const kept = old.map((i) => ({ record: fresh.get(i.record.id) ?? i.record, done: i.done || !fresh.has(i.record.id) }))
      const known = new Set(old.map((i) => i.record.id))
      return [...kept, ...data.data.filter((r) => !known.has(r.id)).map((record) => ({ record, done: false }))]
    })
  }, [data])
  const settle = useCallback(
    (id: string, done: boolean) => setItems((old) => old.map((i) => (i.record.id === id ? { ...i, done } : i))),
    [],
  )
  return { items, pending: isPending, total: items.length, more: !!data?.has_more, settle }
}
