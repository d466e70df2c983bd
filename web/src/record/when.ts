import type { Leaf } from '../client/types'

// What people call days and spans of days, in Chinese and English. What moves with the day stays named ("last_month"), so that a view saved today means last
// month next month as well.

const named: Record<string, string[]> = {
  today: ['今天', '今日', '当天', 'today'],
  yesterday: ['昨天', '昨日', 'yesterday'],
  this_week: ['本周', '这周', '这一周', '本星期', '这个星期', 'this week'],
  last_week: ['上周', '上一周', '上星期', '上个星期', 'last week'],
  this_month: ['本月', '这个月', '当月', 'this month'],
  last_month: ['上月', '上个月', 'last month'],
  this_quarter: ['本季度', '本季', '这个季度', '当季', 'this quarter'],
  last_quarter: ['上季度', '上季', '上个季度', 'last quarter'],
  this_year: ['今年', '本年', '本年度', 'this year'],
  last_year: ['去年', '上年', '上一年', 'last year'],
}
const periods = new Map(Object.entries(named).flatMap(([period, words]) => words.map((w) => [w, period])))

const numerals = '零一二三四五六七八九'

/** A small number, in digits or Chinese numerals up to 99; NaN where it is none. */
function small(s: string): number {
  if (/^\d+$/.test(s)) return Number(s)
  const m = /^([一二三四五六七八九])?(十)?([一二两三四五六七八九])?$/.exec(s)
  if (!s || !m) return Number.NaN
  const one = (c: string | undefined) => (c === '两' ? 2 : c ? numerals.indexOf(c) : 0)
  if (m[2]) return (m[1] ? one(m[1]) : 1) * 10 + one(m[3])
  return m[1] && m[3] ? Number.NaN : one(m[1] ?? m[3])
}

const pad = (n: number) => String(n).padStart(2, '0')
const iso = (d: Date) => `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`
const utc = (y: number, m: number, d: number) => new Date(Date.UTC(y, m - 1, d))

/** A day that exists, or nothing. */
function day(y: number, m: number, d: number): string | undefined {
  const at = utc(y, m, d)
  return at.getUTCMonth() === m - 1 && at.getUTCDate() === d && y >= 1900 && y <= 2200 ? iso(at) : undefined
}

/** A span as the server knows it: a day, a month, a quarter, a year, or one that moves with the day. */
function span(word: string, today: string): string | undefined {
  const w = word.toLowerCase()
  const moving = periods.get(w)
  if (moving) return moving
  const [y, m, d] = today.split('-').map(Number) as [number, number, number]
  if (w === '前天') return iso(utc(y, m, d - 2))
  if (w === '前年') return String(y - 2)
  let x =
    /^(?:最近|近|过去|last |past )(\d{1,3}|[一二两三四五六七八九十]{1,3}|半)(天|日|周|个?星期|个?月|年| ?days?| ?weeks?| ?months?| ?years?)$/.exec(
      w,
    )
  if (x) {
    const unit = /天|日|day/.test(x[2]!) ? 1 : /周|星期|week/.test(x[2]!) ? 7 : /月|month/.test(x[2]!) ? 30 : 365
    const n = x[1] === '半' ? (unit === 365 ? 182 : Number.NaN) : small(x[1]!) * unit
    return n > 0 && n <= 3660 ? `last_${n}_days` : undefined
  }
  x = /^((?:19|20)\d\d)年度?$/.exec(w)
  if (x) return x[1]
  x = /^(?:((?:19|20)\d\d)[年-]?|(今年|去年))?(?:第?([一二三四1-4])季度?|q([1-4]))$/.exec(w)
  if (x) {
    const q = x[4] ? Number(x[4]) : small(x[3]!)
    const asked = x[1] ? Number(x[1]) : x[2] === '去年' ? y - 1 : x[2] === '今年' ? y : undefined
    return `${asked ?? (q > Math.ceil(m / 3) ? y - 1 : y)}-Q${q}`
  }
  x =
    /^(?:((?:19|20)\d\d)[年\-/.]|(今年|去年))?(\d{1,2}|[一二三四五六七八九十]{1,2})月份?$/.exec(w) ??
    /^((?:19|20)\d\d)()[-/.](\d{1,2})$/.exec(w)
  if (x) {
    const month = small(x[3]!)
    if (!(month >= 1 && month <= 12)) return undefined
    const asked = x[1] ? Number(x[1]) : x[2] === '去年' ? y - 1 : x[2] === '今年' ? y : undefined
    return `${asked ?? (month > m ? y - 1 : y)}-${pad(month)}` // of the last twelve months
  }
  x = /^((?:19|20)\d\d)[年\-/.](\d{1,2})[月\-/.](\d{1,2})[日号]?$/.exec(w) ?? /^((?:19|20)\d\d)(\d\d)(\d\d)$/.exec(w)
  if (x) return day(Number(x[1]), Number(x[2]), Number(x[3]))
  x = /^(\d{1,2})月(\d{1,2})[日号]$/.exec(w)
  if (x) {
    const here = day(y, Number(x[1]), Number(x[2]))
    return here && here > today ? day(y - 1, Number(x[1]), Number(x[2])) : here
  }
  return undefined
}

