import type { Leaf } from '../client/types'

// What people write for sizes: >1万, 5千到1.2万, 不到3000元, ¥12,800.50. Amounts stay decimals: no float touches them.

export interface Size extends Omit<Leaf, 'field'> {
  /** Of money: said by a sign or a word. */
  currency?: string
  /** It can only be money: 元, 万, a sign. */
  money: boolean
  /** One way of reading it is meant: there is an operator. */
  sure: boolean
}

const units: Record<string, number> = { 百: 2, 千: 3, k: 3, 万: 4, w: 4, 百万: 6, m: 6, 千万: 7, 亿: 8 }
const currencies: Record<string, string> = {
  '¥': 'CNY',
  '￥': 'CNY',
  元: 'CNY',
  块: 'CNY',
  人民币: 'CNY',
  rmb: 'CNY',
  cny: 'CNY',
  $: 'USD',
  us$: 'USD',
  美元: 'USD',
  美金: 'USD',
  usd: 'USD',
  '€': 'EUR',
  欧元: 'EUR',
  eur: 'EUR',
  hk$: 'HKD',
  港元: 'HKD',
  港币: 'HKD',
  hkd: 'HKD',
}
const number = String.raw`(us\$|hk\$|[¥￥$€])?\s*(\d[\d,，]*(?:\.\d+)?)\s*(百万|千万|[百千万亿kwm])?\s*(元|块|人民币|rmb|cny|美元|美金|usd|欧元|eur|港元|港币|hkd)?`

/** Moves the point of a decimal to the right. */
export function shift(decimal: string, by: number): string {
  const [whole, rest = ''] = decimal.replace(/[,，]/g, '').split('.') as [string, string?]
  const out = whole + rest.slice(0, by).padEnd(by, '0')
  const fraction = rest.slice(by)
  return out.replace(/^0+(?=\d)/, '') + (fraction ? `.${fraction}` : '')
}

interface Num {
  value: string
  currency?: string
  unit?: string
}

function num(sign?: string, digits?: string, unit?: string, word?: string): Num {
  return { value: shift(digits!, unit ? units[unit]! : 0), currency: currencies[sign ?? ''] ?? currencies[word ?? ''], unit }
}

const operators: [RegExp, string][] = [
  [/^(>=|≥|大于等于|不少于|不低于|至少|at least )/, 'ge'],
  [/^(<=|≤|小于等于|不超过|不高于|不多于|至多|at most )/, 'le'],
  [/^(>|大于|高于|超过|多于|over |above |more than )/, 'gt'],
  [/^(<|小于|低于|少于|不到|不足|under |below |less than )/, 'lt'],
  [/^(=|等于|为)/, 'eq'],
]
const whole = new RegExp(`^${number}$`)
const above = new RegExp(`^${number}(?:及?以上|起)$`)
const below = new RegExp(`^${number}(?:及?以下|以内|之内)$`)
const both = new RegExp(`^${number}(?:到|至|~|～|—|–|-|\\.\\.)${number}$`)

/** What a word says about a size, or nothing. */
export function sum(word: string): Size | undefined {
  const w = word
    .toLowerCase()
    .replace(/[＞﹥]/g, '>')
    .replace(/[＜﹤]/g, '<')
    .replace(/＝/g, '=')
  const made = (op: string, ns: Num[], sure: boolean): Size => ({
    op,
    value: ns.length === 1 ? ns[0]!.value : ns.map((n) => n.value),
    currency: ns.find((n) => n.currency)?.currency,
    money: ns.some((n) => n.currency || n.unit),
    sure,
  })
  for (const [at, op] of operators) {
    const m = at.exec(w)
    const n = m && whole.exec(w.slice(m[0].length).trim())
    if (n) return made(op, [num(n[1], n[2], n[3], n[4])], true)
  }
  let x = above.exec(w)
  if (x) return made('ge', [num(x[1], x[2], x[3], x[4])], true)
  x = below.exec(w)
  if (x) return made('le', [num(x[1], x[2], x[3], x[4])], true)
  x = both.exec(w)
  if (x) {
    const b = num(x[5], x[6], x[7], x[8])
    const a = num(x[1], x[2], x[3] ?? (x[4] ? undefined : x[7]), x[4]) // 1-5万: the unit is said once
    const said = a.currency || a.unit || b.currency || b.unit
    return said && Number(a.value) <= Number(b.value) ? made('between', [a, b], true) : undefined // 2026-03 is no span of amounts
  }
  x = whole.exec(w)
  if (x) {
    const n = num(x[1], x[2], x[3], x[4])
    return n.currency || n.unit ? made('eq', [n], false) : undefined
  }
  return undefined
}
