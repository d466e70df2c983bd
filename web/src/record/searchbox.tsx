import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Kind } from '../client/types'
import { kindLabel } from '../field/label'
import { Kbd } from '../ui/button'
import { useCommands } from '../ui/command'
import { composing } from '../ui/key'
import { Chips } from './chips'
import type { View } from './view'

const pause = 250

/** Words and, before them, the chips of what else narrows the list. */
export function SearchBox({
  kind,
  view,
  onChange,
  narrow,
}: {
  kind: Kind
  view: View
  onChange: (v: Partial<View>) => void
  narrow: boolean
}) {
  const { t } = useTranslation()
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
  useEffect(() => {
    // Letters of a pinyin not yet turned into words are no search.
    if (text === sent.current || composingNow.current) return
    const timer = setTimeout(() => send(text), pause)
    return () => clearTimeout(timer)
  }, [text])
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
    <search className="flex h-7 min-w-0 max-w-[520px] flex-[1_1_360px] items-center gap-1.5 rounded-md border border-edge bg-panel pl-2 focus-within:border-accent focus-within:ring-1 focus-within:ring-accent max-md:h-11 max-md:basis-24">
      <Search size={14} aria-hidden className="shrink-0 text-muted" />
      {!narrow && (
        <div className="min-w-0 max-w-[70%]">
          <Chips kind={kind} view={view} onChange={onChange} />
        </div>
      )}
      <input
        ref={input}
        type="search"
        value={text}
        aria-label={t('act.search_in', { kind: kindLabel(kind) })}
        placeholder={t(`search.${kind.kind}`, t('search.any'))}
        onChange={(e) => setText(e.target.value)}
        onCompositionStart={() => {
          composingNow.current = true
        }}
        onCompositionEnd={(e) => {
          composingNow.current = false
          const typed = e.currentTarget.value
          setTimeout(() => send(typed), pause)
        }}
        onKeyDown={(e) => {
          if (composing(e)) return
          if (e.key === 'Enter') send(text)
          if (e.key === 'Escape') {
            if (text) setText('')
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
    </search>
  )
}
