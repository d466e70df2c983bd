import type { Rec } from '../client/types'

/** What a receipt's row shows where no customer is linked: the paper's other side. */
export function stead(kind: string, field: string, r: Rec): string {
  if (kind !== 'receipt' || field !== 'customer' || r.customer) return ''
  if (r.type === 'invoice') return String(r[r.direction === 'in' ? 'seller_name' : 'buyer_name'] ?? '')
  return String(r[r.direction === 'out' ? 'payee_name' : 'payer_name'] ?? '')
}
