import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { get, post } from '../client/call'
import { useDimensions, useKinds } from '../client/data'
import type { Kind, Page, Rec } from '../client/types'
import { moment } from '../field/format'
import { kindLabel } from '../field/label'
import { describe, paths } from '../field/ops'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { named } from './names'
import { type Piece, type Reading, type Sense, take, understand } from './understand'

interface Hit {
  id: string
  kind: string
  title: string
}

const names = 3 // parts that are looked up as names at a time
const each = 3 // of a kind that go by one name

/** What a text means in a kind's list. Names are looked up beside the typing: until they are there, a part is a word. */
export function useUnderstood(kind: Kind, text: string): Piece[] {
  const kinds = useKinds()
  const dimensions = useDimensions().data?.data
  const today = moment(new Date().toISOString()).slice(0, 10)
  const sense: Sense = useMemo(
    () => ({ kind, kinds, dimensions: dimensions ?? [], called: () => [], today }),
    [kind, kinds, dimensions, today],
  )
  const asked = useMemo(() => {
    if (!text.trim()) return []
    const open = understand(text, sense).filter((p) => p.readings.length === 0)
    const said = open.map((p) => p.text.replace(/^.*[:：=＝]/, '')).filter((w) => /^[\p{L}·（）()\- ]{2,40}$/u.test(w))
    return [...new Set(said)].slice(0, names)
  }, [text, sense])
  const found = useQueries({
    queries: asked.map((q) => ({
      queryKey: ['search', 'named', q],
      staleTime: 60_000,
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Hit[]> => {
        const users = post<Page<Rec>>('/users:query', { q, filter: { field: 'disabled', op: 'ne', value: true }, limit: 8 }, { signal })
        const hits = get<{ data: Hit[] }>(`/search?q=${encodeURIComponent(q)}&limit=20`, signal)
        const [u, h] = await Promise.all([users, hits])
        return [...u.data.map((r) => ({ id: r.id, kind: 'user', title: r.title })), ...h.data]
      },
    })),
    combine: (rs) => rs.map((r) => r.data),
  })
  return useMemo(() => {
    const called = (name: string) => {
      const w = name.trim().toLowerCase()
      const hits = (found[asked.indexOf(name.trim())] ?? []).filter((h) => h.title.toLowerCase().includes(w))
      const many = new Map<string, number>()
      return hits.filter((h) => {
        const n = (many.get(h.kind) ?? 0) + 1
        many.set(h.kind, n)
        return n <= each
      })
    }
    return text.trim() ? understand(text, { ...sense, called }) : []
  }, [text, sense, asked, found])
}

/** The parts that can be taken as conditions, each with its readings, and what is left as words. */
export function Understood({
  kind,
  pieces,
  chosen,
  onChoose,
  onApply,
}: {
  kind: Kind
  pieces: Piece[]
  chosen: Record<number, number>
  onChoose: (piece: number, reading: number) => void
  onApply: () => void
}) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const all = useMemo(() => paths(kind, kinds), [kind, kinds])
  const say = (r: Reading) => ('filter' in r ? describe(r.filter, all, named) : t('understand.in', { kind: kindLabel(r.kind) }))
  const { words } = take(pieces, chosen)
  return (
    <section
      aria-label={t('understand.label')}
      className="popup absolute inset-x-0 top-full z-50 mt-1 flex min-w-72 flex-col gap-2 p-3 max-md:fixed max-md:inset-x-2 max-md:top-12"
    >
      <ul className="flex max-h-[50vh] flex-col gap-2 overflow-auto">
        {pieces.map((p, i) => {
          if (p.readings.length === 0) return null
          const at = chosen[i] ?? (p.sure ? 0 : -1)
          return (
            <li key={i} className="grid grid-cols-[88px_minmax(0,1fr)] items-baseline gap-2">
              <span className="truncate text-sm text-muted" title={p.text}>
                {p.text}
              </span>
              <span className="flex flex-wrap gap-1">
                {p.readings.slice(0, 6).map((r, n) => (
                  <Choice key={say(r)} on={at === n} onClick={() => onChoose(i, n)}>
                    {say(r)}
                  </Choice>
                ))}
                <Choice on={at < 0} plain onClick={() => onChoose(i, -1)}>
                  {t('understand.as_word')}
                </Choice>
              </span>
            </li>
          )
        })}
      </ul>
      <div className="flex items-center gap-2 border-t border-line pt-2">
        <span className="min-w-0 flex-1 truncate text-xs text-muted">{words ? t('understand.rest', { words }) : t('understand.hint')}</span>
        <Button tone="primary" onClick={onApply}>
          {t('understand.apply')}
        </Button>
      </div>
    </section>
  )
}

function Choice({ on, plain, onClick, children }: { on: boolean; plain?: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onClick}
      className={cx(
        'h-6 max-w-full truncate rounded-[4px] border px-1.5 text-xs max-md:h-9',
        on && !plain ? 'border-accent bg-accent-tint text-accent' : on ? 'border-edge bg-hover' : 'border-line text-muted hover:bg-hover',
      )}
    >
      {children}
    </button>
  )
}
