import { expect, test } from 'vitest'
import type { Dimension, Field, Filter, Kind } from '../client/types'
import { shift, sum } from './sum'
import { take, understand, type Sense } from './understand'
import { ends, when } from './when'

const today = '2026-11-22'

test('words for spans of days', () => {
  const said: Record<string, unknown> = {
    上个月: 'last_month',
    上月: 'last_month',
    本季度: 'this_quarter',
    近30天: 'last_30_days',
    最近两周: 'last_14_days',
    近三个月: 'last_90_days',
    半年: undefined,
    近半年: 'last_182_days',
    'last 30 days': 'last_30_days',
    前天: '2026-11-20',
    前年: '2024',
    '2025年': '2025',
    '2026年3月': '2026-03',
    '2026-03': '2026-03',
    '3月': '2026-03',
    十二月: '2025-12',
    去年3月: '2025-03',
    三季度: '2026-Q3',
    去年四季度: '2025-Q4',
    '2026Q1': '2026-Q1',
    '2026-03-05': '2026-03-05',
    '2026/3/5': '2026-03-05',
    '20260305': '2026-03-05',
    '3月5日': '2026-03-05',
    '12月5号': '2025-12-05',
    '2026-02-30': undefined,
    '13月': undefined,
    '1月1公司': undefined,
    上周科技公司: undefined,
  }
  for (const [word, value] of Object.entries(said))
    expect([word, when(word, today)]).toEqual([word, value === undefined ? undefined : { op: 'period', value }])
  expect(when('1月到3月', today)).toEqual({ op: 'between', value: ['2026-01-01', '2026-03-31'] })
  expect(when('1-3月', today)).toBeUndefined()
  expect(when('1~3月', today)).toEqual({ op: 'between', value: ['2026-01-01', '2026-03-31'] })
  expect(when('2025年11月到12月', today)).toEqual({ op: 'between', value: ['2025-11-01', '2025-12-31'] })
  expect(when('3月以来', today)).toEqual({ op: 'ge', value: '2026-03-01' })
  expect(when('去年以前', today)).toEqual({ op: 'le', value: '2024-12-31' })
  expect(when('3月以后', today)).toEqual({ op: 'ge', value: '2026-04-01' })
  expect(ends('last_week', today)).toEqual(['2026-11-09', '2026-11-15'])
})

test('words for sizes', () => {
  expect(shift('1.25', 4)).toBe('12500')
  expect(shift('0.00001', 4)).toBe('0.1')
  const said: Record<string, unknown> = {
    '>1万': ['gt', '10000', true],
    '＞＝1.2万': ['ge', '12000', true],
    大于3000元: ['gt', '3000', true],
    不到5千: ['lt', '5000', true],
    '1万以上': ['ge', '10000', true],
    '¥12,800.50': ['eq', '12800.50', false],
    '1-5万': ['between', ['10000', '50000'], true],
    '3000元到1万': ['between', ['3000', '10000'], true],
    '5千到1.2万元': ['between', ['5000', '12000'], true],
    'over 20k': ['gt', '20000', true],
  }
  for (const [word, want] of Object.entries(said)) {
    const n = sum(word)
    expect([word, n && [n.op, n.value, n.sure]]).toEqual([word, want])
  }
  for (const none of ['2026-03', '100-200', '12800', '三万家', 'A1', '202400001']) expect([none, sum(none)]).toEqual([none, undefined])
})

const field = (name: string, type: string, more: Partial<Field> = {}) => ({ name, type, label: more.label ?? name, ...more }) as Field
const receipt = {
  kind: 'receipt',
  plural: 'receipts',
  label: '回单',
  fields: [
    field('paid_on', 'date', { label: '付款日期' }),
    field('issued_on', 'date', { label: '开票日期' }),
    field('amount', 'money', { label: '金额' }),
    field('count', 'int', { label: '件数' }),
    field('payer_name', 'text', { label: '付款户名' }),
    field('direction', 'choice', {
      label: '方向',
      choices: ['in', 'out'],
      options: [
        { value: 'in', label: '收款' },
        { value: 'out', label: '付款' },
      ],
    }),
    field('order', 'ref', { label: '订单', ref: 'order' }),
    field('customer', 'ref', { label: '客户', ref: 'customer' }),
    field('owner', 'ref', { label: '负责人', ref: 'user', system: true }),
    field('d_size', 'category', { label: '金额档', dimension: 'dim_1' }),
    field('d_topic', 'category', { label: '事由', dimension: 'dim_2' }),
  ],
} as unknown as Kind
const order = { kind: 'order', plural: 'orders', label: '订单', fields: [] } as unknown as Kind
const dimension = (id: string, title: string, names: string[], aliases = '') =>
  ({
    id,
    title,
    categories: names.map((n, i) => ({ id: `${id}_${i}`, title: n, aliases: i === 0 ? aliases : '' })),
  }) as unknown as Dimension
