import type { Dimension, Field, Filter, Kind, Leaf } from '../client/types'
import { band } from '../field/format'
import { choiceLabel, fieldLabel, kindLabel, offered } from '../field/label'
import { opsOf } from '../field/ops'
import { sum } from './sum'
import { when } from './when'

/** What the box knows when it reads what somebody typed. */
export interface Sense {
  kind: Kind
  kinds: Kind[]
  dimensions: Dimension[]
  /** Records that go by a name, by the kind of what they are: people, customers. */
  called: (name: string) => { id: string; title: string; kind: string }[]
  /** The day, as 2026-11-22. */
  today: string
}

/** One way to take a word: as a condition, or as the kind to look among. */
export type Reading = { filter: Filter } | { kind: Kind }

/** A part of what was typed. Without readings it stays a word. Sure ones become conditions by themselves, the others wait to be chosen. */
export interface Piece {
  text: string
  readings: Reading[]
  sure: boolean
}

const word = (text: string): Piece => ({ text, readings: [], sure: false })
const plain = (s: string) => s.trim().toLowerCase()

/** Reads what was typed, part by part, in order. */
export function understand(text: string, s: Sense): Piece[] {
  if (text.length > 400) return [word(text)]
  const tokens = text.split(/[\s,，、;；]+(?!\d{3}(?!\d))/).filter(Boolean)
  const out: Piece[] = []
  for (let i = 0; i < tokens.length; ) {
    // Up to four tokens may be one: "last 30 days", "金额 > 1万".
    let n = Math.min(4, tokens.length - i)
    let found: Piece[] | undefined
    for (; n > 0 && !found; n--) {
      const joined = tokens.slice(i, i + n).join(' ')
      const one = read(joined, s) ?? (n > 1 ? read(joined.replace(/ /g, ''), s) : undefined)
      found = one ? [one] : n === 1 ? segments(joined, s, 3) : undefined
      if (found) break
    }
    out.push(...(found ?? [word(tokens[i]!)]))
    i += found ? n : 1
  }
  return out
}

/** Takes a run of characters apart where all of it can be read: 上个月大额. */
function segments(text: string, s: Sense, most: number): Piece[] | undefined {
  if (most <= 1 || text.length > 24 || !/[^\p{ASCII}]/u.test(text)) return undefined
  for (let at = text.length - 1; at > 0; at--) {
    const head = read(text.slice(0, at), s)
    if (!head?.sure) continue
    const rest = text.slice(at)
    const one = read(rest, s)
    const tail = one?.sure ? [one] : segments(rest, s, most - 1)
    if (tail) return [head, ...tail]
  }
  return undefined
}

function read(text: string, s: Sense): Piece | undefined {
  const not = /^(?:不是|不属于|不含|排除|除了|非|not |-(?=\D))(.+)$/i.exec(text)
  if (not) {
    const inner = read(not[1]!.trim(), s)
    const negated = inner?.readings.flatMap((r) => ('filter' in r ? [{ filter: { not: r.filter } }] : [])) ?? []
    if (inner && negated.length > 0) return { text, readings: negated, sure: inner.sure }
  }
  return absent(text, s) ?? labelled(text, s) ?? day(text, s) ?? size(text, s) ?? value(text, s) ?? name(text, s) ?? other(text, s)
}

const usable = (f: Field) =>
  opsOf(f.type).length > 0 && !['id', 'version', 'title', 'deleted_at', 'business_key', 'sha256'].includes(f.name)

function labels(s: Sense): [string, Field][] {
  return s.kind.fields.filter(usable).flatMap((f): [string, Field][] => {
    const said = [plain(fieldLabel(s.kind.kind, f))]
    const d = f.dimension ? s.dimensions.find((x) => x.id === f.dimension) : undefined
    if (d) said.push(plain(d.title))
    return [...new Set(said)].filter(Boolean).map((w) => [w, f])
  })
}

