import i18next from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import type { Dimension, Field, Kind, Rec } from '../client/types'
import zh from '../locale/zh-CN.json'
import { alike, cellText, readText } from './celltext'
import { tracks } from './columns'
import { moved } from './grid'
import { clamp, led, next, rect, target } from './range'
import { readSheet, sheetTable, writeSheet } from './sheet'
import { inRows } from './rows'
import { extent, tallest } from './span'
import { addUp } from './tally'
import { markBefore, windowsOf } from './userows'

beforeAll(async () => {
  await i18next.init({ lng: 'zh-CN', resources: { 'zh-CN': { translation: zh } }, keySeparator: false, nsSeparator: false })
})

// A small generator of its own: the same numbers on every run.
function numbers(seed: number) {
  let x = seed
  return (below: number) => {
    x = (x * 1103515245 + 12345) % 2147483648
    return Math.floor((x / 2147483648) * below)
  }
}

test('whatever stands in cells comes back from the clipboard as it went in', () => {
  const any = numbers(7)
  const bits = ['a', '"', '""', '\t', '\n', '\r\n', ' ', '1,5', '\u5f52\u5ba2', '', "'", '\\']
  for (let round = 0; round < 3000; round++) {
    const wide = 1 + any(4)
    const sheet = Array.from({ length: 1 + any(4) }, () =>
      Array.from({ length: wide }, () => Array.from({ length: any(5) }, () => bits[any(bits.length)]).join('')),
    )
    expect(readSheet(writeSheet(sheet))).toEqual(sheet)
  }
})

test("Excel's own text is read: quoted line ends, doubled quotes, an end of line at the end", () => {
  expect(readSheet('a\tb\r\n"c\nd"\t"say ""x"""\r\n')).toEqual([
    ['a', 'b'],
    ['c\nd', 'say "x"'],
  ])
  expect(readSheet('5" pipe\t"half')).toEqual([['5" pipe', '"half']])
  expect(readSheet('one')).toEqual([['one']])
  expect(readSheet('')).toEqual([])
  expect(readSheet('a\t\r\n\t\r\n')).toEqual([
    ['a', ''],
    ['', ''],
  ])
})

test('a table for other programs has nothing of its cells as markup', () => {
  expect(sheetTable([['<b>&', 'x\ny']])).toBe(
    '<table><tr><td>&lt;b&gt;&amp;</td><td>x<br style="mso-data-placement:same-cell">y</td></tr></table>',
  )
})

test('keys lead from cell to cell and never out of the list', () => {
  const any = numbers(3)
  const keys = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown']
  let s = { row: 0, col: 0 }
  for (let i = 0; i < 2000; i++) {
    s = led(s, keys[any(keys.length)]!, any(4) === 0, 50, 7, 10)!
    expect(clamp(s, 50, 7)).toEqual(s)
  }
  expect(led(s, 'x', false, 50, 7, 10)).toBeUndefined()
  expect(next({ row: 0, col: 6 }, false, 50, 7)).toEqual({ row: 1, col: 0 })
  expect(next({ row: 0, col: 0 }, true, 50, 7)).toBeUndefined()
  expect(next({ row: 49, col: 6 }, false, 50, 7)).toBeUndefined()
  expect(rect({ from: { row: 4, col: 1 }, to: { row: 2, col: 3 } })).toEqual({ top: 2, bottom: 4, left: 1, right: 3 })
})

test('a paste fills a selection that is a multiple of it, else spreads from its corner and says what has no place', () => {
  const at = (top: number, left: number, bottom = top, right = left) => ({ top, left, bottom, right })
  expect(target(at(2, 1), 3, 2, 100, 5)).toEqual({ rect: at(2, 1, 4, 2), beyond: { rows: 0, cols: 0 } })
  expect(target(at(2, 1, 7, 1), 1, 1, 100, 5).rect).toEqual(at(2, 1, 7, 1))
  expect(target(at(2, 1, 7, 2), 3, 2, 100, 5).rect).toEqual(at(2, 1, 7, 2))
  expect(target(at(2, 1, 6, 2), 3, 2, 100, 5).rect).toEqual(at(2, 1, 4, 2))
  expect(target(at(98, 4), 5, 3, 100, 5)).toEqual({ rect: at(98, 4, 99, 4), beyond: { rows: 3, cols: 2 } })
})

test('a list beyond what a browser can hold is scaled, and its ends stay its ends', () => {
  for (const count of [0, 5, 1000, 1_000_000, 20_000_000]) {
    const { box, reach, scale } = extent(count, 36, 800)
    expect(box).toBeLessThanOrEqual(tallest)
    expect(reach).toBe(Math.max(0, count * 36 - 800))
    if (box > 800) expect((box - 800) * scale).toBeCloseTo(reach, 3)
  }
})

const field = (name: string, type: Field['type'], more: Partial<Field> = {}): Field => ({ name, type, ...more })
const kind: Kind = {
  kind: 'x_thing',
  plural: 'x_things',
  prefix: 'xth',
  fields: [],
}
const dimensions: Dimension[] = [
  {
    id: 'dim_1',
    kind: 'x_thing',
    name: 'd_a',
    title: 'A',
    multi: true,
    by: 'rules',
    categories: [
      { id: 'cat_1', title: 'VIP', parent: '', position: 1 },
      { id: 'cat_2', title: '\u4e00\u3001\u4e8c', parent: '', position: 2 },
    ],
  },
]
const rec: Rec = { id: 'xth_1', kind: 'x_thing', title: 'x', version: 1 }
const read = (f: Field, text: string, r = rec) => readText(kind, f, text, r, dimensions)

