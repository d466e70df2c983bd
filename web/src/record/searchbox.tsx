import { useNavigate } from '@tanstack/react-router'
import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Kind } from '../client/types'
import { kindLabel } from '../field/label'
import { Kbd } from '../ui/button'
import { useCommands } from '../ui/command'
import { composing } from '../ui/key'
import { Chips } from './chips'
import { type Reading, take } from './understand'
import { Understood, useUnderstood } from './understood'
import type { View } from './view'

const pause = 250

/**
 * Words and, before them, the chips of what else narrows the list. What is typed is read as well: dates, amounts, categories, people become conditions on
 * Enter, shown before; nothing is guessed where two readings are possible.
 */
export function SearchBox({
  kind,
  view,
  onChange,
  onEdit,
  apart,
}: {
  kind: Kind
  view: View
  onChange: (v: Partial<View>) => void
  onEdit: () => void
  /** Whether the chips stand elsewhere. */
  apart: boolean
}) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(view.q ?? '')
  const sent = useRef(view.q ?? '')
  useEffect(() => {
    // The address changed by other hands: follow it.
    if ((view.q ?? '') !== sent.current) {
      sent.current = view.q ?? ''
      setText(sent.current)
    }
  }, [view.q])
  const composingNow = useRef(false)
  const [settled, settle] = useState(text)
  const pieces = useUnderstood(kind, settled)
  const [open, setOpen] = useState(false)
  const [chosen, choose] = useState<Record<number, number>>({})
  const legible = settled === text && settled !== sent.current && pieces.some((p) => p.readings.some((r) => !own(r, kind)))
  useEffect(() => {
    if (composingNow.current) return
    const timer = setTimeout(() => {
      settle(text)
      choose({})
    }, 120)
    return () => clearTimeout(timer)
  }, [text])
  useEffect(() => {
    // Letters of a pinyin not yet turned into words are no search; nor is what will be conditions.
    if (text === sent.current || composingNow.current || settled !== text || pieces.some((p) => p.sure)) return
    const timer = setTimeout(() => send(text), pause)
    return () => clearTimeout(timer)
  }, [text, settled, pieces])
  const apply = () => {
    const { filters, words, kind: other } = take(pieces, chosen)
    if (settled !== text || (filters.length === 0 && !other)) return send(text)
    sent.current = words
    setText(words)
    setOpen(false)
    const parts = [...(!view.where ? [] : 'and' in view.where ? view.where.and : [view.where]), ...filters]
    const where = parts.length > 1 ? { and: parts } : parts[0]
    if (other && other.kind !== kind.kind) {
      // What was said of this kind may mean nothing there: it is read there anew.
      const rest = pieces.filter((p) => !p.readings.some((r) => 'kind' in r)).map((p) => p.text)
      navigate({ to: '/$plural', params: { plural: other.plural }, search: { q: rest.join(' ') || undefined } as never })
    } else onChange({ where, q: words || undefined })
    input.current?.focus()
  }
  const send = (q: string) => {
    if (q === sent.current) return
    sent.current = q
    onChange({ q: q.trim() || undefined })
  }
  useCommands([
    {
      id: 'list.search',
      title: t('act.search_in', { kind: kindLabel(kind) }),
      keys: ['/'],
      group: 'list',
      run: () => input.current?.focus(),
    },
  ])
  return (
    <search
      onFocus={() => setOpen(true)}
      onBlur={(e) => !e.currentTarget.contains(e.relatedTarget) && setOpen(false)}
      className="relative flex h-7 min-w-28 max-w-[520px] flex-[1_1_360px] items-center gap-1.5 rounded-md border border-edge bg-panel pl-2 focus-within:border-accent focus-within:ring-1 focus-within:ring-accent max-md:h-11 max-md:basis-24"
    >
      <Search size={14} aria-hidden className="shrink-0 text-muted" />
      {!apart && (
        <div className="min-w-0 max-w-[70%]">
          <Chips kind={kind} view={view} onChange={onChange} onEdit={onEdit} />
        </div>
      )}
      <input
        ref={input}
        type="search"
        value={text}
        aria-label={t('act.search_in', { kind: kindLabel(kind) })}
        placeholder={t(`search.${kind.kind}`, t('search.any'))}
        onChange={(e) => {
          setText(e.target.value)
          setOpen(true)
        }}
        onCompositionStart={() => {
          composingNow.current = true
        }}
        onCompositionEnd={(e) => {
          composingNow.current = false
          const typed = e.currentTarget.value
          setText(typed)
          settle(typed)
          choose({})
        }}
        onKeyDown={(e) => {
          if (composing(e)) return
          if (e.key === 'Enter') apply()
          if (e.key === 'Escape') {
            if (open && legible) setOpen(false)
            else if (text) setText('')
            else input.current?.blur()
            e.stopPropagation()
          }
        }}
        className="h-full w-16 min-w-16 flex-1 bg-transparent outline-none max-md:text-[16px]"
      />
      {text ? (
        <button
          type="button"
          aria-label={t('act.clear')}
          onClick={() => setText('')}
          className="mr-0.5 grid size-6 place-items-center rounded-[4px] text-muted hover:bg-hover max-md:size-10"
        >
          <X size={13} aria-hidden />
        </button>
      ) : (
        <span className="pr-1.5">
          <Kbd>/</Kbd>
        </span>
      )}
      {open && legible && (
        <Understood
          kind={kind}
          pieces={pieces}
          chosen={chosen}
          onChoose={(piece, reading) => choose((old) => ({ ...old, [piece]: reading }))}
          onApply={apply}
        />
      )}
    </search>
  )
}

/** The kind's own name among the words says nothing new. */
function own(r: Reading, kind: Kind): boolean {
  return 'kind' in r && r.kind.kind === kind.kind
}
