import i18next from 'i18next'
import { useEffect, useRef, useState } from 'react'
import { Problem, tell, words } from '../client/call'
import { useDimensions, useKinds } from '../client/data'
import type { Field, Kind, Rec } from '../client/types'
import { count } from '../field/format'
import { say, warn } from '../ui/toast'
import { appended, heading } from './append'
import { alike, blank, cellText, editable } from './celltext'
import { check, fresh, type Put, read, write } from './cellwrite'
import { clamp, led, next, type Range, rect, type Rect, single, type Spot, tall, target } from './range'
import type { Rows } from './rows'
import { readSheet, type Sheet, sheetTable, writeSheet } from './sheet'
import { backOfAll, type Steps, saveAsStep } from './steps'

/** What stands in the cell that is being written: typed text, or an input of the field's own. */
export interface Edit {
  spot: Spot
  text: string
  own: boolean
  wrong?: string
}

/** Cells that wait for a person's word, since some of them cannot be written. */
export interface Review {
  puts: Put[]
  /** Rows and columns of what was pasted that find no place. */
  beyond: { rows: number; cols: number }
  /** Names what is written, so that a second try writes nothing twice. */
  once: string
}

export interface Clash {
  put: Put
  theirs: Rec
}

export interface CellsProps {
  kind: Kind
  columns: Field[]
  rows: Rows
  total?: number
  /** Whether rows that are pasted below the last become records. */
  mayMake: boolean
  /** Has rows loaded up to one; for a paste that reaches beyond what is there. */
  reach: (row: number) => Promise<void>
  active: number
  onActive: (row: number) => void
  onOpen: (r: Rec) => void
  onWatch: (operation: string) => void
  steps: Steps
  page: number
}

/** Most cells that are written without being looked at first. */
const plenty = 2000

export type Cells = ReturnType<typeof useCells>