test('what is copied from a cell is read back as the same value', () => {
  const options = [
    { value: 'a1', label: '\u7532' },
    { value: 'b2', label: '\u4e59' },
  ]
  const cases: [Field, unknown][] = [
    [field('t', 'text'), '\u4e0a\u6d77 "x"'],
    [field('t', 'longtext'), 'a\n  b'],
    [field('n', 'int'), -1234567],
    [field('n', 'float'), 0.125],
    [field('m', 'money'), { amount: '-491300.05', currency: 'CNY' }],
    [field('m', 'money'), { amount: '12.00', currency: 'USD' }],
    [field('b', 'bool'), true],
    [field('b', 'bool'), false],
    [field('d', 'date'), '2026-10-25'],
    [field('at', 'time'), '2026-10-25T03:04:00.000Z'],
    [field('c', 'choice', { choices: ['a1', 'b2'], options }), 'b2'],
    [field('cs', 'choices', { choices: ['a1', 'b2'], options }), ['a1', 'b2']],
    [field('d_a', 'category', { multi: true }), [{ id: 'cat_1', title: 'VIP' }]],
    [field('d_a', 'category', { multi: true }), [{ id: 'cat_2', title: '\u4e00\u3001\u4e8c' }]],
    [field('r', 'ref'), { id: 'cus_1', title: '\u6052\u6cf0' }],
  ]
  for (const [f, value] of cases) {
    const r = { ...rec, [f.name]: value }
    const back = read(f, cellText('x_thing', f, value, r), r)
    expect([f.type, 'value' in back && alike(back.value, value)]).toEqual([f.type, true])
  }
})

test('a sheet writes numbers and days in its own ways', () => {
  const amount = (s: string) => read(field('m', 'money'), s)
  expect(amount('\uffe51,234.50')).toEqual({ value: { amount: '1234.50', currency: 'CNY' } })
  expect(amount('(88)')).toEqual({ value: { amount: '-88', currency: 'CNY' } })
  expect(amount('usd 3')).toEqual({ value: { amount: '3', currency: 'USD' } })
  expect(amount('12\u5143')).toEqual({ value: { amount: '12', currency: 'CNY' } })
  expect(amount('many')).toEqual({ wrong: 'not_a_money' })
  expect(read(field('d', 'date'), '2026/1/5 0:00:00')).toEqual({ value: '2026-01-05' })
  expect(read(field('d', 'date'), '2026-02-30')).toEqual({ wrong: 'not_a_date' })
  expect(read(field('n', 'int'), '1.5')).toEqual({ wrong: 'not_a_int' })
  expect(read(field('t', 'text', { required: true }), ' ')).toEqual({ wrong: 'required' })
  expect(read(field('d_a', 'category', { multi: true }), 'vip')).toEqual({ value: [{ id: 'cat_1', title: 'VIP' }] })
  expect(read(field('d_a', 'category', { multi: true }), 'none')).toEqual({ wrong: 'no_such_category' })
  expect(read(field('r', 'ref'), 'X')).toEqual({ seek: 'X' })
})

test('columns take the room there is, and keep the width that was given them', () => {
  const columns = [field('n', 'text', { title: true }), field('d', 'date'), field('t', 'text')]
  const wide = tracks(columns, { d: 300 }, 1200)
  expect(wide[1]!.width).toBe(300)
  expect(wide[0]!.left).toBe(60)
  expect(wide[2]!.left).toBe(wide[1]!.left + 300)
  expect(wide[2]!.left + wide[2]!.width).toBeGreaterThan(1195)
  expect(tracks(columns, {}, 100).map((x) => x.width)).toEqual([200, 104, 120])
  expect(moved(['a', 'b', 'c'], 'a', 3)).toEqual(['b', 'c', 'a'])
  expect(moved(['a', 'b', 'c'], 'c', 0)).toEqual(['c', 'a', 'b'])
  expect(moved(['a', 'b', 'c'], 'b', 1)).toEqual(['a', 'b', 'c'])
})

test('a place in a long list is reached from the mark before it', () => {
  const marks = [0, 500, 1000, 1500].map((at) => ({ at, cursor: String(at) }))
  expect([0, 499, 500, 999, 1700].map((at) => markBefore(marks, at).at)).toEqual([0, 0, 500, 500, 1500])
  expect(windowsOf(1990, 2040, 100, 2030)).toEqual([1900, 2000])
  expect(windowsOf(0, 40, 100, 2030)).toEqual([])
  expect(windowsOf(60, 140, 100, 2030)).toEqual([100])
  const far = new Map([[500, Array.from({ length: 100 }, (_, i) => ({ ...rec, id: `f${i}` }))]])
  const rows = inRows([rec], 700, far, 100)
  expect([rows.at(0)?.id, rows.at(1), rows.at(503)?.id, rows.at(600), rows.place('f7'), rows.length]).toEqual([
    'xth_1',
    undefined,
    'f3',
    undefined,
    507,
    700,
  ])
})

test('what is held is added up on its digits', () => {
  expect(addUp(['0.10', '0.20', '100'])).toEqual({ sum: '100.30', average: '33.43' })
  expect(addUp(['-5', '2'])).toEqual({ sum: '-3', average: '-2' })
  expect(addUp(['12345678901234567890.01', '0.09'])).toEqual({ sum: '12345678901234567890.10', average: '6172839450617283945.05' })
})
