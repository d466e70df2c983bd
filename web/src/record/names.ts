import { cache } from '../client/data'
import type { Dimension } from '../client/types'
import { band } from '../field/format'

const known = new Map<string, string>()

/** The title of an id that a filter holds: remembered when it was picked, or found among the categories. */
export function named(id: string, title?: string): string | undefined {
  if (title) known.set(id, title)
  const have = known.get(id)
  if (have) return have
  const dimensions = cache.getQueryData<{ data: Dimension[] }>(['dimension', 'all'])?.data ?? []
  for (const d of dimensions) for (const c of d.categories) if (c.id === id) return band(c.title)
  return undefined
}