/** The first and the last day of a span. */
export function ends(period: string, today: string): [string, string] | undefined {
  const [y, m, d] = today.split('-').map(Number) as [number, number, number]
  const quarter = Math.floor((m - 1) / 3) * 3 + 1
  const monday = d - ((utc(y, m, d).getUTCDay() + 6) % 7)
  const of = (from: Date, until: Date): [string, string] => [iso(from), iso(until)]
  switch (period) {
    case 'today':
      return [today, today]
    case 'yesterday':
      return of(utc(y, m, d - 1), utc(y, m, d - 1))
    case 'this_week':
      return of(utc(y, m, monday), utc(y, m, monday + 6))
    case 'last_week':
      return of(utc(y, m, monday - 7), utc(y, m, monday - 1))
    case 'this_month':
      return of(utc(y, m, 1), utc(y, m + 1, 0))
    case 'last_month':
      return of(utc(y, m - 1, 1), utc(y, m, 0))
    case 'this_quarter':
      return of(utc(y, quarter, 1), utc(y, quarter + 3, 0))
    case 'last_quarter':
      return of(utc(y, quarter - 3, 1), utc(y, quarter, 0))
    case 'this_year':
      return of(utc(y, 1, 1), utc(y, 12, 31))
    case 'last_year':
      return of(utc(y - 1, 1, 1), utc(y - 1, 12, 31))
  }
  let x = /^last_(\d+)_days$/.exec(period)
  if (x) return of(utc(y, m, d + 1 - Number(x[1])), utc(y, m, d))
  x = /^(\d{4})-Q([1-4])$/.exec(period)
  if (x) return of(utc(Number(x[1]), Number(x[2]) * 3 - 2, 1), utc(Number(x[1]), Number(x[2]) * 3 + 1, 0))
  x = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(period)
  if (!x) return undefined
  const [year, month, date] = [Number(x[1]), Number(x[2]), Number(x[3])]
  if (x[3]) return of(utc(year, month, date), utc(year, month, date))
  return x[2] ? of(utc(year, month, 1), utc(year, month + 1, 0)) : of(utc(year, 1, 1), utc(year, 12, 31))
}

type When = Omit<Leaf, 'field'>

/** What a word says about days, or nothing: 上个月, 近30天, 3月, 2026-03-05, 1月到3月, 3月以来, 去年之前. */
export function when(word: string, today: string): When | undefined {
  const one = span(word, today)
  if (one) return { op: 'period', value: one }
  const open = /^(.+?)(以来|之后|以后|起|至今|之前|以前)$/.exec(word)
  if (open) {
    const s = span(open[1]!, today)
    const e = s && ends(s, today)
    if (!e) return undefined
    if (/前/.test(open[2]!)) {
      const [y, m, d] = e[0].split('-').map(Number) as [number, number, number]
      return { op: 'le', value: iso(utc(y, m, d - 1)) }
    }
    if (/后/.test(open[2]!)) {
      const [y, m, d] = e[1].split('-').map(Number) as [number, number, number]
      return { op: 'ge', value: iso(utc(y, m, d + 1)) }
    }
    return { op: 'ge', value: e[0] }
  }
  const parts = /^(.+?)(?:到|至|~|～|—|–|\.\.)(.+)$/.exec(word)
  if (parts) {
    const b = span(parts[2]!, today)
    const year = /^\d{4}/.exec(parts[1]!)?.[0]
    const a = span(parts[1]!, today) ?? (/^\d{1,2}$/.test(parts[1]!) && /月份?$/.test(parts[2]!) ? span(`${parts[1]}月`, today) : undefined)
    // 2025年1月到3月: the year is said once.
    const then = year && /^\d{1,2}月/.test(parts[2]!) ? (span(`${year}年${parts[2]}`, today) ?? b) : b
    const from = a && ends(a, today)
    const until = then && ends(then, today)
    if (from && until && from[0] <= until[1]) return { op: 'between', value: [from[0], until[1]] }
  }
  return undefined
}
