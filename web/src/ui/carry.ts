import { useRef, useState } from 'react'

/** How far a mouse goes before it drags, and how long a finger rests. */
const slack = 6
const rest = 350
const edge = 48

/**
 * Lets things be carried to places: what is marked `data-place` under the pointer takes them. A mouse drags at once, a finger after a rest, so that it can scroll.
 * Escape puts everything back. Whoever uses this offers another way beside: not everyone can drag.
 */
export function useCarry(onDrop: (id: string, place: string) => void) {
  const [carried, setCarried] = useState<string>()
  const [over, setOver] = useState<string>()
  const drop = useRef(onDrop)
  drop.current = onDrop

  const start = (e: React.PointerEvent<HTMLElement>, id: string) => {
    if (e.button !== 0 || (e.target as HTMLElement).closest('[data-still]')) return
    const source = e.currentTarget
    const from = { x: e.clientX, y: e.clientY }
    const box = source.getBoundingClientRect()
    const touch = e.pointerType !== 'mouse'
    let ghost: HTMLElement | undefined
    let place: string | undefined
    let frame = 0
    let last = from

    const lift = () => {
      ghost = source.cloneNode(true) as HTMLElement
      ghost.removeAttribute('id')
      ghost.setAttribute('aria-hidden', 'true')
      ghost.inert = true
      Object.assign(ghost.style, {
        position: 'fixed',
        left: `${box.left}px`,
        top: `${box.top}px`,
        width: `${box.width}px`,
        height: `${box.height}px`,
        zIndex: '60',
        pointerEvents: 'none',
        boxShadow: 'var(--lift)',
        rotate: '1deg',
        opacity: '0.95',
      })
      document.body.append(ghost)
      document.body.style.userSelect = 'none'
      setCarried(id)
      frame = requestAnimationFrame(scroll)
    }
    // Near an edge, what is below the pointer scrolls.
    const scroll = () => {
      for (let el = document.elementFromPoint(last.x, last.y); el; el = el.parentElement) {
        const r = el.getBoundingClientRect()
        const style = getComputedStyle(el)
        const x = last.x < r.left + edge ? -1 : last.x > r.right - edge ? 1 : 0
        const y = last.y < r.top + edge ? -1 : last.y > r.bottom - edge ? 1 : 0
        if (x && /auto|scroll/.test(style.overflowX) && el.scrollWidth > el.clientWidth) el.scrollLeft += 12 * x
        if (y && /auto|scroll/.test(style.overflowY) && el.scrollHeight > el.clientHeight) el.scrollTop += 12 * y
      }
      frame = requestAnimationFrame(scroll)
    }
    const move = (m: PointerEvent) => {
      last = { x: m.clientX, y: m.clientY }
      const far = Math.hypot(m.clientX - from.x, m.clientY - from.y)
      if (!ghost) {
        if (far < slack) return
        if (touch) return end()
        lift()
      }
      ghost!.style.translate = `${m.clientX - from.x}px ${m.clientY - from.y}px`
      place = document.elementFromPoint(m.clientX, m.clientY)?.closest<HTMLElement>('[data-place]')?.dataset.place
      setOver(place)
    }
    const up = () => {
      const to = ghost && place
      if (ghost) {
        // The click that ends a drag is no wish to open.
        const swallow = (c: MouseEvent) => c.stopPropagation()
        addEventListener('click', swallow, { capture: true, once: true })
        setTimeout(() => removeEventListener('click', swallow, { capture: true }))
      }
      end()
      if (to !== undefined) drop.current(id, to)
    }
    const key = (k: KeyboardEvent) => {
      if (k.key !== 'Escape' || !ghost) return
      k.stopPropagation()
      end()
    }
    const hold = (t: TouchEvent) => ghost && t.preventDefault()
    const menu = (m: Event) => ghost && m.preventDefault()
    const timer = touch ? setTimeout(lift, rest) : undefined
    const end = () => {
      clearTimeout(timer)
      cancelAnimationFrame(frame)
      ghost?.remove()
      document.body.style.userSelect = ''
      setCarried(undefined)
      setOver(undefined)
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', up)
      removeEventListener('pointercancel', end)
      removeEventListener('keydown', key, true)
      removeEventListener('touchmove', hold)
      removeEventListener('contextmenu', menu)
    }
    addEventListener('pointermove', move)
    addEventListener('pointerup', up)
    addEventListener('pointercancel', end)
    addEventListener('keydown', key, true)
    addEventListener('touchmove', hold, { passive: false })
    addEventListener('contextmenu', menu)
  }
  return { start, carried, over }
}
