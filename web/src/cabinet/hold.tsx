import i18next from 'i18next'
import { Lock } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, tell } from '../client/call'
import { stale, useSession } from '../client/data'
import type { Kind, Rec } from '../client/types'
import { titleOf } from '../field/format'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { say, warn } from '../ui/toast'

export async function lift(kind: Kind, id: string): Promise<void> {
  try {
    await post(`/${kind.plural}/${id}/release`)
    say(i18next.t('cabinet.lifted'))
  } catch (e) {
    warn(tell(e))
  }
  stale(kind.kind)
}

/** On a customer's or a document's page: whether it is held, why, and for who administers the way to change that. */
export function Hold({ kind, record }: { kind: Kind; record: Rec }) {
  const { t } = useTranslation()
  const admin = useSession().data?.user.admin !== false
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const why = typeof record.hold === 'string' ? record.hold : ''
  if (!why && (!admin || record.deleted_at)) return null
  const hold = async () => {
    setBusy(true)
    try {
      await post(`/${kind.plural}/${record.id}/hold`, { reason: reason.trim() })
      say(t('cabinet.held_now'))
      setAsking(false)
    } catch (e) {
      warn(tell(e))
    }
    setBusy(false)
    stale(kind.kind)
  }
  return (
    <section aria-label={t('cabinet.hold')} className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-2">
      {why ? (
        <>
          <Lock size={14} aria-hidden className="shrink-0 text-warn" />
          <p className="min-w-0 flex-1 text-warn">{t('cabinet.held_why', { reason: why })}</p>
          {admin && !record.deleted_at && <Button onClick={() => void lift(kind, record.id)}>{t('cabinet.lift')}</Button>}
        </>
      ) : (
        <>
          <span className="flex-1 text-xs text-muted">{t('cabinet.hold_none')}</span>
          <Button icon={Lock} onClick={() => setAsking(true)}>
            {t('cabinet.hold')}
          </Button>
        </>
      )}
      {asking && (
        <Dialog
          open
          onClose={() => setAsking(false)}
          title={t('cabinet.hold')}
          note={titleOf(record)}
          foot={
            <Button form tone="primary" busy={busy} disabled={reason.trim() === ''} onClick={hold}>
              {t('cabinet.hold')}
            </Button>
          }
        >
          <Row
            label={t('cabinet.hold_reason')}
            required
            note={t(kind.kind === 'customer' ? 'cabinet.hold_customer' : 'cabinet.hold_document')}
          >
            {(ids) => <input {...ids} className="control" maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} />}
          </Row>
        </Dialog>
      )}
    </section>
  )
}
