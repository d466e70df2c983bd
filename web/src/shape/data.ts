import { useQuery } from '@tanstack/react-query'
import { call, post } from '../client/call'
import { cache, stale } from '../client/data'
import type { Field, Kind, Page, Rec } from '../client/types'

/** Kinds that speak of other records, or are kept beside them: their forms are not a workspace's to change. */
const aside = ['comment', 'view', 'import']

export const shapable = (kinds: Kind[]) => kinds.filter((k) => !k.verbs && !aside.includes(k.kind))

const machinery = ['id', 'version', 'title', 'status', 'owner', 'department', 'created_at', 'updated_at', 'deleted_at', 'business_key']

/** The fields that a form may show, in the order of the kind. What classes a record is kept with the dimensions. */
export const shownFields = (kind: Kind) =>
  kind.fields.filter(
    (f) => !machinery.includes(f.name) && f.type !== 'category' && f.type !== 'json' && (!f.system || f.formula || f.custom),
  )

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
