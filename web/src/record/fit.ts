import type { Field } from '../client/types'
import { lead, width } from './columns'

const keepFirst: Record<string, number> = { money: 0, ref: 1, date: 2, choice: 3, category: 4 }

/** With the panel open the list shows the columns that fit, the telling ones first, instead of scrolling sideways. */
export function fit(columns: Field[], room: number): Field[] {
  const order = columns
    .map((f, i) => ({ f, rank: f.title || i === 0 ? 0 : (keepFirst[f.type] ?? 6) + i / 100 }))
    .sort((a, b) => a.rank - b.rank)
  const kept = new Set<Field>()
  let used = lead
  for (const { f } of order) {
    const [, least] = width(f)
    if (kept.size > 0 && used + least > room) continue
    used += least
    kept.add(f)
  }
  return columns.filter((f) => kept.has(f))
}
