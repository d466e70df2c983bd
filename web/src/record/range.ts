/** A cell, by its row in the list and its column among those shown. */
export interface Spot {
  row: number
  col: number
}

/** Cells from where a selection began to where it is. */
export interface Range {
  from: Spot
  to: Spot
}

export interface Rect {
  top: number
  bottom: number
  left: number
  right: number
}

export function rect({ from, to }: Range): Rect {
  return {
    top: Math.min(from.row, to.row),
    bottom: Math.max(from.row, to.row),
    left: Math.min(from.col, to.col),
    right: Math.max(from.col, to.col),
  }
}

export const tall = (r: Rect) => r.bottom - r.top + 1
export const broad = (r: Rect) => r.right - r.left + 1
export const single = (r: Rect) => tall(r) === 1 && broad(r) === 1

const within = (n: number, most: number) => Math.max(0, Math.min(most - 1, n))

export function clamp(s: Spot, rows: number, cols: number): Spot {
  return { row: within(s.row, rows), col: within(s.col, cols) }
}

/** Where a key leads from a cell; undefined where it leads nowhere. `page` is how many rows are seen at once. */
export function led(s: Spot, key: string, far: boolean, rows: number, cols: number, page: number): Spot | undefined {
  const to = (row: number, col: number) => clamp({ row, col }, rows, cols)
  switch (key) {
    case 'ArrowDown':
      return to(far ? rows - 1 : s.row + 1, s.col)
    case 'ArrowUp':
      return to(far ? 0 : s.row - 1, s.col)
    case 'ArrowRight':
      return to(s.row, far ? cols - 1 : s.col + 1)
    case 'ArrowLeft':
      return to(s.row, far ? 0 : s.col - 1)
    case 'Home':
      return to(far ? 0 : s.row, 0)
    case 'End':
      return to(far ? rows - 1 : s.row, cols - 1)
    case 'PageDown':
      return to(s.row + page, s.col)
    case 'PageUp':
      return to(s.row - page, s.col)
  }
}

/** The cell after or before, a row's end going over to the next; undefined beyond the list. */
export function next(s: Spot, back: boolean, rows: number, cols: number): Spot | undefined {
  const n = s.row * cols + s.col + (back ? -1 : 1)
  return n < 0 || n >= rows * cols ? undefined : { row: Math.floor(n / cols), col: n % cols }
}

/**
 * What a paste covers: a copied block fills a selection that is a multiple of it, and else spreads from the selection's corner, cut at the list's edges.
 * `beyond` is how many of its rows and columns find no place.
 */
export function target(
  at: Rect,
  height: number,
  width: number,
  rows: number,
  cols: number,
): { rect: Rect; beyond: { rows: number; cols: number } } {
  const times = (have: number, block: number) => (have > block && have % block === 0 ? have : block)
  const h = times(tall(at), height)
  const w = times(broad(at), width)
  const bottom = Math.min(rows - 1, at.top + h - 1)
  const right = Math.min(cols - 1, at.left + w - 1)
  return {
    rect: { top: at.top, left: at.left, bottom, right },
    beyond: { rows: at.top + h - 1 - bottom, cols: at.left + w - 1 - right },
  }
}
