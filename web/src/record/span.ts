import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** A browser's elements end near 33 million pixels; beyond this height, what is scrolled stands for more than it is. */
export const tallest = 10_000_000

/** Height of the scrolled box, and how far the list may go within it. */
export function extent(count: number, height: number, room: number): { box: number; reach: number; scale: number } {
  const whole = count * height
  const box = Math.min(whole, tallest)
  const reach = Math.max(0, whole - room)
  return { box, reach, scale: box - room > 0 ? reach / (box - room) : 1 }
}

export interface Span {
  first: number
  last: number
  box: number
  /** Where a row stands in the scrolled box. */
  top: (i: number) => number
  /** Brings a row into sight. */
  show: (i: number) => void
  /** How many rows are seen at once. */
  page: number
}

const spare = 10

/** Rows of one height in a window that scrolls over all of them, were they a million. `head` is what stands over the rows and does not move. */
export function useSpan(box: RefObject<HTMLDivElement | null>, count: number, height: number, head: number): Span {
  const [room, setRoom] = useState(600)
  // Where the list is, in its own pixels. The box only stands for it: a scaled box cannot hold it finely enough.
  const [at, setAt] = useState(0)
  const place = useRef({ at: 0, set: 0 })
  const { box: tallBox, reach, scale } = extent(count, height, room)
  const scaled = scale > 1.0001

  useLayoutEffect(() => {
    const el = box.current
    if (!el) return
    const watch = new ResizeObserver(() => setRoom(Math.max(height, el.clientHeight - head)))
    watch.observe(el)
    return () => watch.disconnect()
  }, [box, head, height])

  const go = useCallback(
    (to: number) => {
      const el = box.current
      if (!el) return
      const next = Math.max(0, Math.min(reach, to))
      place.current.at = next
      el.scrollTop = next / scale
      place.current.set = el.scrollTop
      setAt(next)
    },
    [box, reach, scale],
  )
  useEffect(() => {
    const el = box.current
    if (!el) return
    const moved = () => {
      // What the list itself has set is known more finely than the box tells it.
      if (el.scrollTop === place.current.set) return
      place.current = { at: el.scrollTop * scale, set: el.scrollTop }
      setAt(place.current.at)
    }
    const wheel = (e: WheelEvent) => {
      if (!scaled || e.ctrlKey || e.deltaY === 0) return
      e.preventDefault()
      if (e.deltaX !== 0) el.scrollLeft += e.deltaX
      go(place.current.at + e.deltaY * (e.deltaMode === 1 ? height : e.deltaMode === 2 ? room : 1))
    }
    el.addEventListener('scroll', moved, { passive: true })
    el.addEventListener('wheel', wheel, { passive: false })
    return () => {
      el.removeEventListener('scroll', moved)
      el.removeEventListener('wheel', wheel)
    }
  }, [box, scale, scaled, go, height, room])
  // A list that became shorter has pulled the box up.
  useEffect(() => {
    if (place.current.at > reach) go(reach)
  }, [reach, go])

  const from = Math.min(at, reach)
  const first = Math.max(0, Math.floor(from / height) - spare)
  const last = Math.min(count - 1, Math.ceil((from + room) / height) + spare)
  const shift = scaled ? from / scale - from : 0
  return {
    first,
    last,
    box: tallBox,
    top: (i) => i * height + shift,
    show: (i) => {
      const now = place.current.at
      if (i * height < now) go(i * height)
      else if ((i + 1) * height > now + room) go((i + 1) * height - room)
    },
    page: Math.max(1, Math.floor(room / height) - 1),
  }
}
