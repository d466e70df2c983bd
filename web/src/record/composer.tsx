import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post } from '../client/call'
import type { Page, Rec, Ref } from '../client/types'
import { Button } from '../ui/button'
import { keyName } from '../ui/command'
import { cx } from '../ui/cx'
import { composing } from '../ui/key'
import { useSettled } from '../ui/wait'
import { asked, type Draft } from './mention'

/** Where a comment is written: @ finds a person, Ctrl+Enter sends. */
export function Composer(p: {
  label: string
  draft: Draft
  onDraft: (d: Draft) => void
  send: string
  onSend: () => Promise<void>
  onCancel?: () => void
}) {
  const { t } = useTranslation()
  const box = useRef<HTMLTextAreaElement>(null)
  const list = useId()
  const [caret, setCaret] = useState(0)
  const [shut, setShut] = useState(-1)
  const [picked, setPicked] = useState(0)
  const [busy, setBusy] = useState(false)
  const name = asked(p.draft.text, caret)
  const wanted = !!name && name.at !== shut
  const words = useSettled(name?.words ?? '', 120)
  const { data } = useQuery({
    queryKey: ['user', 'mention', words],
    enabled: wanted,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      post<Page<Rec>>('/users:query', { q: words, filter: { field: 'disabled', op: 'ne', value: true }, limit: 8 }, { signal }),
  })
  const people: Ref[] = wanted ? (data?.data ?? []).map((r) => ({ id: r.id, title: r.title })) : []
  const open = people.length > 0
  const on = Math.min(picked, people.length - 1)

  // It grows with what is written, up to a third of a screen.
  useLayoutEffect(() => {
    const el = box.current!
    el.style.height = 'auto'
    el.style.height = `${Math.min(el.scrollHeight + 2, 260)}px`
  }, [p.draft.text])

  // What can be called off was asked for by a button: the caret goes where the text ends.
  const called = !!p.onCancel
  useEffect(() => {
    if (!called) return
    box.current?.focus()
    box.current?.setSelectionRange(box.current.value.length, box.current.value.length)
  }, [called])

  const pick = (who: Ref) => {
    if (!name) return
    const head = `${p.draft.text.slice(0, name.at)}@${who.title} `
    p.onDraft({ text: head + p.draft.text.slice(caret).replace(/^ /, ''), people: [...p.draft.people.filter((x) => x.id !== who.id), who] })
    setCaret(head.length)
    // The caret is put when the text is there.
    requestAnimationFrame(() => {
      box.current?.focus()
      box.current?.setSelectionRange(head.length, head.length)
    })
  }
  const send = async () => {
    if (busy || !p.draft.text.trim()) return
    setBusy(true)
    await p.onSend()
    setBusy(false)
  }
  const key = (e: KeyboardEvent) => {
    if (composing(e)) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key]
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) void send()
    else if (open && step) setPicked((on + step + people.length) % people.length)
    else if (open && (e.key === 'Enter' || e.key === 'Tab')) pick(people[on]!)
    else if (open && e.key === 'Escape') setShut(name!.at)
    else if (e.key === 'Escape' && p.onCancel) p.onCancel()
    else return
    e.preventDefault()
  }
  return (
    <div className="relative">
      <textarea
        ref={box}
        rows={2}
        aria-label={p.label}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={open ? list : undefined}
        aria-activedescendant={open ? `${list}-${on}` : undefined}
        placeholder={t('talk.hint')}
        maxLength={9000}
        className="control block h-auto! w-full resize-none py-1.5"
        value={p.draft.text}
        onChange={(e) => {
          setCaret(e.target.selectionStart)
          setPicked(0)
          setShut(-1)
          p.onDraft({ ...p.draft, text: e.target.value })
        }}
        onSelect={(e) => setCaret(e.currentTarget.selectionStart)}
        onBlur={() => name && setShut(name.at)}
        onKeyDown={key}
      />
      {open && (
        <div
          id={list}
          role="listbox"
          aria-label={t('talk.people')}
          className="popup absolute inset-x-0 z-30 mt-1 max-h-64 overflow-auto p-1 md:max-w-72"
        >
          {people.map((who, i) => (
            <div
              key={who.id}
              id={`${list}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === on}
              // Pressed, it must not take the caret away first.
              onPointerDown={(e) => {
                e.preventDefault()
                pick(who)
              }}
              className={cx('flex h-8 cursor-default items-center rounded-md px-2 max-md:h-11', i === on ? 'bg-hover' : 'hover:bg-hover')}
            >
              <span className="truncate">{who.title}</span>
            </div>
          ))}
        </div>
      )}
      <div className="mt-2 flex items-center justify-end gap-2">
        {p.onCancel && (
          <Button tone="quiet" onClick={p.onCancel}>
            {t('act.cancel')}
          </Button>
        )}
        <Button tone="primary" keys={keyName('Mod+Enter')} busy={busy} disabled={!p.draft.text.trim()} onClick={() => void send()}>
          {p.send}
        </Button>
      </div>
    </div>
  )
}