/** 未关联订单, 没有客户, 已关联订单, no order, 备注为空. */
function absent(text: string, s: Sense): Piece | undefined {
  const t = plain(text)
  const x =
    /^(未|没有|没|无|缺少|缺|尚未|no |without )(?:关联|填写|填|对应|绑定|匹配|指定)?(.+)$/.exec(t) ??
    /^(已|有|with |has )(?:关联|填写|填|对应|绑定|匹配|指定)?(.+)$/.exec(t) ??
    /^()(.+?)(?:为空|是空的|未填|没填| is empty)$/.exec(t)
  if (!x) return undefined
  const op = /^(已|有|with |has )$/.test(x[1]!) ? 'present' : 'empty'
  return among(
    text,
    labels(s)
      .filter(([w, f]) => (w === x[2]!.trim() || `${w}s` === x[2]!.trim()) && opsOf(f.type).includes(op))
      .map(([, f]) => ({ field: f.name, op })),
  )
}

/** A field's name before what is said of it: 金额>1万, 下单时间:上个月, 阶段=已完成, 付款户名:恒泰. */
function labelled(text: string, s: Sense): Piece | undefined {
  const t = plain(text)
  const found: Leaf[] = []
  for (const [label, f] of labels(s)) {
    if (!t.startsWith(label) || t.length <= label.length) continue
    const rest = text.trim().slice(label.length).trim()
    const said = rest.replace(/^[:：=＝]\s*/, '')
    if (f.type === 'date' || f.type === 'time') found.push(...asDay(f, said, s))
    else if (f.type === 'money' || f.type === 'int' || f.type === 'float') found.push(...asSize(f, rest.replace(/^[:：]\s*/, ''), true))
    else if (f.type === 'choice' || f.type === 'choices' || f.type === 'category') found.push(...asValue(f, said, s))
    else if (f.type === 'ref')
      found.push(
        ...s
          .called(said)
          .filter((r) => r.kind === f.ref)
          .map((r) => is(f, r)),
      )
    else if (said !== rest && said) found.push({ field: f.name, op: opsOf(f.type).includes('contains') ? 'contains' : 'eq', value: said })
  }
  return among(text, found)
}

function asDay(f: Field, text: string, s: Sense): Leaf[] {
  const w = when(text, s.today)
  if (!w) return []
  return [{ field: f.name, ...w }]
}

function asSize(f: Field, text: string, named: boolean): Leaf[] {
  const n = sum(text) ?? (named ? sum(`=${text}`) : undefined)
  if (!n || (n.money && n.currency && f.type !== 'money')) return []
  const one = (v: string) => (f.type === 'money' ? { amount: v, currency: n.currency ?? 'CNY' } : Number(v))
  return [{ field: f.name, op: n.op, value: Array.isArray(n.value) ? n.value.map(one) : one(n.value as string) }]
}

function asValue(f: Field, text: string, s: Sense): Leaf[] {
  const t = plain(text)
  if (f.type !== 'category')
    return offered(f)
      .filter((c) => plain(choiceLabel(s.kind.kind, f, c)) === t)
      .map((c) => ({ field: f.name, op: 'in', value: [c] }))
  const d = s.dimensions.find((x) => x.id === f.dimension)
  return (d?.categories ?? [])
    .filter((c) => !c.retired && [c.title, band(c.title), ...aliases(c.aliases)].some((w) => plain(w) === t))
    .map((c) => ({ field: f.name, op: 'under', value: c.id }))
}

const aliases = (a: string | string[] | undefined) => (Array.isArray(a) ? a : (a ?? '').split(/[\n,，;；、]+/))

