import { useQueries, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Problem, post } from '../client/call'
import type { Ask, useList } from '../client/data'
import type { Count, Kind, Page, Rec } from '../client/types'
import { inRows, type Rows } from './rows'

interface Marked {
  count: number
  marks: { at: number; cursor: string }[]
}

/** How many rows a window far from the top holds. */
export const windowRows = 100
/** Up to here a list grows from its top, page after page; what lies beyond comes by windows alone, and goes again. */
const near = 1000
/** From this many rows on, the scroll bar spans them all. */
const long = 200
/** A bar that is being dragged over places asks for none of them until it rests. */
const rest = 90

/** The mark from which a window is reached: the last that stands before it. */
export function markBefore(marks: Marked['marks'], at: number): Marked['marks'][0] {
  let lo = 0
  let hi = marks.length - 1
  while (lo < hi) {
    const mid = Math.ceil((lo + hi) / 2)
    if (marks[mid]!.at <= at) lo = mid
    else hi = mid - 1
  }
  return marks[lo]!
}

/** The windows that some rows stand in, but for those that are known from the top. */
export function windowsOf(first: number, last: number, known: number, length: number): number[] {
  const starts: number[] = []
  for (let s = Math.floor(first / windowRows) * windowRows; s <= Math.min(last, length - 1); s += windowRows)
    if (s + windowRows > known && s < length) starts.push(s)
  return starts
}

/** A list's rows by their place: page after page from its top, and wherever the scroll bar leads. */
export function useRows(kind: Kind, ask: Ask, list: ReturnType<typeof useList>, total: Count | undefined) {
  const known = useMemo(() => list.data?.pages.flatMap((p) => p.data) ?? [], [list.data])
  const [want, setWant] = useState({ ask, first: 0, last: -1 })
  const whole = !list.hasNextPage && !list.isPending
  const marked = useQuery({
    queryKey: [kind.kind, 'marks', ask],
    enabled: !ask.q && !whole && (total?.count ?? 0) > long,
    staleTime: 300_000,
    // A server that has just begun makes its columns first.
    retry: (n, e) => n < 8 && e instanceof Problem && e.code === 'busy',
    retryDelay: 2000,
    queryFn: ({ signal }) => post<Marked>(`/${kind.plural}:marks`, ask, { signal }),
  }).data
  const length = marked && !whole ? Math.max(known.length, total?.count ?? marked.count) : known.length
  const starts = want.ask === ask && marked && !whole ? windowsOf(want.first, want.last, known.length, length) : []
  const windows = useQueries({
    queries: starts.map((start) => ({
      queryKey: [kind.kind, 'list', ask, 'from', start],
      gcTime: 60_000,
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const mark = markBefore(marked!.marks, start)
        const page = await post<Page<Rec>>(
          `/${kind.plural}:query`,
          { ...ask, limit: windowRows, cursor: mark.cursor, skip: start - mark.at },
          { signal },
        )
        return { pages: [page] }
      },
    })),
    combine: (all) => all.map((w) => w.data?.pages[0]?.data),
  })
  const rows: Rows = useMemo(() => {
    const far = new Map<number, Rec[]>()
    for (const [i, start] of starts.entries()) if (windows[i]) far.set(start, windows[i])
    return inRows(known, length, far, windowRows)
  }, [known, length, windows, starts.join()])

  const now = useRef({ ask, list, rows, marked })
  now.current = { ask, list, rows, marked }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const see = useCallback((first: number, last: number) => {
    const { ask, list, rows, marked } = now.current
    const n = rows.known.length
    const fromTop = !marked || n < near
    if (fromTop && list.hasNextPage && !list.isFetchingNextPage && last >= n - 30 && (!marked || first <= n + windowRows))
      list.fetchNextPage()
    clearTimeout(timer.current)
    if (!marked || last < n) return
    timer.current = setTimeout(
      () => setWant((w) => (w.ask === ask && w.first === first && w.last === last ? w : { ask, first, last })),
      rest,
    )
  }, [])
  const reach = useCallback(async (row: number) => {
    for (let asked = 0; asked < near / windowRows + 1 && now.current.list.hasNextPage; asked++) {
      const { rows, list, marked } = now.current
      if (rows.known.length > row || (marked && rows.known.length >= near)) break
      await list.fetchNextPage()
      await new Promise((r) => setTimeout(r))
    }
    // Windows between the sight and there; a paste far down needs them all at once.
    const { ask, rows } = now.current
    if (rows.at(row) || row < rows.known.length) return
    setWant((w) => ({ ask, first: Math.min(w.first, row), last: Math.max(w.last, row) }))
    for (let i = 0; i < 100 && !now.current.rows.at(Math.min(row, now.current.rows.length - 1)); i++)
      await new Promise((r) => setTimeout(r, 60))
  }, [])
  return { rows, see, reach }
}
