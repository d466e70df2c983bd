import { useMemo, useRef, useState } from 'react'
import type { Rows } from './rows'

/** "All matching minus these", or "just these". */
export interface Selection {
  all: boolean
  ids: Set<string>
  has: (id: string) => boolean
  toggle: (id: string, range?: boolean) => void
  toggleAll: () => void
  clear: () => void
  count: (total?: number) => number
}

export function useSelection(rows: Rows): Selection {
  const [{ all, ids }, set] = useState({ all: false, ids: new Set<string>() })
  const anchor = useRef('')
  const shown = useRef(rows)
  shown.current = rows
  const stable = useMemo(
    () => ({
      toggle: (id: string, range?: boolean) =>
        set((s) => {
          const next = new Set(s.ids)
          const list = shown.current
          const from = list.place(anchor.current)
          const to = list.place(id)
          if (range && from >= 0 && to >= 0)
            for (let i = Math.min(from, to); i <= Math.max(from, to); i++) {
              const r = list.at(i)
              if (r) next.add(r.id)
            }
          else if (!next.delete(id)) next.add(id)
          anchor.current = id
          return { ...s, ids: next }
        }),
      toggleAll: () => set((s) => ({ all: !s.all, ids: new Set() })),
      clear: () => set({ all: false, ids: new Set() }),
    }),
    [],
  )
  return {
    all,
    ids,
    has: (id) => ids.has(id) !== all,
    count: (total = 0) => (all ? Math.max(0, total - ids.size) : ids.size),
    ...stable,
  }
}
