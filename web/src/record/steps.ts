import i18next from 'i18next'
import { useMemo, useRef } from 'react'
import { Problem, tell } from '../client/call'
import type { Field, Kind, Rec } from '../client/types'
import { fieldLabel } from '../field/label'
import { say, warn } from '../ui/toast'
import { alike } from './celltext'
import { undo as takeBack } from './operation'
import { update } from './write'

/** One thing that was done in the sheet, and the way back. Answers whether it went. */
export interface Step {
  undo: () => Promise<boolean>
}

export interface Steps {
  push: (s: Step) => void
  undo: () => Promise<void>
}

const most = 100

/** What was done in a list, the newest last, for as long as the list is open. */
export function useSteps(): Steps {
  const done = useRef<Step[]>([])
  const busy = useRef(false)
  return useMemo(
    () => ({
      push: (s) => {
        done.current = [...done.current.slice(1 - most), s]
      },
      undo: async () => {
        const last = done.current.at(-1)
        if (busy.current) return
        if (!last) return say(i18next.t('cell.nothing_to_undo'))
        busy.current = true
        done.current.pop()
        await last.undo()
        busy.current = false
      },
    }),
    [],
  )
}

/** Puts one field back as it was, unless somebody changed it since. */
export function backOf(kind: Kind, field: Field, after: Rec, was: unknown): Step {
  return {
    undo: async () => {
      try {
        const now = await update(kind, after, { [field.name]: was ?? (field.type === 'bool' ? false : undefined) })
        if (alike(now[field.name], was)) say(i18next.t('cell.undone', { field: fieldLabel(kind.kind, field) }))
        return true
      } catch (e) {
        warn(e instanceof Problem && e.status === 412 ? i18next.t('cell.changed_since') : tell(e))
        return false
      }
    },
  }
}

/** Takes an operation of many cells back, as one. */
export function backOfAll(ids: string[], follow: (id: string) => void): Step {
  return {
    undo: async () => {
      for (const id of [...ids].reverse()) {
        await takeBack(id)
        follow(id)
      }
      return true
    },
  }
}
