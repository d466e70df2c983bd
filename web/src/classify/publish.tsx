import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem, tell } from '../client/call'
import type { Dimension } from '../client/types'
import { count } from '../field/format'
import { say, warn } from '../ui/toast'
import { useConfirmed } from './confirm'
import { discard, draft, type Previewed, publish, redraft, revised, type Setup, undoJob } from './setup'

/** Puts a setup in force. Above the ceiling a person confirms the exact number; a draft that was made only for this goes again where he thinks better of it. */
export function usePublish(dimension: Dimension): {
  busy: boolean
  dialog: ReactNode
  put: (setup: Setup, note: string, seen: Previewed | undefined, id?: string) => Promise<boolean>
  keep: (setup: Setup, note: string, id?: string) => Promise<string | undefined>
} {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const [confirmed, dialog] = useConfirmed()
  const put = async (setup: Setup, note: string, seen: Previewed | undefined, id?: string) => {
    setBusy(true)
    let made: string | undefined
    try {
      const many = seen && seen.moved > seen.ceiling ? seen.moved : undefined
      const job = await confirmed(async (confirm) => {
        if (id) await redraft(id, note, setup)
        else made ??= (await draft(dimension.id, note, setup)).id
        return publish(id ?? made!, confirm ?? seen?.moved)
      }, many)
      if (job) {
        say(t('revision.published', { n: count(seen?.moved ?? 0) }), {
          title: t('act.undo'),
          run: () => undoJob(dimension.id, dimension.kind, job.job),
        })
        made = undefined
      }
      return !!job
    } catch (e) {
      warn(e instanceof Problem && e.fields.rules ? t('revision.stale') : tell(e))
      return false
    } finally {
      if (made) await discard(made).catch(() => {})
      revised(dimension.kind)
      setBusy(false)
    }
  }
  const keep = async (setup: Setup, note: string, id?: string) => {
    setBusy(true)
    try {
      const kept = id ?? (await draft(dimension.id, note, setup)).id
      if (id) await redraft(id, note, setup)
      say(t('revision.kept_draft'))
      return kept
    } catch (e) {
      warn(tell(e))
      return undefined
    } finally {
      revised('revision')
      setBusy(false)
    }
  }
  return { busy, dialog, put, keep }
}

export const publishWords = (t: (key: string, o?: Record<string, unknown>) => string, seen: Previewed | undefined) =>
  seen ? t('revision.publish_n', { n: count(seen.moved) }) : t('revision.publish')
