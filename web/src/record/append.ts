import type { Field, Kind, Rec } from '../client/types'
import { fieldLabel } from '../field/label'
import type { Put } from './cellwrite'
import type { Sheet } from './sheet'

/** Stands for a record that a pasted row is to become. */
export const stub = (row: number): Rec => ({ id: `+${row}`, version: 0, title: '' }) as Rec

const plain = (s: string) => s.normalize('NFKC').replace(/\s|\*/g, '').toLowerCase()

/**
 * The fields that a sheet's first line names, column by column; undefined where it is no heading. At least half of it must be names, since a sheet from
 * elsewhere may have columns that no field takes.
 */
export function heading(kind: Kind, cells: Sheet): (Field | undefined)[] | undefined {
  if (cells.length < 2) return undefined
  const named = cells[0]!.filter((s) => s.trim() !== '').length
  const taken = new Set<string>()
  const fields = cells[0]!.map((text) => {
    const f = kind.fields.find((f) => !taken.has(f.name) && [fieldLabel(kind.kind, f), f.name].some((n) => plain(n) === plain(text)))
    if (f) taken.add(f.name)
    return f
  })
  return taken.size > 0 && taken.size * 2 >= named ? fields : undefined
}

/** Cells of rows that are to be made; rows with nothing in them make nothing. */
export function appended(lines: Sheet, fields: (Field | undefined)[], from: number): Put[] {
  return lines.flatMap((line, i) =>
    line.some((s) => s.trim() !== '')
      ? line.flatMap((text, j) => (fields[j] ? [{ row: from + i, record: stub(from + i), field: fields[j], text, made: true }] : []))
      : [],
  )
}

/** New rows that cannot be made, since something in them is wrong. What no one may write is left away and hinders nothing. */
export function hindered(puts: Put[]): Set<string> {
  return new Set(puts.filter((p) => p.made && p.wrong && p.wrong !== 'read_only').map((p) => p.record.id))
}

/** How many cells of records that are there, and how many new records. */
export function measure(puts: Put[]): { cells: number; made: number } {
  const made = new Set(puts.filter((p) => p.made).map((p) => p.record.id)).size
  return { cells: puts.filter((p) => !p.made).length, made }
}
