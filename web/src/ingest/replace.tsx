import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, Problem, tell, words } from '../client/call'
import { stale } from '../client/data'
import type { Rec, Version } from '../client/types'
import { DateInput } from '../field/date'
import { bytes, titleOf, toWall } from '../field/format'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { say } from '../ui/toast'

type Warned = Record<string, string>

/** What stands in the way: somebody else is working on it, and may be overruled; else an error. */
function useForced(run: (force: boolean, once: string) => Promise<void>, done: string, onClose: () => void) {
  const { t } = useTranslation()
  const [warned, setWarned] = useState<Warned>()
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  // Sent twice, the same request makes one version.
  const [once] = useState(() => `${Date.now()}-${Math.random()}`)
  const go = async () => {
    setBusy(true)
    setError('')
    try {
      await run(!!warned, once + (warned ? '-forced' : ''))
      say(t(done))
      stale('document')
      stale('receipt')
      onClose()
      return
    } catch (e) {
      if (e instanceof Problem && e.detail === 'error.taken') setWarned(e.fields)
      else {
        const field = e instanceof Problem && Object.values(e.fields).find((x) => x.startsWith('error.'))
        const title = e instanceof Problem && e.detail === 'error.version_known' ? e.fields.title : ''
        setError(title ? t('version.known', { title }) : field ? words(field) : tell(e))
      }
    }
    setBusy(false)
  }
  const note = (
    <div role="alert">
      {warned && (
        <p className="text-warn">
          {t('taken.by', { name: warned.taken_by ?? '', day: warned.taken_until ?? '' })}
          {warned.taken_for ? `${t('mark.colon')}${warned.taken_for}` : ''}
          {t('mark.stop')}
          {t('taken.warn')}
        </p>
      )}
      {error && <p className="text-bad">{error}</p>}
    </div>
  )
  return { go, busy, warned: !!warned, note }
}

/** A new file for a document: what is new in it, in a word. */
export function Replace({
  title,
  file,
  send,
  onClose,
}: {
  title: string
  file: File
  send: (note: string, force: boolean, once: string) => Promise<void>
  onClose: () => void
}) {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const forced = useForced((force, once) => send(note.trim(), force, once), 'version.done', onClose)
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('version.new')}
      note={title}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone={forced.warned ? 'danger' : 'primary'} busy={forced.busy} onClick={forced.go}>
            {t(forced.warned ? 'version.force' : 'version.put')}
          </Button>
        </>
      }
    >
      <p className="break-words pb-2">
        {file.name} <span className="figures text-xs text-muted">{bytes(file.size)}</span>
      </p>
      <Row label={t('version.note')} note={t('version.put_note')}>
        {(ids) => <input {...ids} className="control" maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} />}
      </Row>
      {forced.note}
    </Dialog>
  )
}

/** An earlier version becomes the document's file again, as one more. */
export function PutBack({ record, version, onClose }: { record: Rec; version: Version; onClose: () => void }) {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const forced = useForced(
    (force, once) =>
      post(
        `/documents/${record.id}/versions/${version.version}/restore`,
        { note: note.trim(), force },
        { once, version: record.version },
      ).then(() => undefined),
    'version.restored',
    onClose,
  )
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('version.restore_nth', { n: version.version })}
      note={titleOf(record)}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone={forced.warned ? 'danger' : 'primary'} busy={forced.busy} onClick={forced.go}>
            {t(forced.warned ? 'version.force' : 'version.restore')}
          </Button>
        </>
      }
    >
      <Row label={t('version.note')} note={t('version.restore_note', { n: version.version })}>
        {(ids) => <input {...ids} className="control" maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} />}
      </Row>
      {forced.note}
    </Dialog>
  )
}

/** Until when, and what for, somebody works on a document. */
export function TakeOut({ record, onClose }: { record: Rec; onClose: () => void }) {
  const { t } = useTranslation()
  const week = toWall(new Date(Date.now() + 6 * 86_400_000).toISOString()).slice(0, 10)
  const [until, setUntil] = useState(week)
  const [reason, setReason] = useState(String(record.taken_for ?? ''))
  const forced = useForced(
    (force, once) => post(`/documents/${record.id}/checkout`, { until, reason: reason.trim(), force }, { once }).then(() => undefined),
    'taken.done',
    onClose,
  )
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('taken.take')}
      note={titleOf(record)}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" busy={forced.busy} disabled={!until} onClick={forced.go}>
            {t(forced.warned ? 'taken.force' : 'taken.take')}
          </Button>
        </>
      }
    >
      <Row label={t('taken.until')} required>
        {(ids) => <DateInput {...ids} value={until} onChange={(d) => setUntil(d ?? '')} />}
      </Row>
      <Row label={t('taken.for')} note={t('taken.note')} className="pt-3">
        {(ids) => <input {...ids} className="control" maxLength={500} value={reason} onChange={(e) => setReason(e.target.value)} />}
      </Row>
      {forced.note}
    </Dialog>
  )
}
