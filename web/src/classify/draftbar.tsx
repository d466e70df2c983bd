import { PencilRuler, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import type { Dimension, Rule } from '../client/types'
import { Button, IconButton } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { say, warn } from '../ui/toast'
import { Skeleton } from '../ui/wait'
import { Preview, usePreview } from './preview'
import { publishWords, usePublish } from './publish'
import { Note } from './ruleeditor'
import { discard, type Revision, revised, type Setup } from './setup'

/** Says that a draft is being worked on, and puts it in force or throws it away. */
export function DraftBar({
  dimension,
  draft,
  rules,
  onLeave,
}: {
  dimension: Dimension
  draft: Revision
  rules?: Rule[]
  onLeave: () => void
}) {
  const { t } = useTranslation()
  const [publishing, setPublishing] = useState(false)
  const drop = async () => {
    try {
      await discard(draft.id)
      say(t('revision.discarded'))
      onLeave()
    } catch (e) {
      warn(tell(e))
    }
    revised('revision')
  }
  // Somebody has changed the rules since: publishing would put them back.
  const said = (list: { id?: string; version?: number }[]) => list.map((r) => `${r.id}@${r.version}`).join()
  const behind = !!rules && said(rules) !== said(draft.before?.rules ?? [])
  return (
    <div role="note" className="mb-3 flex flex-wrap items-center gap-2 rounded-md bg-warn-tint px-3 py-2">
      <PencilRuler size={15} aria-hidden className="text-warn" />
      <span className="min-w-0 flex-1">
        {t('revision.drafting', { note: draft.note || t('mark.untitled') })}
        {behind && <span className="block text-xs text-warn">{t('revision.drifted')}</span>}
      </span>
      <Button onClick={onLeave}>{t('revision.leave')}</Button>
      <IconButton icon={Trash2} label={t('revision.discard')} onClick={drop} />
      <Button tone="primary" onClick={() => setPublishing(true)}>
        {t('revision.preview_publish')}
      </Button>
      {publishing && (
        <PublishDialog
          dimension={dimension}
          setup={draft.after ?? {}}
          id={draft.id}
          note={draft.note}
          onClose={() => setPublishing(false)}
          onDone={onLeave}
        />
      )}
    </div>
  )
}

/** All that publishing would do, and the button that does it. */
export function PublishDialog({
  dimension,
  setup,
  id,
  note: first = '',
  onClose,
  onDone,
}: {
  dimension: Dimension
  setup: Setup
  id?: string
  note?: string
  onClose: () => void
  onDone: () => void
}) {
  const { t } = useTranslation()
  const [note, setNote] = useState(first)
  const seen = usePreview(dimension.id, setup)
  const { busy, dialog, put, keep } = usePublish(dimension)
  return (
    <>
      <Dialog
        open
        wide
        onClose={onClose}
        title={t('revision.preview')}
        note={dimension.title}
        foot={
          <>
            <span role="status" className="mr-auto text-bad">
              {seen.error ? tell(seen.error) : ''}
            </span>
            <Button form busy={busy} onClick={async () => (await keep(setup, note, id)) && onDone()}>
              {t('revision.as_draft')}
            </Button>
            <Button
              form
              tone="primary"
              busy={busy}
              disabled={!seen.data}
              onClick={async () => (await put(setup, note, seen.data, id)) && onDone()}
            >
              {publishWords(t, seen.data)}
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-4">
          <Note value={note} onChange={setNote} />
          {seen.data ? <Preview data={seen.data} /> : seen.isPending && <Skeleton lines={5} />}
        </div>
      </Dialog>
      {dialog}
    </>
  )
}
