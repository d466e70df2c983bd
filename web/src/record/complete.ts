import type { Filter } from '../client/types'

/** Drops conditions that say nothing yet, so that a half-made filter can already run. */
export function complete(f: Filter | null | undefined): Filter | undefined {
  if (!f) return undefined
  if ('and' in f || 'or' in f) {
    const parts = ('and' in f ? f.and : f.or).map(complete).filter((x): x is Filter => !!x)
    if (parts.length === 0) return undefined
    if (parts.length === 1) return parts[0]
    return 'and' in f ? { and: parts } : { or: parts }
  }
  if ('not' in f) {
    const inner = complete(f.not)
    return inner && { not: inner }
  }
  if (f.op === 'empty' || f.op === 'present') return { field: f.field, op: f.op }
  if (Array.isArray(f.value)) return f.value.every((v) => v === null || v === undefined || v === '') ? undefined : f
  return f.value === undefined || f.value === null || f.value === '' ? undefined : f
}
