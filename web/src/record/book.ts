import { createContext, useContext, useEffect } from 'react'
import { callFile, tell } from '../client/call'
import { keepFile } from '../ui/file'
import { warn } from '../ui/toast'

/** A sheet of a workbook, the figures as they are shown. */
export interface Sheet {
  name: string
  head: string[]
  rows: string[][]
}

/** Has the server write figures as a workbook. */
export async function keepBook(name: string, sheets: Sheet[]) {
  try {
    keepFile(await callFile('/summaries', { sheets }), `${name}.xlsx`)
  } catch (e) {
    warn(tell(e))
  }
}

/** Where what stands side by side lays its sheet, each in its place, so that one workbook can hold all. */
export const Gathering = createContext<{ sheets: Map<number, () => Sheet>; place: number } | undefined>(undefined)

export function useGathered(sheet: (() => Sheet) | undefined) {
  const to = useContext(Gathering)
  useEffect(() => {
    if (!to || !sheet) return
    to.sheets.set(to.place, sheet)
    return () => {
      to.sheets.delete(to.place)
    }
  })
}
