import { expect, test } from 'vitest'
import type { Field, Kind } from '../client/types'
import { arranged, sections } from './arrange'
import { complete } from './complete'
import { fits, holds } from './holds'
import { chosen } from './operation'
import { stead } from './stead'
import { askOf, cleanView, pickFilter } from './view'
import { readDay, readMinute } from '../field/date'
import { band, fromWall, group, toWall } from '../field/format'
import { digits } from '../field/input'
import { choiceLabel, offered, spoken } from '../field/label'
import { flat, forest } from '../field/tree'

test('amounts are grouped on their digits', () => {
  expect(group('491300.00')).toBe('491,300.00')
  expect(group('-1234567.5')).toBe('−1,234,567.5')
  expect(group('12')).toBe('12')
  expect(group('abc')).toBe('abc')
  expect(group('12345678901234567890.12')).toBe('12,345,678,901,234,567,890.12')
})

test('a receipt without a linked customer names the other side', () => {
  const r = {
    id: 'rcp_1',
    customer: null,
    payer_name: 'A',
    payee_name: 'B',
    seller_name: 'C',
    buyer_name: 'D',
  }
  const side = (type: string, direction: string) => stead('receipt', 'customer', { ...r, type, direction } as never)
  expect([side('slip', 'in'), side('slip', 'out'), side('invoice', 'out'), side('invoice', 'in')]).toEqual(['A', 'B', 'D', 'C'])
  expect(stead('order', 'customer', r as never)).toBe('')
})

test('a band is said by its bounds, any other title as it is', () => {
  expect(band('≥ 10000 < 100000')).toBe('10,000 – 100,000')
  expect(band('≥ 100000')).toBe('≥ 100,000')
  expect(band('VIP')).toBe('VIP')
  expect(band('')).toBe('')
})

test('full-width digits become plain', () => {
  expect(digits('\uff11\uff12\uff0c345.\uff15\uff10')).toBe('12345.50')
  expect(digits('\u00a51,000')).toBe('1000')
})

test('a day is read in the ways people type it', () => {
  for (const typed of ['2026-10-25', '20261025', '2026/10/25', '26.10.25', '2026\u5e7410\u670825\u65e5'])
    expect(readDay(typed)).toBe('2026-10-25')
  expect(readDay('2026-02-30')).toBe('2026-02-30')
  expect(readDay('soon')).toBe('soon')
})

test('rows with parents become a forest', () => {
  const nodes = forest([
    { id: 'a', parent: '' },
    { id: 'c', parent: 'b' },
    { id: 'b', parent: 'a' },
    { id: 'd', parent: 'gone' },
  ])
  expect(flat(nodes).map((n) => `${n.value.id}${n.depth}`)).toEqual(['a0', 'b1', 'c2', 'd0'])
})

const field = (name: string, type: Field['type']): Field => ({ name, type, sortable: true })
const kind: Kind = {
  kind: 'receipt',
  plural: 'receipts',
  prefix: 'rcp',
  fields: [field('d_type', 'category'), { ...field('dated_on', 'date'), dated: true }, field('type', 'choice')],
}

test('each facet is one member of the outer and', () => {
  expect(pickFilter(kind.fields[0], 'd_type', ['c1', ''])).toEqual({
    or: [
      { field: 'd_type', op: 'under', value: ['c1'] },
      { field: 'd_type', op: 'empty' },
    ],
  })
  const ask = askOf(kind, {
    picks: { d_type: ['c1'], type: ['slip'] },
    where: { and: [{ field: 'dated_on', op: 'period', value: '2026' }] },
  })
  expect(ask.filter).toEqual({
    and: [
      { field: 'd_type', op: 'under', value: ['c1'] },
      { field: 'type', op: 'in', value: ['slip'] },
      { field: 'dated_on', op: 'period', value: '2026' },
    ],
  })
  expect(ask.sort).toBe('-dated_on')
})

test('an address that was tampered with shows the plain list', () => {
  expect(cleanView({ q: 7, where: 'x', picks: [], sort: '', id: null })).toMatchObject({
    q: '7',
    where: undefined,
    picks: undefined,
    sort: undefined,
    id: undefined,
  })
})