const called: Record<string, { id: string; title: string; kind: string }[]> = {
  张三: [
    { id: 'usr_3', title: '张三', kind: 'user' },
    { id: 'cus_3', title: '张三', kind: 'customer' },
  ],
  李四: [{ id: 'usr_4', title: '李四', kind: 'user' }],
  恒泰: [{ id: 'cus_9', title: '恒泰源文化传播有限公司', kind: 'customer' }],
}
const sense: Sense = {
  kind: receipt,
  kinds: [receipt, order],
  dimensions: [dimension('dim_1', '金额档', ['大额', '小额'], '大单'), dimension('dim_2', '事由', ['转账', '货款', '其他'])],
  called: (n) => called[n] ?? [],
  today,
}
const read = (text: string, chosen: Record<number, number> = {}) => take(understand(text, sense), chosen)

test('a sentence of a clerk becomes conditions, and what is not sure waits', () => {
  const pieces = understand('上个月 张三 大额 转账 >1万 未关联订单', sense)
  expect(pieces.map((p) => [p.text, p.readings.length, p.sure])).toEqual([
    ['上个月', 2, true],
    ['张三', 2, false],
    ['大额', 1, true],
    ['转账', 1, true],
    ['>1万', 1, true],
    ['未关联订单', 1, true],
  ])
  const want: Filter[] = [
    { field: 'paid_on', op: 'period', value: 'last_month' },
    { field: 'd_size', op: 'under', value: 'dim_1_0' },
    { field: 'd_topic', op: 'under', value: 'dim_2_0' },
    { field: 'amount', op: 'gt', value: { amount: '10000', currency: 'CNY' } },
    { field: 'order', op: 'empty' },
  ]
  expect(take(pieces, {})).toEqual({ filters: want, words: '张三', kind: undefined })
  expect(take(pieces, { 1: 0, 2: -1 }).filters).toContainEqual({ field: 'customer', op: 'eq', value: { id: 'cus_3', title: '张三' } })
  expect(take(pieces, { 1: 1, 2: -1 })).toMatchObject({ words: '大额' })
})

test('fields are named, words run together, and what is not understood stays as it was', () => {
  const cases: [string, unknown[], string][] = [
    [
      '上个月大额',
      [
        { field: 'paid_on', op: 'period', value: 'last_month' },
        { field: 'd_size', op: 'under', value: 'dim_1_0' },
      ],
      '',
    ],
    ['大单', [{ field: 'd_size', op: 'under', value: 'dim_1_0' }], ''],
    ['金额>1万', [{ field: 'amount', op: 'gt', value: { amount: '10000', currency: 'CNY' } }], ''],
    ['金额 > 1万', [{ field: 'amount', op: 'gt', value: { amount: '10000', currency: 'CNY' } }], ''],
    ['金额12,800.50', [{ field: 'amount', op: 'eq', value: { amount: '12800.50', currency: 'CNY' } }], ''],
    ['件数>=3', [{ field: 'count', op: 'ge', value: 3 }], ''],
    ['开票日期:上月', [{ field: 'issued_on', op: 'period', value: 'last_month' }], ''],
    [
      '收款 last month',
      [
        { field: 'direction', op: 'in', value: ['in'] },
        { field: 'paid_on', op: 'period', value: 'last_month' },
      ],
      '',
    ],
    ['不是转账', [{ not: { field: 'd_topic', op: 'under', value: 'dim_2_0' } }], ''],
    ['李四', [{ field: 'owner', op: 'eq', value: { id: 'usr_4', title: '李四' } }], ''],
    ['我的', [{ field: 'owner', op: 'eq', value: '$me' }], ''],
    ['付款户名:恒泰', [{ field: 'payer_name', op: 'contains', value: '恒泰' }], ''],
    ['已关联客户', [{ field: 'customer', op: 'present' }], ''],
    ['回单 上周科技公司', [], '上周科技公司'],
    ['恒泰 年费', [], '恒泰 年费'],
    ['1万', [], '1万'],
    ['0000021000000597', [], '0000021000000597'],
    ['培训费，货款', [{ field: 'd_topic', op: 'under', value: 'dim_2_1' }], '培训费'],
  ]
  for (const [text, filters, words] of cases) {
    const got = read(text)
    expect([text, got.filters, got.words]).toEqual([text, filters, words])
  }
  expect(read('订单 大额').kind).toBeUndefined()
  expect(read('订单 大额', { 0: 0 }).kind).toBe(order)
})

test('nothing typed is lost, and reading ends', () => {
  const bits = ['上个月', '张三', '>1万', '大额', '订单', 'a-b', '2026', '——', '(', '\\', '不是', '未', '金额', '1-', '~', '100%', '"x']
  let seed = 7
  const next = (n: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return seed % n
  }
  for (let i = 0; i < 2000; i++) {
    const text = Array.from({ length: 1 + next(6) }, () => bits[next(bits.length)]!).join(next(2) ? ' ' : '')
    const pieces = understand(text, sense)
    expect(
      pieces
        .map((p) => p.text)
        .join('')
        .replace(/\s/g, ''),
    ).toBe(text.replace(/\s/g, ''))
  }
  expect(understand('上'.repeat(5000), sense).length).toBe(1)
})
