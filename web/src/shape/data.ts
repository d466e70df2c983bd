import { useQuery } from '@tanstack/react-query'
import { call, post } from '../client/call'
import { cache, stale } from '../client/data'
import type { Field, Kind, Page, Rec } from '../client/types'
import { formFields } from '../record/write'

/** What only its own verbs write has a form that is not a workspace's to change. */
export const shapable = (kinds: Kind[]) => kinds.filter((k) => !k.verbs)

/** The fields of a kind's form, and those that are computed. What classes a record is kept with the dimensions. */
export const shownFields = (kind: Kind) => {
  const form = formFields(kind)
  return kind.fields.filter((f) => form.includes(f) || f.formula)
}

/** What was added and taken away: the kinds list no longer tells of it. */
export function useAdded(kind: 'custom_kind' | 'custom_field', of?: string) {
  return useQuery({
    queryKey: [kind, 'retired', of],
    queryFn: ({ signal }) => {
      const gone = { field: 'retired', op: 'eq', value: true }
      return post<Page<Rec>>(
        `/${kind}s:query`,
        { filter: of ? { and: [gone, { field: 'of', op: 'eq', value: of }] } : gone, limit: 200 },
        { signal },
      )
    },
  })
}

/** Whatever changed the shape of records changes all that is made of it: menus, lists, forms. */
export async function reshaped(): Promise<void> {
  stale('custom_kind')
  stale('custom_field')
  await cache.invalidateQueries({ queryKey: ['kinds'] })
}

export const editKind = (kind: string, change: Record<string, unknown>) => call('PATCH', `/kinds/${kind}`, change).then(reshaped)

export const editField = (kind: string, field: string, change: Record<string, unknown>) =>
  call('PATCH', `/kinds/${kind}/fields/${field}`, change).then(reshaped)

/** The types that may be added, the usual ones first. */
export const types: Field['type'][] = [
  'text',
  'longtext',
  'int',
  'float',
  'money',
  'date',
  'time',
  'bool',
  'choice',
  'choices',
  'ref',
  'phone',
  'email',
  'url',
]

export const textual = (type: string) => ['text', 'longtext', 'phone', 'email', 'url'].includes(type)
