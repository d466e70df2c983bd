import { useQuery } from '@tanstack/react-query'
import { post } from '../client/call'
import type { Kind } from '../client/types'
import { useSettled } from '../ui/wait'

/** What a formula may call. */
export const functions = [
  'if',
  'coalesce',
  'round',
  'abs',
  'min',
  'max',
  'amount',
  'days',
  'year',
  'quarter',
  'month',
  'day',
  'length',
  'left',
  'right',
  'contains',
]

const usable = ['text', 'longtext', 'phone', 'email', 'url', 'choice', 'int', 'float', 'money', 'date', 'time', 'bool']

/** Types whose value a formula may give. */
export const computable = ['text', 'int', 'float', 'money', 'date', 'time', 'bool']

export const readable = (kind: Kind) => kind.fields.filter((f) => usable.includes(f.type))

/** What is wrong with a formula, in the server's words, a moment after it was typed; '' where nothing is, or it is not known yet. */
export function useFault(kind: Kind, field: string | undefined, type: string, formula: string): string {
  const source = useSettled(formula.trim(), 300)
  const asked = useQuery({
    queryKey: ['formula', kind.kind, field, type, source],
    queryFn: ({ signal }) => post<{ fault: string }>(`/kinds/${kind.kind}/formula`, { name: field, type, formula: source }, { signal }),
    enabled: source !== '',
  })
  return source === formula.trim() ? (asked.data?.fault ?? '') : ''
}