/** A span of days is of the day that the kind lives by; its other dates are offered. */
function day(text: string, s: Sense): Piece | undefined {
  const main = ['dated_on', 'paid_on', 'ordered_on', 'booked_on', 'due_on', 'happened_at', 'opened_at', 'since']
  const dates = s.kind.fields.filter((f) => (f.type === 'date' || main.includes(f.name)) && (!f.system || main.includes(f.name)))
  const of = dates.length > 0 ? dates : s.kind.fields.filter((f) => f.name === 'created_at')
  const rank = (f: Field) => (main.includes(f.name) ? main.indexOf(f.name) : 99)
  const found = [...of].sort((a, b) => rank(a) - rank(b)).flatMap((f) => asDay(f, text, s))
  return found.length > 0 ? { text, readings: found.map((filter) => ({ filter })), sure: true } : undefined
}

function size(text: string, s: Sense): Piece | undefined {
  const n = sum(text)
  if (!n) return undefined
  const money = s.kind.fields.filter((f) => f.type === 'money' && !f.system)
  const main = money.find((f) => f.name === 'amount')
  const of = main ? [main, ...money.filter((f) => f !== main)] : money
  const found = of.flatMap((f) => asSize(f, text, false))
  // A bare 1万 may be meant exactly, or at least.
  const readings = n.sure ? found : found.flatMap((leaf) => [leaf, { ...leaf, op: 'ge' }, { ...leaf, op: 'le' }])
  return readings.length > 0
    ? { text, readings: readings.map((filter) => ({ filter })), sure: n.sure && (found.length === 1 || !!main) }
    : undefined
}

/** A category by its title or alias, a choice by its word. */
function value(text: string, s: Sense): Piece | undefined {
  return among(
    text,
    s.kind.fields
      .filter(usable)
      .flatMap((f) => (f.type === 'choice' || f.type === 'choices' || f.type === 'category' ? asValue(f, text, s) : [])),
  )
}

/** The name goes along, so that the address can be read; the server takes the id. */
const is = (f: Field, r: { id: string; title: string }): Leaf => ({ field: f.name, op: 'eq', value: { id: r.id, title: r.title } })

/** A person or another record by name; several may go by it, in several roles. */
function name(text: string, s: Sense): Piece | undefined {
  const me = /^(我的?|me|mine)$/i.test(text)
  const found = s.kind.fields
    .filter((f) => f.type === 'ref' && usable(f))
    .flatMap((f): Leaf[] => {
      if (me) return f.ref === 'user' && ['owner', 'assignee'].includes(f.name) ? [{ field: f.name, op: 'eq', value: '$me' }] : []
      return s
        .called(text)
        .filter((r) => r.kind === f.ref)
        .map((r) => is(f, r))
    })
  const exact = found.filter((l) => l.value === '$me' || plain((l.value as { title: string }).title) === plain(text))
  return found.length > 0
    ? { text, readings: found.map((filter) => ({ filter })), sure: exact.length === 1 && found.length === 1 }
    : undefined
}

/** A kind's own name is nothing to look for in it; another's leads there. */
function other(text: string, s: Sense): Piece | undefined {
  const kind = s.kinds.find((k) => plain(kindLabel(k)) === plain(text))
  return kind && { text, readings: [{ kind }], sure: kind.kind === s.kind.kind }
}

function among(text: string, found: Leaf[]): Piece | undefined {
  return found.length > 0 ? { text, readings: found.map((filter) => ({ filter })), sure: found.length === 1 } : undefined
}

/** What narrows a list when the sure readings, or those chosen by place, are taken; the rest are words. */
export function take(pieces: Piece[], chosen: Record<number, number>): { filters: Filter[]; words: string; kind?: Kind } {
  const filters: Filter[] = []
  const words: string[] = []
  let kind: Kind | undefined
  for (const [i, p] of pieces.entries()) {
    const at = chosen[i] ?? (p.sure ? 0 : -1)
    const r = p.readings[at]
    if (!r) words.push(p.text)
    else if ('filter' in r) filters.push(r.filter)
    else kind = r.kind
  }
  return { filters, words: words.join(' '), kind }
}
