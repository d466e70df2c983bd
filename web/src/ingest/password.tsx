import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, Problem, tell, words } from '../client/call'
import { stale } from '../client/data'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { onEnter } from '../ui/key'
import { Row } from '../ui/row'
import { say } from '../ui/toast'

/** An encrypted paper is read again with the password a person knows; it is used once and not kept. */
export function Password({ document, onClose, onDone }: { document: string; onClose: () => void; onDone?: () => void }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const go = async () => {
    setBusy(true)
    try {
      await post(`/documents/${document}/retry`, { password })
      say(t('done.unlocked'))
      stale('document')
      onDone?.()
      onClose()
    } catch (e) {
      setError(e instanceof Problem && e.fields.password ? words(e.fields.password) : tell(e))
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('password.title')}
      note={t('password.note')}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" disabled={!password} busy={busy} onClick={go}>
            {t('queue.retry')}
          </Button>
        </>
      }
    >
      <Row label={t('password.label')} error={error}>
        {(ids) => (
          <input
            {...ids}
            className="control"
            type="password"
            autoComplete="off"
            autoFocus
            value={password}
            onChange={(e) => setPassword(e.target.value)}
            onKeyDown={onEnter(() => password && go())}
          />
        )}
      </Row>
    </Dialog>
  )
}
