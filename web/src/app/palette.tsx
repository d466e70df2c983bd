import { Dialog } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { CornerDownLeft, type LucideIcon, Search } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '../client/call'
import { useKinds } from '../client/data'
import type { Hit } from '../client/types'
import { kindIcon } from '../field/kindicon'
import { kindLabel } from '../field/label'
import { faceIcons } from '../record/faceicon'
import { addressOf, lists, type Saved } from '../record/saved'
import { cleanView } from '../record/view'
import { Kbd } from '../ui/button'
import { keyName, useCommandList } from '../ui/command'
import { cx } from '../ui/cx'
import { composing } from '../ui/key'
import type { Place } from './nav'

interface Line {
  id: string
  group: string
  title: string
  note?: string
  icon?: LucideIcon
  keys?: string
  run: () => void
}

/** Finds records, pages and commands; pinyin and its initials match too. */
export function Palette({ groups, onClose }: { groups: Place[][]; onClose: () => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [q, setQ] = useState('')
  const [at, setAt] = useState(0)
  const kinds = useKinds()
  const commands = useCommandList()
  const navigate = useNavigate()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const timer = setTimeout(() => setQ(text.trim()), 150)
    return () => clearTimeout(timer)
  }, [text])
  const { data: hits } = useQuery({
    queryKey: ['search', q],
    enabled: q !== '',
    queryFn: ({ signal }) => get<{ data: Hit[] }>(`/search?q=${encodeURIComponent(q)}&limit=20`, signal),
  })
  const { data: views } = useQuery({
    queryKey: ['view', 'all'],
    staleTime: 60_000,
    queryFn: ({ signal }) => get<{ data: Saved[] }>('/views', signal),
    select: lists,
  })
  const lines = useMemo(() => {
    const want = text.trim().toLowerCase()
    const fits = (title: string, alias = '') =>
      title.toLowerCase().includes(want) || alias.split(' ').some((a) => want && a.startsWith(want))
    const out: Line[] = []
    for (const p of groups.flat())
      if (fits(p.title, p.alias))
        out.push({ id: p.to, group: t('palette.pages'), title: p.title, icon: p.icon, run: () => navigate({ to: p.to as never }) })
    for (const v of views?.data ?? []) {
      const k = kinds.find((x) => x.kind === v.of)
      if (k && want && fits(v.name))
        out.push({
          id: v.id,
          group: t('nav.views'),
          title: v.name,
          note: kindLabel(k),
          icon: faceIcons[v.face?.as ?? 'grid'],
          run: () => navigate({ to: `/${k.plural}` as never, search: cleanView({ ...addressOf(v) } as Record<string, unknown>) as never }),
        })
    }
    for (const c of commands) {
      if (c.disabled || c.id === 'palette' || c.keys?.includes('Escape')) continue
      if (fits(c.title, c.alias))
        out.push({
          id: `c:${c.id}`,
          group: t('palette.commands'),
          title: c.title,
          icon: c.icon,
          keys: c.keys?.[0] && keyName(c.keys[0]),
          run: c.run,
        })
    }
    // Records come last: they arrive later, and what stands under the hand must not move.
    if (q && want)
      for (const h of hits?.data ?? []) {
        const k = kinds.find((x) => x.kind === h.kind)
        if (k)
          out.push({
            id: h.id,
            group: t('palette.records'),
            title: h.title,
            icon: kindIcon(k),
            note: [kindLabel(k), h.subtitle].filter(Boolean).join(' · '),
            run: () => navigate({ to: `/${k.plural}` as never, search: { id: h.id } as never }),
          })
      }
    return out
  }, [text, q, hits, views, commands, kinds, groups, t, navigate])
  useEffect(() => setAt(0), [text])
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at, lines])
  const run = (l?: Line) => {
    if (!l) return
    onClose()
    l.run()
  }
  const heads = [...new Set(lines.map((l) => l.group))]
  return (
    <Dialog.Root open onOpenChange={(o) => !o && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Popup
          aria-label={t('palette.title')}
          className="popup fixed left-1/2 top-[10vh] z-50 flex max-h-[70vh] w-[calc(100vw-24px)] max-w-[600px] -translate-x-1/2 flex-col overflow-hidden"
        >
          <div className="flex h-12 shrink-0 items-center gap-2.5 border-b border-line px-4">
            <Search size={16} aria-hidden className="text-muted" />
            <input
              role="combobox"
              aria-expanded
              aria-controls="palette"
              aria-activedescendant={lines[at] ? `palette-${at}` : undefined}
              aria-label={t('palette.title')}
              placeholder={t('palette.hint')}
              value={text}
              onChange={(e) => setText(e.target.value)}
              onKeyDown={(e) => {
                if (composing(e)) return
                const to = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0
                if (to !== 0) {
                  e.preventDefault()
                  setAt((i) => (lines.length === 0 ? 0 : (i + to + lines.length) % lines.length))
                } else if (e.key === 'Enter') {
                  e.preventDefault()
                  run(lines[at])
                }
              }}
              className="h-full flex-1 bg-transparent text-base outline-none"
            />
            <Kbd>Esc</Kbd>
          </div>
          <div ref={list} id="palette" role="listbox" aria-label={t('palette.title')} className="min-h-0 flex-1 overflow-auto p-1.5">
            {heads.map((head) => (
              <div key={head} role="group" aria-label={head}>
                <p aria-hidden className="px-2.5 pb-1 pt-2 text-xs font-medium text-muted">
                  {head}
                </p>
                {lines.map((l, i) =>
                  l.group !== head ? null : (
                    <div
                      key={l.id}
                      id={`palette-${i}`}
                      role="option"
                      aria-selected={i === at}
                      onMouseMove={() => setAt(i)}
                      onClick={() => run(l)}
                      className={cx('flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 max-md:h-11', i === at && 'bg-picked')}
                    >
                      {l.icon && <l.icon size={15} aria-hidden className="text-muted" />}
                      <span className="truncate">{l.title}</span>
                      {l.note && <span className="min-w-0 flex-1 truncate text-right text-xs text-muted">{l.note}</span>}
                      {l.keys && (
                        <span className="ml-auto">
                          <Kbd>{l.keys}</Kbd>
                        </span>
                      )}
                      {i === at && !l.keys && <CornerDownLeft size={13} aria-hidden className={cx('text-muted', !l.note && 'ml-auto')} />}
                    </div>
                  ),
                )}
              </div>
            ))}
          </div>
          {lines.length === 0 && <p className="px-4 py-8 text-center text-muted">{t('empty.find')}</p>}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
