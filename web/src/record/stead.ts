import type { Rec } from '../client/types'

/** What a receipt's row shows for want of a value: the paper's other side where no customer is linked, the day of issue where nothing was paid. */
export function stead(kind: string, field: string, r: Rec): string {
  if (kind !== 'receipt' || r[field]) return ''
  const out = r.direction === 'out'
  const side = r.type === 'invoice' ? (r.direction === 'in' ? 'seller_name' : 'buyer_name') : out ? 'payee_name' : 'payer_name'
  const from = { customer: side, paid_on: 'issued_on' }[field]
  return from ? String(r[from] ?? '') : ''
}
