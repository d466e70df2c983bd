import { Link2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import { useMay } from '../client/data'
import type { Money, Rec } from '../client/types'
import { money } from '../field/format'
import { Button } from '../ui/button'
import { useCommands } from '../ui/command'
import { say, warn } from '../ui/toast'
import { ByHand } from './byhand'
import { answer, claims, type Match, openOf, sideOf, sumOf, useMatches, useOthers, type Verb } from './match'
import { MatchRow } from './row'

/** What a slip, order, invoice or statement line is matched with: answered here, or matched by hand. */
export function Matches({ record, keys, onAnswered }: { record: Rec; keys?: boolean; onAnswered?: (m: Match, verb: Verb) => void }) {
  const { t } = useTranslation()
  const may = useMay('receipt', 'update')
  const side = sideOf(record)
  const { data, error } = useMatches(record)
  const all = data?.data ?? []
  const others = useOthers(all, side)
  const [at, setAt] = useState(0)
  const [busy, setBusy] = useState(false)
  const [making, setMaking] = useState(false)
  const [rejected, setRejected] = useState(false)
  useEffect(() => {
    setAt(0)
    setRejected(false)
  }, [record.id])
  const shown = all.filter((m) => rejected || m.state !== 'rejected')
  const hidden = all.length - shown.length
  const chosen = shown[Math.min(at, shown.length - 1)]
  const say_ = async (m: Match | undefined, verb: Verb, again = false) => {
    if (!m || busy || !may) return
    setBusy(true)
    try {
      await answer(m, verb)
      onAnswered?.(m, verb)
      if (!again) say(t(`match.done_${verb}`), verb === 'undo' ? undefined : { title: t('act.undo'), run: () => say_(m, 'undo', true) })
    } catch (e) {
      warn(tell(e))
    } finally {
      setBusy(false)
    }
  }
  const rivals = shown.filter((m) => m.state === 'proposed' && m.of === chosen?.of).length
  const waiting = chosen?.state === 'proposed'
  useCommands(
    keys
      ? [
          { id: 'match.up', title: t('match.up'), keys: ['ArrowUp'], group: 'match', run: () => setAt(Math.max(0, at - 1)) },
          {
            id: 'match.down',
            title: t('match.down'),
            keys: ['ArrowDown'],
            group: 'match',
            run: () => setAt(Math.min(shown.length - 1, at + 1)),
          },
          {
            id: 'match.confirm',
            title: t('match.confirm'),
            keys: ['Enter'],
            group: 'match',
            disabled: !waiting || !may,
            run: () => say_(chosen, 'confirm'),
          },
          {
            id: 'match.reject',
            title: t('match.reject'),
            keys: ['r'],
            group: 'match',
            disabled: !waiting || !may,
            run: () => say_(chosen, 'reject'),
          },
          { id: 'match.hand', title: t('match.hand'), keys: ['m'], group: 'match', disabled: !may || !side, run: () => setMaking(true) },
        ]
      : [],
  )
  if (!side || record.deleted_at || record.status === 'draft') return null
  return (
    <section aria-label={t('nav.matching')} className="border-b border-line pb-2">
      <header className="flex min-h-10 flex-wrap items-center gap-x-3 px-4 pt-1">
        <h3 className="text-xs font-medium text-muted">{t('nav.matching')}</h3>
        <Sums record={record} matches={all} />
        <span className="flex-1" />
        {may && (
          <Button icon={Link2} tone="quiet" keys={keys ? 'M' : undefined} onClick={() => setMaking(true)}>
            {t('match.hand')}
          </Button>
        )}
      </header>
      {error ? (
        <p role="alert" className="px-4 py-2 text-bad">
          {tell(error)}
        </p>
      ) : (
        data && shown.length === 0 && <p className="border-t border-line px-4 py-2 text-muted">{t(`match.none_${side}`)}</p>
      )}
      {rivals > 1 && <p className="border-t border-line px-4 py-1.5 text-xs text-warn">{t('match.rivals', { n: rivals })}</p>}
      <ul>
        {shown.map((m, i) => (
          <MatchRow
            key={m.id}
            match={m}
            side={side}
            other={others[(side === 'receipt' ? m[m.of] : m.receipt)?.id ?? '']}
            may={may}
            chosen={!!keys && m === chosen}
            busy={busy}
            onChoose={() => setAt(i)}
            onAnswer={(verb) => say_(m, verb)}
          />
        ))}
      </ul>
      {(hidden > 0 || rejected) && (
        <button
          type="button"
          className="px-4 py-1.5 text-xs text-accent hover:underline max-md:h-11"
          onClick={() => setRejected(!rejected)}
        >
          {rejected ? t('match.hide_rejected') : t('match.show_rejected', { n: hidden })}
        </button>
      )}
      {data?.has_more && <p className="px-4 py-1 text-xs text-muted">{t('match.more')}</p>}
      {making && <ByHand record={record} side={side} matches={all} onClose={() => setMaking(false)} onMade={onAnswered} />}
    </section>
  )
}

/** How much of the amount is claimed, and what is open. */
function Sums({ record, matches }: { record: Rec; matches: Match[] }) {
  const { t } = useTranslation()
  const side = sideOf(record)
  const total = record.amount as Money | null | undefined
  if (!total) return null
  const lines =
    side === 'receipt'
      ? (['order', 'invoice', 'entry'] as const).map((of) => [of, matches.filter((m) => m.of === of && claims(m))] as const)
      : [[side!, matches.filter(claims)] as const]
  return (
    <>
      {lines
        .filter(([of, ms]) => ms.length > 0 || of === 'order' || side !== 'receipt')
        .map(([of, ms]) => {
          const left = openOf(total, sumOf(ms))
          const done = left && Number(left.amount) === 0
          return (
            <span key={of} className={`figures text-xs ${done ? 'text-ok' : 'text-muted'}`}>
              {side === 'receipt' && `${t(`choice.match.of.${of}`)} `}
              {done
                ? t('match.whole')
                : ms.length === 0
                  ? t('match.open', { amount: money(total) })
                  : t('match.left', { amount: money(left) })}
            </span>
          )
        })}
    </>
  )
}
