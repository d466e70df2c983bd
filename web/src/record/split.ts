import type { Filter } from '../client/types'

// What was received, what was paid and what was billed are three sums: no total mixes them.
export const split: Record<string, { name: string; filter: Filter }[]> = {
  receipt: [
    {
      name: 'in',
      filter: {
        and: [
          { field: 'type', op: 'in', value: ['slip', 'voucher'] },
          { field: 'direction', op: 'eq', value: 'in' },
        ],
      },
    },
    {
      name: 'out',
      filter: {
        and: [
          { field: 'type', op: 'in', value: ['slip', 'voucher'] },
          { field: 'direction', op: 'eq', value: 'out' },
        ],
      },
    },
    { name: 'billed', filter: { field: 'type', op: 'eq', value: 'invoice' } },
  ],
  entry: [
    { name: 'in', filter: { field: 'direction', op: 'eq', value: 'in' } },
    { name: 'out', filter: { field: 'direction', op: 'eq', value: 'out' } },
  ],
}
