import i18next from 'i18next'
import { type ReactNode, useState } from 'react'
import { Problem, tell, words } from '../client/call'
import { cache } from '../client/data'
import type { Field, Kind, Rec } from '../client/types'
import { titleOf } from '../field/format'
import { say, warn } from '../ui/toast'
import { fresh } from './cellwrite'
import { Conflict } from './conflict'
import { type Steps, saveAsStep } from './steps'

/** A record on its way to another place: where it is shown until the lists know. */
export interface Moving {
  record: Rec
  to: string
}

/**
 * Gives records another value by putting them elsewhere: the same write as a cell's, shown at once, taken back where it is refused, and undone with one click.
 */
export function usePlacing(kind: Kind, field: Field, steps: Steps, onWatch: (operation: string) => void) {
  const [moving, setMoving] = useState<Record<string, Moving>>({})
  const [clash, setClash] = useState<{ record: Rec; theirs: Rec; to: string; value: unknown; where: string }>()
  const drop = (id: string) => setMoving(({ [id]: _, ...rest }) => rest)

  const place = async (record: Rec, to: string, value: unknown, where: string, version?: number) => {
    setMoving((all) => ({ ...all, [record.id]: { record: { ...record, [field.name]: value }, to } }))
    try {
      const put = { row: 0, record, field, text: '', value }
      await saveAsStep(steps, kind, put, onWatch, version)
      say(i18next.t('board.moved', { title: titleOf(record), to: where }), {
        title: i18next.t('act.undo'),
        run: () => void steps.undo().then(() => cache.invalidateQueries({ queryKey: [kind.kind] })),
      })
      await cache.invalidateQueries({ queryKey: [kind.kind] })
    } catch (e) {
      if (e instanceof Problem && e.status === 412) {
        try {
          setClash({ record, theirs: await fresh(kind, record.id), to, value, where })
        } catch (e2) {
          warn(tell(e2))
        }
      } else {
        const why = e instanceof Problem && e.fields[field.name]
        warn(why ? words(why) : tell(e))
      }
      void cache.invalidateQueries({ queryKey: [kind.kind] })
    }
    drop(record.id)
  }

  const dialog: ReactNode = clash && (
    <Conflict
      kind={kind}
      mine={{ [field.name]: clash.value }}
      theirs={clash.theirs}
      fields={[field.name]}
      onClose={() => setClash(undefined)}
      onSave={(kept) => {
        setClash(undefined)
        if (kept.length > 0) void place(clash.theirs, clash.to, clash.value, clash.where, clash.theirs.version)
      }}
    />
  )
  return { moving, place, dialog }
}
