import i18next from 'i18next'
import { cache } from '../client/data'
import type { Money, Rec, Ref, Session } from '../client/types'

const signs: Record<string, string> = { CNY: '¥', USD: '$', EUR: '€', GBP: '£', HKD: 'HK$', JPY: 'JP¥' }

/** 491300.00 → 491,300.00, on the digits themselves: amounts are never floating point. */
export function group(amount: string): string {
  const [, sign = '', whole = '', rest = ''] = /^([-−]?)(\d+)(\.\d+)?$/.exec(amount) ?? []
  if (!whole) return amount
  return (sign ? '−' : '') + whole.replace(/\B(?=(\d{3})+$)/g, ',') + rest
}

export function money(m: Money | null | undefined): string {
  if (!m?.amount) return ''
  return `${signs[m.currency] ?? m.currency} ${group(m.amount)}`
}

/** In a column the usual currency goes without saying. */
export function bareMoney(m: Money | null | undefined): string {
  if (!m?.amount) return ''
  return m.currency === workspace().currency ? group(m.amount) : money(m)
}

export function count(n: number): string {
  return group(String(n))
}

function workspace() {
  return cache.getQueryData<Session | null>(['session'])?.workspace ?? { name: '', zone: 'Asia/Shanghai', currency: 'CNY' }
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** A moment on the workspace's clock: 2026-10-25 11:04. */
export function moment(at: string | null | undefined): string {
  if (!at) return ''
  const zone = workspace().zone || 'Asia/Shanghai'
  let clock = clocks.get(zone)
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    clocks.set(zone, clock)
  }
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return at
  const p = Object.fromEntries(clock.formatToParts(date).map((x) => [x.type, x.value]))
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`
}

/** How long ago a moment was, as people say it; after a week its day says more. */
export function ago(at: string): string {
  const s = (Date.now() - Date.parse(at)) / 1000
  if (s < 60) return i18next.t('talk.now')
  if (s >= 7 * 86400) return moment(at).slice(0, 10)
  const say = new Intl.RelativeTimeFormat(i18next.language, { numeric: 'auto' })
  if (s < 3600) return say.format(-Math.floor(s / 60), 'minute')
  return s < 86400 ? say.format(-Math.floor(s / 3600), 'hour') : say.format(-Math.floor(s / 86400), 'day')
}

/** A moment as the workspace's clock shows it, the way an input of date and time wants it. */
export function toWall(at: string): string {
  return at ? moment(at).replace(' ', 'T') : ''
}

/** What such an input says, as a moment: the wall clock's distance from UTC is found by asking it. */
export function fromWall(text: string): string | null {
  const asked = Date.parse(`${text}Z`)
  if (Number.isNaN(asked)) return null
  let at = asked
  for (let i = 0; i < 2; i++) at -= Date.parse(`${toWall(new Date(at).toISOString())}Z`) - asked
  return new Date(at).toISOString()
}

export function bytes(n: number): string {
  if (n < 1024) return `${n} B`
  if (n < 1024 * 1024) return `${(n / 1024).toFixed(0)} KB`
  const mega = n / 1024 / 1024
  return mega < 1024 ? `${Number(mega.toFixed(1))} MB` : `${Number((mega / 1024).toFixed(1))} GB`
}

export function percent(x: number): string {
  return `${Math.round(x * 100)}%`
}

export const isRef = (v: unknown): v is Ref => typeof v === 'object' && v !== null && 'id' in v && 'title' in v
export const isMoney = (v: unknown): v is Money => typeof v === 'object' && v !== null && 'amount' in v && 'currency' in v

/** Any value in one line of plain text, for histories, conflicts and titles. */
export function plain(v: unknown): string {
  if (v === null || v === undefined || v === '') return i18next.t('mark.none')
  if (Array.isArray(v))
    return v.every((x) => typeof x !== 'object' || isRef(x))
      ? v.map(plain).join(i18next.t('mark.comma'))
      : i18next.t('count.lines', { n: v.length })
  if (isMoney(v)) return money(v)
  if (isRef(v)) return v.title || v.id
  if (typeof v === 'boolean') return i18next.t(v ? 'mark.yes' : 'mark.no')
  if (typeof v === 'string' && /^\d{4}-\d\d-\d\dT/.test(v)) return moment(v)
  if (typeof v === 'object') return JSON.stringify(v)
  return String(v).replace(mention, '@$1')
}

/** A person is mentioned as @[name](id) where a text is kept, and as @name where it is typed or read. */
export const mention = /@\[([^[\]\n]{1,100})\]\((usr_[0-9a-z]+)\)/g

/** A band's title is made of its bounds (`≥ 10000 < 100000`): said the way people say amounts. */
export function band(title: string): string {
  const m = /^(?:≥ (-?[\d.]+))?\s*(?:< (-?[\d.]+))?$/.exec(title)
  if (!m || !(m[1] || m[2])) return title
  const say = (n: string) => {
    const whole = n.replace(/\.0+$/, '')
    return /0000$/.test(whole) && i18next.exists('band.wan') && i18next.language === 'zh-CN'
      ? i18next.t('band.wan', { n: group(whole.slice(0, -4)) })
      : group(whole)
  }
  if (m[1] && m[2]) return `${say(m[1])} – ${say(m[2])}`
  return m[1] ? `≥ ${say(m[1])}` : `< ${say(m[2]!)}`
}

export function titleOf(r: Rec): string {
  return r.title || i18next.t('mark.untitled')
}
