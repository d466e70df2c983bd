import { cache } from '../client/data'
import type { Dimension } from '../client/types'
import { band } from '../field/format'

/** The title of a category that a filter holds. */
export function named(id: string): string | undefined {
  const dimensions = cache.getQueryData<{ data: Dimension[] }>(['dimension', 'all'])?.data ?? []
  for (const d of dimensions) for (const c of d.categories) if (c.id === id) return band(c.title)
  return undefined
}
