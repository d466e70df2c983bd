import { useNavigate } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { type CSSProperties, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post } from '../client/call'
import type { Page, Rec } from '../client/types'
import { Button, IconButton } from '../ui/button'
import { useNarrow } from '../ui/size'

// Five places worth knowing, each shown where it is. Nothing behind it is blocked: who wants to try what he sees just does.

interface Stop {
  id: string
  to: string
  /** What is pointed at, the first of these that is there; nothing on a phone where it stands behind a button. */
  at: string[]
  /** Whether a record is to stand open beside the list. */
  open?: boolean
}

const stops: Stop[] = [
  { id: 'list', to: '/receipts', at: ['[role=grid]', 'main'] },
  { id: 'search', to: '/receipts', at: ['search'] },
  { id: 'facets', to: '/receipts', at: ['aside', 'search'] },
  { id: 'why', to: '/receipts', at: ['[data-tour=classes]'], open: true },
  { id: 'queue', to: '/queue', at: ['a[href="/queue"]', 'main'] },
]

const wide = 320

/** Beside what is pointed at where there is room, else over its corner. */
function beside(r: DOMRect | undefined): CSSProperties {
  if (!r) return { right: 24, bottom: 24 }
  const top = Math.max(12, Math.min(r.top, innerHeight - 260))
  const large = r.width * r.height > 0.4 * innerWidth * innerHeight
  if (!large && innerWidth - r.right > wide + 24) return { left: r.right + 12, top }
  if (!large && r.left > wide + 24) return { left: r.left - wide - 12, top }
  if (innerHeight - r.bottom > 240) return { left: Math.max(12, Math.min(r.left, innerWidth - wide - 12)), top: r.bottom + 12 }
  return { left: Math.max(12, r.right - wide - 24), top: Math.max(12, r.bottom - 240) }
}

/** What of it is on the screen: a list is as high as all its rows. */
function seen(r: DOMRect): DOMRect {
  const left = Math.max(r.left, 0)
  const top = Math.max(r.top, 0)
  return new DOMRect(left, top, Math.min(r.right, innerWidth) - left, Math.min(r.bottom, innerHeight) - top)
}

export function Tour({ onEnd }: { onEnd: () => void }) {
  const { t } = useTranslation()
  const narrow = useNarrow()
  const navigate = useNavigate()
  const [n, setN] = useState(0)
  const [rect, setRect] = useState<DOMRect>()
  const next = useRef<HTMLButtonElement>(null)
  const stop = stops[n]!
  useEffect(() => {
    let gone = false
    const go = async () => {
      let id: string | undefined
      if (stop.open) id = (await post<Page<Rec>>('/receipts:query', { limit: 1 }).catch(() => undefined))?.data[0]?.id
      if (!gone) navigate({ to: stop.to as never, search: (id ? { id } : {}) as never })
    }
    void go()
    // What is pointed at may come later, and moves as the page grows.
    const find = () => {
      const el = stop.at.map((s) => [...document.querySelectorAll(s)].find((e) => e.getClientRects().length > 0)).find(Boolean)
      if (stop.open) el?.scrollIntoView({ block: 'nearest' })
      setRect((was) => {
        const now = el && seen(el.getBoundingClientRect())
        return was && now && was.x === now.x && was.y === now.y && was.width === now.width && was.height === now.height ? was : now
      })
    }
    const timer = setInterval(find, 150)
    next.current?.focus()
    return () => {
      gone = true
      clearInterval(timer)
    }
  }, [n])
  useEffect(() => {
    const key = (e: KeyboardEvent) => {
      if (e.key !== 'Escape') return
      e.preventDefault()
      e.stopPropagation()
      onEnd()
    }
    addEventListener('keydown', key, true)
    return () => removeEventListener('keydown', key, true)
  }, [onEnd])
  const last = n === stops.length - 1
  return (
    <>
      {rect && (
        <div
          aria-hidden
          className="pointer-events-none fixed z-40 rounded-lg outline-2 outline-offset-1 outline-accent transition-all"
          style={{ left: rect.left, top: rect.top, width: rect.width, height: rect.height }}
        />
      )}
      <div
        role="dialog"
        aria-label={t('tour.title')}
        className="popup fixed z-50 flex flex-col gap-2 p-4"
        style={narrow ? { left: 12, right: 12, bottom: 68 } : { width: wide, ...beside(rect) }}
      >
        <div className="flex items-start gap-2">
          <h2 className="flex-1 text-base font-medium">{t(`tour.${stop.id}`)}</h2>
          <IconButton icon={X} label={t('tour.end')} keys="Esc" onClick={onEnd} className="-mr-2 -mt-1" />
        </div>
        <p className="text-muted" aria-live="polite">
          {t(`tour.${stop.id}_note`)}
        </p>
        <div className="flex items-center gap-2 pt-1">
          <span className="figures flex-1 text-xs text-muted">
            {n + 1} / {stops.length}
          </span>
          {n > 0 && (
            <Button form onClick={() => setN(n - 1)}>
              {t('tour.back')}
            </Button>
          )}
          <Button ref={next} form tone="primary" onClick={() => (last ? onEnd() : setN(n + 1))}>
            {t(last ? 'tour.done' : 'tour.next')}
          </Button>
        </div>
      </div>
    </>
  )
}

/** Asks once whether to show round; never in the way of what is being done. */
export function Invitation({ onStart, onNo }: { onStart: () => void; onNo: () => void }) {
  const { t } = useTranslation()
  return (
    <section
      aria-label={t('tour.title')}
      className="popup fixed bottom-4 right-4 z-30 flex max-w-80 flex-col gap-2 p-4 max-md:inset-x-3 max-md:bottom-17 max-md:max-w-none"
    >
      <h2 className="text-base font-medium">{t('tour.ask')}</h2>
      <p className="text-muted">{t('tour.ask_note')}</p>
      <div className="flex justify-end gap-2 pt-1">
        <Button form onClick={onNo}>
          {t('tour.no')}
        </Button>
        <Button form tone="primary" onClick={onStart}>
          {t('tour.start')}
        </Button>
      </div>
    </section>
  )
}