/** The sheet's hand: which cells are held, what is being written into them, and what goes through the clipboard. */
export function useCells(p: CellsProps) {
  const { kind, columns, rows } = p
  const kinds = useKinds()
  const dimensions = useDimensions().data?.data ?? []
  const [range, setRange] = useState<Range | null>(null)
  const [edit, setEdit] = useState<Edit | null>(null)
  const [review, setReview] = useState<Review | null>(null)
  const [clash, setClash] = useState<Clash | null>(null)
  const [busy, setBusy] = useState(false)
  const now = useRef(p)
  now.current = p
  const held = range && rect(range)
  const spot = range?.to

  // The row was moved by somebody else, as the panel's arrows do: the hand goes with it.
  useEffect(() => {
    if (!range || range.to.row === p.active) return
    const to = { row: p.active, col: range.to.col }
    setRange(p.active < 0 ? null : { from: to, to })
    setEdit(null)
  }, [p.active])
  useEffect(() => {
    if (range && Math.max(range.to.col, range.from.col) >= columns.length) setRange(null)
  }, [columns.length])

  const hold = (to: Spot, from: Spot = to) => {
    const at = clamp(to, rows.length, columns.length)
    setRange({ from: clamp(from, rows.length, columns.length), to: at })
    if (at.row !== p.active) p.onActive(at.row)
  }
  const may = (f: Field | undefined) => !!f && editable(kind, f, dimensions)

  const begin = (at: Spot, typed?: string) => {
    const record = rows.at(at.row)
    const field = columns[at.col]
    if (!record || !field) return
    if (!may(field)) {
      if (typed === undefined) p.onOpen(record)
      else say(i18next.t('cell.read_only'))
      return
    }
    const own = typed === undefined && ['choice', 'choices', 'bool', 'ref', 'category'].includes(field.type)
    hold(at)
    setEdit({ spot: at, own, text: typed ?? cellText(kind.kind, field, record[field.name], record) })
  }

  const putOne = async (put: Put, version?: number) => {
    try {
      await saveAsStep(p.steps, kind, put, p.onWatch, version)
    } catch (e) {
      if (e instanceof Problem && e.status === 412) {
        try {
          setClash({ put, theirs: await fresh(kind, put.record.id) })
        } catch (e2) {
          warn(tell(e2))
        }
        return
      }
      const why = e instanceof Problem ? e.fields[put.field.name] : undefined
      // Back to the cell with what was typed, unless the hand is at work elsewhere by now.
      if (why)
        setEdit(
          (open) => open ?? { spot: { row: put.row, col: columns.indexOf(put.field) }, own: false, text: put.text, wrong: words(why) },
        )
      if (!why) warn(tell(e))
    }
  }

  /** Takes what was written into a cell; answers whether it can be. */
  const commit = async (e: Edit, value?: { value: unknown }): Promise<boolean> => {
    const record = rows.at(e.spot.row)
    const field = columns[e.spot.col]
    if (!record || !field) {
      setEdit(null)
      return true
    }
    let put: Put | undefined = { row: e.spot.row, record, field, text: e.text, value: value?.value }
    if (value && alike(record[field.name], value.value)) put = undefined
    else if (value && put) {
      if (field.required && (value.value === null || value.value === '')) put.wrong = 'required'
    } else if (put) {
      try {
        put = (await read(kind, kinds, dimensions, [put]))[0]
      } catch (err) {
        warn(tell(err))
        return false
      }
    }
    if (put?.wrong) {
      setEdit({ ...e, wrong: words(put.wrong) })
      return false
    }
    setEdit((open) => (open && (open.spot.row !== e.spot.row || open.spot.col !== e.spot.col) ? open : null))
    if (put) void putOne(put)
    return true
  }

  const finish = async (puts: Put[], once?: string) => {
    setBusy(true)
    try {
      const there = puts.filter((x) => !x.made)
      let made: string[] = []
      await p.steps.during(async () => {
        const done = await write(kind, puts, once)
        made = done.made
        if (done.operations.length > 0) p.steps.push(backOfAll(kind, there, done.operations, p.onWatch, made))
      })
      const rows = new Set(there.map((x) => x.record.id)).size
      const written = there.length > 0 && i18next.t('cell.written', { n: count(there.length), rows: count(rows) })
      const anew = made.length > 0 && i18next.t('cell.made', { n: count(made.length) })
      say(written && anew ? i18next.t('cell.both', { one: written, other: anew }) : written || anew || i18next.t('cell.same'), {
        title: i18next.t('act.undo'),
        run: () => void p.steps.undo(),
      })
      setReview(null)
    } catch (e) {
      warn(tell(e))
    } finally {
      setBusy(false)
    }
  }

  /** Checks what is to be written; what is all good goes, else a person is asked. */
  const propose = async (cells: Put[], beyond = { rows: 0, cols: 0 }) => {
    if (cells.length === 0) return say(i18next.t('cell.same'))
    const one = cells[0]!
    if (cells.length === 1 && !one.wrong && !one.made && beyond.rows + beyond.cols === 0) return putOne(one)
    setBusy(true)
    try {
      const puts = await check(kind, cells)
      // New records are made only after a look at them.
      const ask = puts.some((x) => x.wrong || x.made) || beyond.rows + beyond.cols > 0 || puts.length > plenty
      if (ask) setReview({ puts, beyond, once: crypto.randomUUID() })
      else await finish(puts)
    } catch (e) {
      warn(tell(e))
    } finally {
      setBusy(false)
    }
  }

  const sheet = (r: Rect): string[][] | undefined => {
    const out: string[][] = []
    for (let i = r.top; i <= r.bottom; i++) {
      const record = rows.at(i)
      if (!record) return undefined
      out.push(columns.slice(r.left, r.right + 1).map((f) => cellText(kind.kind, f, record[f.name], record)))
    }
    return out
  }

  const copy = (e: React.ClipboardEvent) => {
    if (!held || edit) return
    const cells = sheet(held)
    e.preventDefault()
    if (!cells) return warn(i18next.t('cell.not_loaded'))
    e.clipboardData.setData('text/plain', writeSheet(cells))
    e.clipboardData.setData('text/html', sheetTable(cells))
    if (!single(held)) say(i18next.t('cell.copied', { n: count(cells.length * cells[0]!.length) }))
  }

  const paste = async (e: React.ClipboardEvent | ClipboardEvent) => {
    if (!(held || p.mayMake) || edit || busy || review || !e.clipboardData) return
    const cells = readSheet(e.clipboardData.getData('text/plain'))
    const wide = Math.max(0, ...cells.map((r) => r.length))
    if (wide === 0) return
    e.preventDefault()
    if (!held) return append(cells, wide)
    setBusy(true)
    try {
      await p.reach(held.top + Math.max(cells.length, tall(held)) - 1)
    } finally {
      setBusy(false)
    }
    const list = now.current.rows
    const to = target(held, cells.length, wide, list.length, columns.length)
    hold({ row: to.rect.bottom, col: to.rect.right }, { row: to.rect.top, col: to.rect.left })
    const asked: Put[] = []
    for (let i = to.rect.top; i <= to.rect.bottom; i++) {
      const record = list.at(i)
      if (!record) {
        to.beyond.rows++
        continue
      }
      const line = cells[(i - to.rect.top) % cells.length]!
      for (let j = to.rect.left; j <= to.rect.right; j++) {
        const text = line[(j - to.rect.left) % wide]
        if (text !== undefined) asked.push({ row: i, record, field: columns[j]!, text })
      }
    }
    // Below the last row of all they become records.
    if (p.mayMake && to.beyond.rows > 0 && list.length >= (now.current.total ?? 0) && list.at(list.length - 1)) {
      asked.push(...appended(cells.slice(-to.beyond.rows), columns.slice(held.left), list.length))
      to.beyond.rows = 0
    }
    await readAndPropose(asked, to.beyond)
  }

  /** Where no cell is held, what is pasted goes below all there is: by the names of its columns where its first line has them. */
  const append = async (cells: Sheet, wide: number) => {
    const named = heading(kind, cells)
    const fields = named ?? columns
    const cols = named ? named.filter((f, j) => !f && cells.some((line) => line[j]?.trim())).length : Math.max(0, wide - columns.length)
    await readAndPropose(appended(named ? cells.slice(1) : cells, fields, p.rows.length), { rows: 0, cols })
  }

  const readAndPropose = async (asked: Put[], beyond = { rows: 0, cols: 0 }) => {
    setBusy(true)
    let puts: Put[]
    try {
      puts = await read(kind, kinds, dimensions, asked)
    } catch (err) {
      return warn(tell(err))
    } finally {
      setBusy(false)
    }
    await propose(puts, beyond)
  }

  /** Empties the cells that are held. */
  const clear = () => {
    if (!held) return
    const asked: Put[] = []
    for (let i = held.top; i <= held.bottom; i++) {
      const record = rows.at(i)
      for (let j = held.left; record && j <= held.right; j++) asked.push({ row: i, record, field: columns[j]!, text: '' })
    }
    void readAndPropose(asked.filter((x) => may(x.field)))
  }

  /** Gives the cells below what stands in the first; a single row takes from the one above. */
  const fill = () => {
    if (!held) return
    const top = tall(held) > 1 ? held.top : held.top - 1
    const model = rows.at(top)
    if (!model) return
    const puts: Put[] = []
    for (let i = top + 1; i <= held.bottom; i++) {
      const record = rows.at(i)
      if (!record) return warn(i18next.t('cell.not_loaded'))
      for (let j = held.left; j <= held.right; j++) {
        const field = columns[j]!
        const value = model[field.name] ?? blank(field)
        const text = cellText(kind.kind, field, value, model)
        if (text !== cellText(kind.kind, field, record[field.name], record))
          puts.push({ row: i, record, field, text, value, wrong: may(field) ? undefined : 'read_only' })
      }
    }
    void propose(puts)
  }

  /** A key over the held cells; answers whether it was for them. */
  const key = (e: React.KeyboardEvent): boolean => {
    if (!range || !spot) return false
    const mod = e.ctrlKey || e.metaKey
    if (mod && e.key.toLowerCase() === 'd') fill()
    else if (mod && (e.key.toLowerCase() === 'y' || (e.shiftKey && e.key.toLowerCase() === 'z'))) void p.steps.redo()
    else if (mod && e.key.toLowerCase() === 'z') void p.steps.undo()
    else if (mod && e.key.toLowerCase() === 'a')
      setRange({ from: { row: 0, col: 0 }, to: { row: spot.row, col: columns.length - 1 } }) // up to here: a list's end may be far
    else if (mod && e.key === 'Enter') {
      const record = rows.at(spot.row)
      if (record) p.onOpen(record)
    } else if (e.key === 'F2' || (e.key === 'Enter' && !e.shiftKey)) begin(spot)
    else if (e.key === 'Delete' || e.key === 'Backspace') clear()
    else if (e.key === 'Escape') {
      if (single(rect(range))) setRange(null)
      else hold(spot)
    } else if (e.key === 'Tab') {
      const to = next(spot, e.shiftKey, rows.length, columns.length)
      if (!to) return false
      hold(to)
    } else {
      if (e.key === 'ArrowLeft' && !e.shiftKey && !mod && spot.col === 0) {
        setRange(null)
        return true
      }
      const to = led(spot, e.key, mod, rows.length, columns.length, p.page)
      if (!to) return false
      hold(to, e.shiftKey ? range.from : to)
    }
    return true
  }

  return {
    range,
    held,
    spot,
    edit,
    review,
    clash,
    busy,
    may,
    hold,
    drop: () => setRange(null),
    begin,
    setEdit,
    commit,
    copy,
    paste,
    key,
    fill,
    finish,
    closeReview: () => setReview(null),
    closeClash: () => setClash(null),
    settle: (kept: string[]) => {
      const c = clash
      setClash(null)
      if (c && kept.length > 0) void putOne({ ...c.put, record: c.theirs }, c.theirs.version)
    },
  }
}
