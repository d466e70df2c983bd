import { useSyncExternalStore } from 'react'
import { base, get } from './call'
import { cache, keep, stale, staleAround } from './data'
import type { Kind, Page, Rec } from './types'

interface Event_ {
  seq: number
  kind: string
  id: string
  op: string
  version: number
}

/** A long list is not fetched again for each change elsewhere: its shown rows are renewed one by one, its counts anew. */
const longList = 2
const beat = 1500

let reached = true
const heard = new Set<() => void>()

function tellReached(now: boolean): void {
  if (now === reached) return
  reached = now
  for (const l of heard) l()
}

/** Whether the server can be reached, as far as the stream of events knows. */
export function useReached(): boolean {
  return useSyncExternalStore(
    (l) => {
      heard.add(l)
      return () => heard.delete(l)
    },
    () => reached,
  )
}

/** So long a stream may be interrupted without a word: a laptop wakes, a server is replaced. */
const patience = 3000

/** Follows the server's changes and makes the shown answers fresh. Returns how to stop. */
export function follow(kinds: () => Kind[]): () => void {
  const pending = new Map<string, Map<string, Event_>>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let lost: ReturnType<typeof setTimeout> | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let source: EventSource

  const flush = () => {
    timer = undefined
    for (const [kind, events] of pending) renew(kind, [...events.values()], kinds())
    pending.clear()
    staleAround()
  }
  const open = () => {
    source = new EventSource(`${base}/events`)
    source.addEventListener('open', () => {
      clearTimeout(lost)
      lost = undefined
      if (!reached) cache.invalidateQueries() // what happened meanwhile nobody told us
      tellReached(true)
    })
    source.addEventListener('error', () => {
      lost ??= setTimeout(() => tellReached(false), patience)
      // Where something else answered in the server's place, a browser does not try again by itself.
      if (source.readyState === EventSource.CLOSED) {
        clearTimeout(again)
        again = setTimeout(open, patience)
      }
    })
    source.addEventListener('change', (e) => {
      const event = JSON.parse((e as MessageEvent<string>).data) as Event_
      if (!pending.has(event.kind)) pending.set(event.kind, new Map())
      pending.get(event.kind)!.set(event.id, event)
      timer ??= setTimeout(flush, beat)
    })
    source.addEventListener('reset', () => cache.invalidateQueries())
  }
  open()
  return () => {
    for (const t of [timer, lost, again]) clearTimeout(t)
    source.close()
    tellReached(true)
  }
}

function renew(kind: string, events: Event_[], kinds: Kind[]): void {
  if (kind === 'category') stale('dimension')
  if (['dimension', 'custom_kind', 'custom_field'].includes(kind)) cache.invalidateQueries({ queryKey: ['kinds'] })
  const ids = new Set(events.map((e) => e.id))
  cache.invalidateQueries({
    queryKey: [kind],
    predicate: ({ queryKey, state }) => {
      const what = queryKey[1]
      if (what === 'list') return ((state.data as { pages?: unknown[] } | undefined)?.pages?.length ?? 0) <= longList
      if (what === 'one' || what === 'why' || what === 'reading') return ids.has(String(queryKey[2]))
      return true
    },
  })
  const plural = kinds.find((k) => k.kind === kind)?.plural
  if (!plural) return
  const shown = new Set<string>()
  for (const [, list] of cache.getQueriesData<{ pages: Page<Rec>[] }>({ queryKey: [kind, 'list'] })) {
    if ((list?.pages?.length ?? 0) <= longList) continue
    for (const page of list!.pages) for (const r of page.data) if (ids.has(r.id)) shown.add(r.id)
  }
  for (const id of [...shown].slice(0, 20))
    get<Rec>(`/${plural}/${id}`).then(
      (r) => keep(kind, r),
      () => {},
    )
}
