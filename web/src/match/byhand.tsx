import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, Problem, tell, words } from '../client/call'
import { useKinds } from '../client/data'
import type { Filter, Money, Page, Rec } from '../client/types'
import { money } from '../field/format'
import { digits } from '../field/input'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { Segments } from '../ui/segments'
import { say, warn } from '../ui/toast'
import { Skeleton, useSettled } from '../ui/wait'
import { answer, claimedOf, claims, dayOf, kindOf, type Match, type Of, openOf, staleAll, sumOf, type Verb, where, whoOf } from './match'

const slip = where('type', 'in', ['slip', 'voucher'])

/** What may be on the other side, before anything is typed: of the same customer and open, or of the very amount. */
function likely(record: Rec, side: 'receipt' | Of, of: Of): Filter {
  const amount = where('amount', 'eq', record.amount)
  const who = record.customer ? where('customer', 'eq', (record.customer as { id: string }).id) : undefined
  const or = (...fs: (Filter | undefined)[]): Filter => ({ or: fs.filter((f): f is Filter => !!f) })
  if (side !== 'receipt') {
    const free = of === 'order' ? where('allotted', 'empty') : of === 'invoice' ? where('invoiced', 'empty') : undefined
    return { and: [slip, ...(free ? [free] : []), of === 'entry' ? amount : or(who, amount)] }
  }
  if (of === 'order') return { and: [where('paid', 'empty'), or(who, amount)] }
  if (of === 'invoice') return { and: [where('type', 'eq', 'invoice'), or(who, amount)] }
  return { and: [where('slipped', 'empty'), amount] }
}

/** Matches a record by hand: find the other side, say for how much. */
export function ByHand({
  record,
  side,
  matches,
  onClose,
  onMade,
}: {
  record: Rec
  side: 'receipt' | Of
  matches: Match[]
  onClose: () => void
  onMade?: (m: Match, verb: Verb) => void
}) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const [of, setOf] = useState<Of>(side === 'receipt' ? 'order' : side)
  const [typed, setTyped] = useState('')
  const q = useSettled(typed.trim(), 250)
  const [picked, setPicked] = useState<Rec>()
  const [amount, setAmount] = useState('')
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  const kind = kinds.find((k) => k.kind === (side === 'receipt' ? kindOf[of] : 'receipt'))
  const base = side !== 'receipt' ? slip : of === 'invoice' ? where('type', 'eq', 'invoice') : undefined
  const found = useQuery({
    queryKey: [kind?.kind, 'match', record.id, side, of, q],
    enabled: !!kind,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      post<Page<Rec>>(`/${kind!.plural}:query`, q ? { q, filter: base, limit: 20 } : { filter: likely(record, side, of), limit: 20 }, {
        signal,
      }),
  })
  const rows = (found.data?.data ?? []).filter((r) => r.id !== record.id)
  const mine = openOf(record.amount as Money, sumOf(matches.filter((m) => claims(m) && (side !== 'receipt' || m.of === of))))
  const open = (r: Rec) => openOf(r.amount as Money | null, claimedOf(r, of))
  const least = (a: Money | null, b: Money | null) => (!a || !b ? (a ?? b) : Number(a.amount) < Number(b.amount) ? a : b)
  const pick = (r: Rec) => {
    setPicked(r)
    setWrong('')
    setAmount(least(mine, open(r))?.amount ?? '')
  }
  const make = async () => {
    const other = picked!
    setBusy(true)
    setWrong('')
    try {
      const m = await post<Match>('/matches', {
        receipt: side === 'receipt' ? record.id : other.id,
        [of]: side === 'receipt' ? other.id : record.id,
        ...(amount ? { amount: { amount: digits(amount), currency: (record.amount as Money).currency } } : {}),
      })
      staleAll()
      say(t('match.made', { title: other.title }), { title: t('act.undo'), run: () => answer(m, 'reject').catch((e) => warn(tell(e))) })
      onMade?.(m, 'confirm')
      onClose()
    } catch (e) {
      if (e instanceof Problem && Object.keys(e.fields).length > 0) setWrong(Object.values(e.fields).map(words).join(' '))
      else setWrong(tell(e))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('match.hand')}
      note={t('match.hand_note', { title: record.title })}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" busy={busy} disabled={!picked} onClick={make}>
            {t('match.make')}
          </Button>
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-2 pb-2">
        {side === 'receipt' && (
          <Segments
            label={t('match.with')}
            value={of}
            options={(['order', 'invoice', 'entry'] as const).map((o) => [o, t(`choice.match.of.${o}`)])}
            onChange={(v) => {
              setOf(v as Of)
              setPicked(undefined)
            }}
          />
        )}
        <span className="relative flex min-w-48 flex-1">
          <Search size={14} aria-hidden className="pointer-events-none absolute left-2.5 top-1/2 -translate-y-1/2 text-muted" />
          <input
            type="search"
            className="control w-full pl-8"
            aria-label={t('match.find')}
            placeholder={t('match.find')}
            value={typed}
            onChange={(e) => setTyped(e.target.value)}
          />
        </span>
      </div>
      {!found.data ? (
        <Skeleton lines={5} />
      ) : rows.length === 0 ? (
        <p className="py-6 text-center text-muted">{t(q ? 'match.not_found' : 'match.nothing_near')}</p>
      ) : (
        <div role="radiogroup" aria-label={t('match.with')} className="max-h-72 overflow-auto rounded-md border border-line">
          {rows.map((r) => (
            <div key={r.id} className="border-t border-line first:border-t-0">
              <label
                className={cx(
                  'flex min-h-11 cursor-pointer items-center gap-3 px-3 py-1',
                  picked?.id === r.id ? 'bg-picked' : 'hover:bg-hover',
                )}
              >
                <input type="radio" name="other" checked={picked?.id === r.id} onChange={() => pick(r)} />
                <span className="min-w-0 flex-1">
                  <span className="block truncate">{r.title}</span>
                  <span className="figures block truncate text-xs text-muted">
                    {dayOf(r)} · {whoOf(r)}
                  </span>
                </span>
                <span className="figures shrink-0 text-right">
                  {money(r.amount as Money | null)}
                  {claimedOf(r, of) && <span className="block text-xs text-muted">{t('match.left', { amount: money(open(r)) })}</span>}
                </span>
              </label>
            </div>
          ))}
        </div>
      )}
      {picked && (
        <Row
          label={t('field.match.amount')}
          error={wrong}
          note={mine ? t('match.left', { amount: money(mine) }) : undefined}
          className="max-w-60 pt-3"
        >
          {(ids) => (
            <input
              {...ids}
              className="control w-full text-right"
              inputMode="decimal"
              value={amount}
              onChange={(e) => setAmount(e.target.value)}
            />
          )}
        </Row>
      )}
      {!picked && wrong && <p className="pt-2 text-bad">{wrong}</p>}
    </Dialog>
  )
}
