import { base, get } from './call'
import { cache, keep, stale } from './data'
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

/** Follows the server's changes and makes the shown answers fresh. Returns how to stop. */
export function follow(kinds: () => Kind[]): () => void {
  const source = new EventSource(`${base}/events`)
  const pending = new Map<string, Map<string, Event_>>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const flush = () => {
    timer = undefined
    for (const [kind, events] of pending) renew(kind, [...events.values()], kinds())
    pending.clear()
  }
  source.addEventListener('change', (e) => {
    const event = JSON.parse((e as MessageEvent<string>).data) as Event_
    if (!pending.has(event.kind)) pending.set(event.kind, new Map())
    pending.get(event.kind)!.set(event.id, event)
    timer ??= setTimeout(flush, beat)
  })
  source.addEventListener('reset', () => cache.invalidateQueries())
  return () => {
    clearTimeout(timer)
    source.close()
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
      if (what === 'one' || what === 'why' || what === 'history' || what === 'reading') return ids.has(String(queryKey[2]))
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
