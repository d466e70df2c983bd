import { Link } from '@tanstack/react-router'
import { Check, Undo2, Unlink, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useKinds } from '../client/data'
import type { Money, Rec } from '../client/types'
import { money, percent } from '../field/format'
import { choiceLabel, kindLabel } from '../field/label'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { State, Tag } from '../ui/tag'
import { claims, dayOf, type Fact, type Match, type Of, otherOf, sureness, tones, type Verb, whoOf } from './match'

/** One match, seen from one side: what it is with, for how much, how sure, and why. */
export function MatchRow({
  match: m,
  side,
  other,
  may,
  chosen,
  busy,
  onChoose,
  onAnswer,
}: {
  match: Match
  side: 'receipt' | Of
  other?: Rec
  may: boolean
  chosen: boolean
  busy: boolean
  onChoose: () => void
  onAnswer: (verb: Verb) => void
}) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const { ref, kind: name } = otherOf(m, side)
  const kind = kinds.find((k) => k.kind === name)
  const state = kinds.find((k) => k.kind === 'match')?.fields.find((f) => f.name === 'state')
  const sure = sureness(m.confidence)
  const total = other?.amount as Money | null | undefined
  const part = total && m.amount && total.amount !== m.amount.amount
  const word = name === 'receipt' && side === 'receipt' ? t('choice.match.of.invoice') : kind ? kindLabel(kind) : ''
  return (
    <li
      onFocus={onChoose}
      onMouseDown={onChoose}
      className={cx('border-t border-line px-4 py-2.5', chosen && 'bg-picked')}
      aria-current={chosen ? 'true' : undefined}
    >
      <div className="flex items-baseline gap-2">
        <span className="shrink-0 text-xs text-muted">{word}</span>
        {kind ? (
          <Link to={`/${kind.plural}` as never} search={{ id: ref.id } as never} className="min-w-0 truncate font-medium hover:underline">
            {ref.title}
          </Link>
        ) : (
          <span className="min-w-0 truncate font-medium">{ref.title}</span>
        )}
        {ref.gone && <State tone="bad">{t('record.gone')}</State>}
        <span className="flex-1" />
        {total && <span className="figures shrink-0 font-medium">{money(total)}</span>}
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-0.5 pt-0.5 text-xs text-muted">
        {other && <span className="figures">{dayOf(other)}</span>}
        {other && <span className="max-w-[24ch] truncate">{whoOf(other)}</span>}
        {m.amount && (part || !other) && <span className="figures text-ink">{t('match.for', { amount: money(m.amount) })}</span>}
      </div>
      <ul aria-label={t('match.why')} className="flex flex-wrap gap-1 pt-1.5">
        {(m.reason ?? [])
          .filter((f) => f.by !== 'bias')
          .map((f) => (
            <li key={f.by} className="max-w-full">
              <Why fact={f} />
            </li>
          ))}
      </ul>
      <div className="flex flex-wrap items-center gap-2 pt-2">
        {state && <State tone={tones[m.state]}>{choiceLabel('match', state, m.state)}</State>}
        {m.state === 'proposed' && (
          <span className="flex items-center gap-2 text-xs text-muted">
            <span aria-hidden className="block h-[3px] w-16 overflow-hidden rounded-full bg-line">
              <span className={cx('block h-full', sure.ink)} style={{ width: percent(m.confidence) }} />
            </span>
            {t(sure.word)} {percent(m.confidence)}
          </span>
        )}
        <span className="flex-1" />
        {may && m.state === 'rejected' && (
          <Button icon={Undo2} disabled={busy} onClick={() => onAnswer('undo')}>
            {t('match.unreject')}
          </Button>
        )}
        {may && claims(m) && (
          <Button icon={Unlink} disabled={busy} onClick={() => onAnswer('reject')}>
            {t('match.part')}
          </Button>
        )}
        {may && m.state === 'proposed' && (
          <Button icon={X} disabled={busy} keys={chosen ? 'R' : undefined} onClick={() => onAnswer('reject')}>
            {t('match.reject')}
          </Button>
        )}
        {may && (m.state === 'proposed' || m.state === 'automatic') && (
          <Button
            icon={Check}
            tone={m.state === 'proposed' && chosen ? 'primary' : 'plain'}
            keys={m.state === 'proposed' && chosen ? 'Enter' : undefined}
            disabled={busy}
            onClick={() => onAnswer('confirm')}
          >
            {t('match.confirm')}
          </Button>
        )}
      </div>
    </li>
  )
}

/** One thing that speaks for a match or against it. */
function Why({ fact }: { fact: Fact }) {
  const { t } = useTranslation()
  const points = fact.by === 'person' ? '' : ` ${fact.points > 0 ? '+' : '−'}${Math.abs(fact.points)}`
  return (
    <Tag tone={fact.points < 0 ? 'warn' : 'plain'}>
      {t(`match.by.${fact.by}`)}
      <span className="figures text-muted">{points}</span>
    </Tag>
  )
}
