import { useCallback, useMemo, useRef } from 'react'
import type { Ask, useList } from '../client/data'
import type { Count, Kind } from '../client/types'
import { inRows, type Rows } from './rows'

/** A list's rows as they come: page after page from its top. */
export function useRows(_kind: Kind, _ask: Ask, list: ReturnType<typeof useList>, _total: Count | undefined) {
  const known = useMemo(() => list.data?.pages.flatMap((p) => p.data) ?? [], [list.data])
  const rows: Rows = useMemo(() => inRows(known), [known])
  const now = useRef({ list, rows })
  now.current = { list, rows }
  const see = useCallback((_first: number, last: number) => {
    const { list, rows } = now.current
    if (list.hasNextPage && !list.isFetchingNextPage && last >= rows.known.length - 30) list.fetchNextPage()
  }, [])
  const reach = useCallback(async (row: number) => {
    for (let asked = 0; asked < 200 && now.current.list.hasNextPage && now.current.rows.known.length <= row; asked++) {
      await now.current.list.fetchNextPage()
      await new Promise((r) => setTimeout(r))
    }
  }, [])
  return { rows, see, reach }
}
