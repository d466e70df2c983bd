import i18next from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import type { Field, Kind } from '../client/types'
import { after, boardFields, drawn, linesOf, measures, monday, said, soundFace, weekOf } from './face'
import type { Breakdown } from './group'

beforeAll(async () => {
  await i18next.init({ lng: 'cimode' })
})

test('each period has one that follows it', () => {
  const chain = (id: string, n: number) => Array.from({ length: n }).reduce<string>((at) => after(at), id)
  expect(chain('2025', 2)).toBe('2027')
  expect(chain('2025-Q3', 3)).toBe('2026-Q2')
  expect(chain('2025-11', 3)).toBe('2026-02')
  expect(chain('2024-02-28', 2)).toBe('2024-03-01')
  expect(chain('2020-W52', 2)).toBe('2021-W01')
  expect(chain('2025-W51', 2)).toBe('2026-W01')
})

test('a week is that of its Thursday', () => {
  expect(weekOf('2021-01-03')).toBe('2020-W53')
  expect(weekOf('2024-12-30')).toBe('2025-W01')
  expect(monday('2026-08-16')).toBe('2026-08-10')
})

const field = (f: Partial<Field> & Pick<Field, 'name' | 'type'>): Field => f as Field
const kind = (fields: Field[]): Kind => ({ kind: 'order', plural: 'orders', prefix: 'ord', fields }) as Kind
const orders = kind([
  field({ name: 'customer', type: 'ref', ref: 'customer' }),
  field({ name: 'stage', type: 'choice', choices: ['new', 'done'] }),
  field({ name: 'tags', type: 'choices', choices: ['a'] }),
  field({ name: 'ordered_on', type: 'date' }),
  field({ name: 'amount', type: 'money' }),
])

test('a board stands on what a record has one of, a stage first', () => {
  expect(boardFields(orders).map((f) => f.name)).toEqual(['stage', 'customer'])
})

test('a face that names what is no more falls back, or is none', () => {
  expect(soundFace(orders, { as: 'board', by: [{ field: 'gone' }] })).toEqual({ as: 'board', by: [{ field: 'stage' }] })
  expect(soundFace(orders, { as: 'heap' } as never)).toBeUndefined()
  expect(soundFace(kind([]), { as: 'calendar' })).toBeUndefined()
})

const part = (count: number, ...sums: [string, string][]) => ({
  count,
  sums: sums.map(([currency, amount]) => ({ field: 'amount', currency, amount, average: amount })),
})

test('no sum mixes currencies', () => {
  const m = measures(orders).find((x) => x.key === 'amount')!
  const p = part(3, ['CNY', '12.50'], ['USD', '3.00'])
  expect(said(p, m)).toBe('¥ 12.50 + $ 3.00')
  expect([drawn(p, m, 'CNY'), drawn(p, m, 'USD'), drawn(undefined, m, 'CNY')]).toEqual([12.5, 3, 0])
})

test('periods without records are drawn too', () => {
  const group = (id: string, count: number) => ({ id, title: '', filter: { field: 'ordered_on', op: 'period', value: id }, ...part(count) })
  const b: Breakdown = {
    ...part(7),
    axes: [
      {
        field: 'ordered_on',
        groups: [group('2025-11', 3), group('2026-02', 4), { ...group('', 1), filter: { field: 'ordered_on', op: 'empty' } }],
      },
    ],
    crossings: [],
  }
  const lines = linesOf(b, [{ field: 'ordered_on' }], [orders.fields[3]!], measures(orders)[0]!)
  expect(lines.map((l) => `${l.group.id}:${l.group.count}`)).toEqual(['2025-11:3', '2025-12:0', '2026-01:0', '2026-02:4', ':1'])
})
