import type { Tone } from '../ui/tag'

// Colour says state; where a choice is no state it stays plain.
const tones: Record<string, Record<string, Tone>> = {
  'receipt.type': { slip: 'accent', invoice: 'violet', sales: 'plain', after_sales: 'ok', voucher: 'plain' },
  'receipt.direction': { in: 'ok', out: 'plain' },
  'entry.direction': { in: 'ok', out: 'plain' },
  'case.stage': { new: 'accent', open: 'violet', waiting: 'warn', resolved: 'ok', closed: 'plain' },
  'case.priority': { high: 'warn', medium: 'plain', low: 'plain' },
  'task.stage': { open: 'accent', done: 'ok', cancelled: 'plain' },
  'task.priority': { high: 'warn', medium: 'plain', low: 'plain' },
  'revision.state': { draft: 'warn', running: 'accent', done: 'ok', undoing: 'accent', undone: 'plain' },
  'order.stage': { new: 'accent', confirmed: 'accent', producing: 'violet', shipped: 'violet', done: 'ok', cancelled: 'plain' },
  'import.state': {
    mapping: 'accent',
    checking: 'accent',
    running: 'accent',
    done: 'ok',
    failed: 'bad',
    undoing: 'accent',
    undone: 'plain',
  },
  'document.state': { received: 'plain', reading: 'accent', filed: 'ok', waiting: 'warn', failed: 'bad' },
}

export function toneOf(kind: string, field: string, value: string): Tone {
  return tones[`${kind}.${field}`]?.[value] ?? 'plain'
}

const states = ['document.state', 'import.state', 'order.stage', 'case.stage', 'task.stage', 'revision.state']

/** Choices that are a stage of work are a dot and a word; the others a tag. */
export function isState(kind: string, field: string): boolean {
  return states.includes(`${kind}.${field}`)
}
