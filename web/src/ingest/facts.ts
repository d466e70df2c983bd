import type { Check, Fact } from '../client/types'
import type { Tone } from '../ui/tag'

/** The facts a paper may state, in the order a person reads them. */
export const factNames = [
  'slip_no',
  'invoice_code',
  'invoice_no',
  'paid_on',
  'issued_on',
  'payer_name',
  'payer_account',
  'payer_bank',
  'payee_name',
  'payee_account',
  'payee_bank',
  'seller_name',
  'seller_tax_id',
  'buyer_name',
  'buyer_tax_id',
  'amount',
  'total',
  'currency',
  'amount_upper',
  'net',
  'tax',
  'direction',
  'serial',
  'purpose',
  'memo',
  'bank',
]

export function inOrder<T extends { name: string }>(facts: T[]): T[] {
  const rank = (f: T) => factNames.indexOf(f.name) + 1 || 99
  return [...facts].sort((a, b) => rank(a) - rank(b))
}

/** Three words for a number nobody can judge: sure, likely, doubtful. */
export function sureness(f: Fact): { tone: Tone; word: string } {
  if (f.by === 'person') return { tone: 'accent', word: 'fact.person' }
  const c = f.confidence ?? 0
  if (c >= 0.9) return { tone: 'ok', word: 'fact.sure' }
  return c >= 0.7 ? { tone: 'warn', word: 'fact.likely' } : { tone: 'bad', word: 'fact.doubtful' }
}

/** The fact beside which a check's outcome stands. */
const beside: Record<string, string[]> = {
  amount_upper: ['amount_upper', 'amount'],
  date: ['paid_on', 'issued_on'],
  own_account: ['payer_account', 'payee_account'],
  total: ['total', 'amount', 'tax'],
  tax_id: ['seller_tax_id', 'buyer_tax_id'],
  card: ['payer_account', 'payee_account'],
}

export function checkFor(name: string, checks: Check[], facts: { name: string }[]): Check | undefined {
  return checks.find((c) => beside[c.check]?.find((n) => facts.some((f) => f.name === n)) === name)
}
