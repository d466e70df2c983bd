import type { Tone } from '../ui/tag'

// Colour says state; where a choice is no state it stays plain.
const tones: Record<string, Record<string, Tone>> = {
  'receipt.type': { slip: 'accent', invoice: 'violet', sales: 'plain', after_sales: 'ok', voucher: 'plain' },
  'receipt.direction': { in: 'ok', out: 'plain' },
  'entry.direction': { in: 'ok', out: 'plain' },
  'order.stage': { new: 'accent', confirmed: 'accent', producing: 'violet', shipped: 'violet', done: 'ok', cancelled: 'plain' },
  'document.state': { received: 'plain', reading: 'accent', filed: 'ok', waiting: 'warn', failed: 'bad' },
}

export function toneOf(kind: string, field: string, value: string): Tone {
  return tones[`${kind}.${field}`]?.[value] ?? 'plain'
}

/** Choices that are a stage of work are a dot and a word; the others a tag. */
export function isState(kind: string, field: string): boolean {
  return `${kind}.${field}` === 'document.state' || `${kind}.${field}` === 'order.stage'
}
