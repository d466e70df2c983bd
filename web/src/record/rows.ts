import type { Rec } from '../client/types'

/** The rows of a list by their place: those that are there, and how many there are in all. */
export interface Rows {
  length: number
  at: (i: number) => Rec | undefined
  place: (id: string | undefined) => number
  /** Those that are loaded, in order. */
  known: Rec[]
}

export function inRows(known: Rec[], length = known.length, far: Map<number, Rec[]> = new Map(), step = 1): Rows {
  const at = (i: number): Rec | undefined => known[i] ?? far.get(Math.floor(i / step) * step)?.[i % step]
  return {
    length: Math.max(length, known.length),
    at,
    known,
    place: (id) => {
      if (!id) return -1
      const near = known.findIndex((r) => r.id === id)
      if (near >= 0) return near
      for (const [start, rows] of far) {
        const i = rows.findIndex((r) => r.id === id)
        if (i >= 0) return start + i
      }
      return -1
    },
  }
}