test('conditions that say nothing yet are left out', () => {
  expect(
    complete({
      and: [
        { field: 'a', op: 'eq' },
        { field: 'b', op: 'empty' },
      ],
    }),
  ).toEqual({ field: 'b', op: 'empty' })
  expect(complete({ or: [{ field: 'a', op: 'in', value: [] }] })).toBeUndefined()
  expect(complete({ field: 'a', op: 'between', value: [null, 3] })).toEqual({ field: 'a', op: 'between', value: [null, 3] })
})

test('fields stand where the workspace puts them, in sections', () => {
  const fields = [field('a', 'text'), { ...field('b', 'text'), section: 'S' }, field('c', 'text'), { ...field('d', 'text'), position: 150 }]
  expect(arranged(fields).map((f) => f.name)).toEqual(['a', 'd', 'b', 'c'])
  expect(sections(arranged(fields)).map((s) => [s.title, ...s.fields.map((f) => f.name)])).toEqual([
    ['', 'a', 'd', 'c'],
    ['S', 'b'],
  ])
})

test('a form asks for what its condition says, and leaves to the server what it cannot know', () => {
  const r = { stage: 'closed', tags: ['a', 'b'], amount: { amount: '120.00', currency: 'CNY' }, note: '' }
  const leaf = (field: string, op: string, value?: unknown) => ({ field, op, value })
  expect(holds(leaf('stage', 'in', ['closed', 'done']), r)).toBe(true)
  expect(holds({ and: [leaf('tags', 'in', ['b']), leaf('amount', 'ge', '99')] }, r)).toBe(true)
  expect(holds({ or: [leaf('note', 'present'), leaf('stage', 'ne', 'closed')] }, r)).toBe(false)
  expect(holds({ not: leaf('note', 'empty') }, r)).toBe(false)
  expect(holds(leaf('customer.name', 'eq', 'x'), r)).toBeUndefined()
  expect(holds({ and: [leaf('customer.name', 'eq', 'x'), leaf('note', 'present')] }, r)).toBe(false)
  expect(fits({ ...field('a', 'text'), pattern: '[A-Z]{2}\\d+' }, 'AB12')).toBe(true)
  expect(fits({ ...field('a', 'text'), pattern: '[A-Z]{2}\\d+' }, 'xAB12')).toBe(false)
  expect(fits({ ...field('a', 'text'), pattern: '(?i)ab' }, 'zz')).toBe(true)
})

test('a moment goes into an input of date and time and comes out the same', () => {
  expect(toWall('2026-03-05T16:30:00Z')).toBe('2026-03-06T00:30')
  expect(fromWall('2026-03-06T00:30')).toBe('2026-03-05T16:30:00.000Z')
  expect(fromWall('')).toBeNull()
})

test('a minute is read in the ways people type it', () => {
  for (const typed of ['2026-10-25 09:05', '20261025 9:05', '2026/10/25T09:05', '26.10.25 0905'])
    expect(readMinute(typed)).toBe('2026-10-25 09:05')
  expect(readMinute('2026-10-25')).toBe('2026-10-25 00:00')
  expect(readMinute('2026-10-25 25:00')).toBe('2026-10-25 25:00')
  expect(readMinute('soon')).toBe('soon')
})

test('a choice has the words of the workspace, and what was retired is offered only where it is chosen', () => {
  const f: Field = {
    name: 'x_state',
    type: 'choices',
    choices: ['o1', 'o2'],
    options: [
      { value: 'o1', label: 'In use' },
      { value: 'o2', label: 'Old', retired: true },
    ],
  }
  expect(offered(f)).toEqual(['o1'])
  expect(offered(f, ['o2'])).toEqual(['o1', 'o2'])
  expect(choiceLabel('x_device', f, 'o2')).toBe('Old')
  expect(spoken('receipt', 'direction', 'in', { type: 'invoice' })).toBe('billed_in')
  expect(spoken('receipt', 'direction', 'in', { type: 'slip' })).toBe('in')
})

test('what is selected is asked for as a list: all that match but these, or just these', () => {
  const ask = { filter: { field: 'type', op: 'eq', value: 'slip' }, sort: '-dated_on' }
  expect(chosen(ask, { all: false, ids: new Set(['a']) })).toEqual({
    sort: '-dated_on',
    q: undefined,
    filter: { field: 'id', op: 'in', value: ['a'] },
  })
  expect(chosen(ask, { all: true, ids: new Set() }).filter).toEqual(ask.filter)
  expect(chosen(ask, { all: true, ids: new Set(['a']) }).filter).toEqual({
    and: [ask.filter, { not: { field: 'id', op: 'in', value: ['a'] } }],
  })
})
