import { useQuery } from '@tanstack/react-query'
import { post } from '../client/call'
import { stale, useKinds } from '../client/data'
import type { Filter, Money, Page, Rec, Ref } from '../client/types'
import type { Tone } from '../ui/tag'

// A slip is matched with orders, invoices and lines of bank statements; each match says for how much, how sure, and why.

export type Of = 'order' | 'invoice' | 'entry'

export interface Fact {
  by: string
  points: number
  much: number
}

export interface Match extends Rec {
  receipt: Ref
  of: Of
  order: Ref | null
  invoice: Ref | null
  entry: Ref | null
  amount: Money | null
  confidence: number
  reason: Fact[] | null
  state: 'proposed' | 'automatic' | 'confirmed' | 'rejected' | 'withdrawn'
}

export type Verb = 'confirm' | 'reject' | 'undo'

/** The kind that a match's target is of. */
export const kindOf: Record<Of, string> = { order: 'order', invoice: 'receipt', entry: 'entry' }

const slips = ['slip', 'voucher']
export const isSlip = (r: Rec) => r.kind === 'receipt' && slips.includes(String(r.type))

/** The field of a match in which a record stands; none where it takes no part in matching. */
export function sideOf(r: Rec): 'receipt' | Of | undefined {
  if (isSlip(r)) return 'receipt'
  if (r.kind === 'receipt') return r.type === 'invoice' ? 'invoice' : undefined
  return r.kind === 'order' || r.kind === 'entry' ? r.kind : undefined
}

/** The other side of a match, seen from one of its fields. */
export function otherOf(m: Match, side: 'receipt' | Of): { ref: Ref; kind: string } {
  return side === 'receipt' ? { ref: m[m.of]!, kind: kindOf[m.of] } : { ref: m.receipt, kind: 'receipt' }
}

export const claims = (m: Match) => m.state === 'automatic' || m.state === 'confirmed'

const rank = { proposed: 0, confirmed: 1, automatic: 1, rejected: 2, withdrawn: 3 }

/** The matches of a record that a person may want to see, what waits for him first. */
export function useMatches(record: Rec) {
  const side = sideOf(record)
  return useQuery({
    queryKey: ['match', 'of', record.id],
    enabled: !!side,
    queryFn: async ({ signal }) => {
      const filter = {
        and: [
          { field: side!, op: 'eq', value: record.id },
          { field: 'state', op: 'ne', value: 'withdrawn' },
        ],
      }
      const page = await post<Page<Match>>('/matches:query', { filter, limit: 100 }, { signal })
      page.data.sort((a, b) => rank[a.state] - rank[b.state] || b.confidence - a.confidence)
      return page
    },
  })
}

/** The records on the other sides, by id: what is shown of them beside their titles. */
export function useOthers(matches: Match[], side: 'receipt' | Of | undefined): Record<string, Rec> {
  const kinds = useKinds()
  const ids: Record<string, string[]> = {}
  for (const m of side ? matches : []) {
    const { ref, kind } = otherOf(m, side!)
    ids[kind] = [...(ids[kind] ?? []), ref.id].sort()
  }
  const { data } = useQuery({
    queryKey: ['match', 'others', ids],
    enabled: Object.keys(ids).length > 0,
    queryFn: async ({ signal }) => {
      const out: Record<string, Rec> = {}
      await Promise.all(
        Object.entries(ids).map(async ([kind, of]) => {
          const k = kinds.find((x) => x.kind === kind)
          if (!k) return
          const page = await post<Page<Rec>>(`/${k.plural}:query`, { filter: { field: 'id', op: 'in', value: of }, limit: 100 }, { signal })
          for (const r of page.data) out[r.id] = r
        }),
      )
      return out
    },
  })
  return data ?? {}
}

/** What a match is made of lies in several kinds: an answer may change them all. */
export function staleAll(): void {
  for (const kind of ['match', 'receipt', 'order', 'entry']) stale(kind)
}

export async function answer(m: Match, verb: Verb): Promise<void> {
  await post(`/matches/${m.id}/${verb}`)
  staleAll()
}

export interface Answered {
  data: { id: string; ok: boolean; message?: string }[]
}

export async function answerAll(ids: string[], verb: Verb): Promise<Answered['data']> {
  const { data } = await post<Answered>('/matches:answer', { verb, ids })
  staleAll()
  return data
}

/** How sure a match is, in a word. */
export function sureness(confidence: number): { word: string; tone: Tone; ink: string } {
  if (confidence >= 0.95) return { word: 'match.sure', tone: 'ok', ink: 'bg-ok' }
  return confidence >= 0.75
    ? { word: 'match.likely', tone: 'warn', ink: 'bg-warn' }
    : { word: 'match.possible', tone: 'plain', ink: 'bg-muted' }
}

export const tones: Record<Match['state'], Tone> = {
  proposed: 'warn',
  automatic: 'accent',
  confirmed: 'ok',
  rejected: 'bad',
  withdrawn: 'plain',
}

/** Who stands on the other side of the money. */
export function whoOf(r: Rec): string {
  if (r.customer) return (r.customer as Ref).title
  if (r.kind === 'entry') return String(r.counter_name ?? '')
  if (r.type === 'invoice') return String(r[r.direction === 'in' ? 'seller_name' : 'buyer_name'] ?? '')
  return String(r[r.direction === 'out' ? 'payee_name' : 'payer_name'] ?? '')
}

export function dayOf(r: Rec): string {
  return String(r.paid_on ?? r.issued_on ?? r.ordered_on ?? r.booked_on ?? '')
}

/** How much of a record's amount matches of a sort claim; nothing is known of invoices, whose claims stand in their matches. */
export function claimedOf(r: Rec, of: Of): Money | null | undefined {
  if (r.kind === 'order') return r.paid as Money | null
  if (r.kind === 'entry') return r.slipped as Money | null
  if (!isSlip(r)) return undefined
  return of === 'order' ? (r.allotted as Money | null) : of === 'invoice' ? (r.invoiced as Money | null) : undefined
}

const cents = (m: Money | null | undefined) => (m ? Math.round(Number(m.amount) * 100) : 0)

/** What of an amount is still open; in the currency's main unit. */
export function openOf(total: Money | null | undefined, claimed: Money | null | undefined): Money | null {
  if (!total) return null
  return { amount: ((cents(total) - cents(claimed)) / 100).toFixed(2), currency: total.currency }
}

export const sumOf = (ms: Match[]): Money | null => {
  const first = ms.find((m) => m.amount)?.amount
  return first ? { amount: (ms.reduce((n, m) => n + cents(m.amount), 0) / 100).toFixed(2), currency: first.currency } : null
}

export const where = (field: string, op: string, value?: unknown): Filter => ({ field, op, ...(value === undefined ? {} : { value }) })
