import type { ReactNode } from 'react'
import { cx } from './cx'

export type Tone = 'plain' | 'accent' | 'ok' | 'warn' | 'bad' | 'violet'

const tints: Record<Tone, string> = {
  plain: 'bg-tag text-ink',
  accent: 'bg-accent-tint text-accent',
  ok: 'bg-ok-tint text-ok',
  warn: 'bg-warn-tint text-warn',
  bad: 'bg-bad-tint text-bad',
  violet: 'bg-violet-tint text-violet',
}
const inks: Record<Tone, string> = {
  plain: 'text-muted',
  accent: 'text-accent',
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad',
  violet: 'text-violet',
}

export function Tag({ tone = 'plain', children, className }: { tone?: Tone; children: ReactNode; className?: string }) {
  return (
    <span className={cx('inline-block max-w-full truncate rounded-[4px] px-1.5 py-px align-middle text-xs', tints[tone], className)}>
      {children}
    </span>
  )
}

/** A state: a dot and a word, never the colour alone. */
export function State({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={cx('inline-flex max-w-full items-center gap-1.5 whitespace-nowrap text-xs', inks[tone])}>
      <i className="size-1.5 shrink-0 rounded-full bg-current" />
      <span className="truncate">{children}</span>
    </span>
  )
}
