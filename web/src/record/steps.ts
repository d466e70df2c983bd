import i18next from 'i18next'
import { useMemo, useRef } from 'react'
import { get, Problem, post, tell } from '../client/call'
import type { Field, Kind, Operation, Page, Rec } from '../client/types'
import { count } from '../field/format'
import { fieldLabel } from '../field/label'
import { say, warn } from '../ui/toast'
import { alike } from './celltext'
import { type Put, save, write } from './cellwrite'
import { atWork, begin, undo as takeBack } from './operation'
import { update } from './write'

/** One thing that was done in the sheet, and the way back. Answers the way there again; nothing where there is none, which is said. */
export interface Step {
  back: () => Promise<Step | undefined>
}

export interface Steps {
  /** Something that is being written and pushes its step when it is there: an undo pressed meanwhile waits for it, and means it. */
  during: (work: () => Promise<void>) => Promise<void>
  push: (s: Step) => void
  undo: () => Promise<void>
  redo: () => Promise<void>
}

const most = 100

/** What was done in a list, the newest last, and what was taken back, for as long as the list is open. */
export function useSteps(): Steps {
  const done = useRef<Step[]>([])
  const undone = useRef<Step[]>([])
  const chain = useRef(Promise.resolve())
  const writing = useRef(new Set<Promise<void>>())
  return useMemo(() => {
    // Keys come faster than answers: each step waits for the one before.
    const go = (from: typeof done, to: typeof done, none: string) => {
      const one = async () => {
        await Promise.allSettled(writing.current)
        const last = from.current.at(-1)
        if (!last) return say(i18next.t(none))
        from.current = from.current.slice(0, -1)
        const back = await last.back()
        if (back) to.current = [...to.current.slice(1 - most), back]
      }
      chain.current = chain.current.then(one).catch((e) => warn(tell(e)))
      return chain.current
    }
    return {
      during: async (work) => {
        const now = work()
        writing.current.add(now)
        try {
          await now
        } finally {
          writing.current.delete(now)
        }
      },
      push: (s) => {
        done.current = [...done.current.slice(1 - most), s]
        undone.current = []
      },
      undo: () => go(done, undone, 'cell.nothing_to_undo'),
      redo: () => go(undone, done, 'cell.nothing_to_redo'),
    }
  }, [])
}

/** Writes one cell, as a step that can be taken back. */
export function saveAsStep(steps: Steps, kind: Kind, put: Put, follow: (id: string) => void, version?: number): Promise<void> {
  return steps.during(async () => {
    const was = put.record[put.field.name]
    const { record, operation } = await save(kind, put, version)
    steps.push(operation ? backOfAll(kind, [put], [operation], follow) : backOf(kind, put.field, record, was))
  })
}

/** Puts one field back as it was, unless somebody changed it since. */
export function backOf(kind: Kind, field: Field, after: Rec, was: unknown, says = 'cell.undone'): Step {
  return {
    back: async () => {
      try {
        const now = await update(kind, after, { [field.name]: was ?? (field.type === 'bool' ? false : undefined) })
        if (alike(now[field.name], was)) say(i18next.t(says, { field: fieldLabel(kind.kind, field) }))
        return backOf(kind, field, now, after[field.name], says === 'cell.undone' ? 'cell.redone' : 'cell.undone')
      } catch (e) {
        warn(e instanceof Problem && e.status === 412 ? i18next.t('cell.changed_since') : tell(e))
      }
    },
  }
}

/** Takes operations of many cells back, as one; what they made goes to the trash. */
export function backOfAll(kind: Kind, puts: Put[], ids: string[], follow: (id: string) => void, made: string[] = []): Step {
  return {
    back: async () => {
      // undo() says itself what went wrong.
      for (const id of [...ids].reverse()) {
        await settled(id)
        await takeBack(id)
        follow(id)
      }
      return again(kind, puts, ids, follow, made)
    },
  }
}

/** Writes the same cells again, but for those that are no longer what they were before, and takes what had been made out of the trash. */
function again(kind: Kind, puts: Put[], ids: string[], follow: (id: string) => void, made: string[]): Step {
  return {
    back: async () => {
      try {
        for (const id of ids) await settled(id)
        const now = await current(kind, [...new Set(puts.map((p) => p.record.id))])
        const same = puts.flatMap((p) => {
          const record = now.get(p.record.id)
          return record && alike(record[p.field.name], p.record[p.field.name]) ? [{ ...p, record }] : []
        })
        if (same.length === 0 && made.length === 0) {
          warn(i18next.t('cell.changed_since'))
          return
        }
        const operations = same.length > 0 ? (await write(kind, same)).operations : []
        if (same.length > 0)
          say(i18next.t('cell.written', { n: count(same.length), rows: count(new Set(same.map((p) => p.record.id)).size) }))
        const restored = made.length > 0 ? await begin(kind, { ids: made }, { restore: true }) : undefined
        if (restored) follow(restored)
        return backOfAll(kind, same, restored ? [...operations, restored] : operations, follow, made)
      } catch (e) {
        warn(tell(e))
      }
    },
  }
}

/** An undo of many is work of its own: what comes after it waits for it. */
async function settled(id: string): Promise<void> {
  while (atWork(await get<Operation>(`/operations/${id}`))) await new Promise((done) => setTimeout(done, 300))
}

async function current(kind: Kind, ids: string[]): Promise<Map<string, Rec>> {
  const found = new Map<string, Rec>()
  for (let i = 0; i < ids.length; i += 100) {
    const filter = { field: 'id', op: 'in', value: ids.slice(i, i + 100) }
    const page = await post<Page<Rec>>(`/${kind.plural}:query`, { filter, limit: 200 })
    for (const r of page.data) found.set(r.id, r)
  }
  return found
}
