import { FolderInput } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Ask, useMay } from '../client/data'
import type { Kind, Ref } from '../client/types'
import { count } from '../field/format'
import { RefInput } from '../field/ref'
import { begin } from '../record/operation'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'

/** Puts the chosen documents into a folder: one operation, which can be taken back. */
export function Move({ document, ask, n, onBegun }: { document: Kind; ask: Ask; n: number; onBegun: (operation: string) => void }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [to, setTo] = useState<Ref | null>(null)
  const [busy, setBusy] = useState(false)
  if (!useMay('document', 'update')) return null
  const run = async () => {
    setBusy(true)
    const id = await begin(document, { filter: ask.filter, q: ask.q }, { edit: { folder: to?.id ?? null } })
    setBusy(false)
    if (!id) return
    setOpen(false)
    onBegun(id)
  }
  return (
    <>
      <Button icon={FolderInput} onClick={() => setOpen(true)}>
        {t('cabinet.move')}
      </Button>
      {open && (
        <Dialog
          open
          onClose={() => setOpen(false)}
          title={t('cabinet.move')}
          note={t('cabinet.move_note', { n: count(n) })}
          foot={
            <Button form tone="primary" busy={busy} onClick={run}>
              {t(to ? 'cabinet.move_here' : 'cabinet.move_out')}
            </Button>
          }
        >
          <Row label={t('kind.folder')} note={t('cabinet.move_none')}>
            {(ids) => <RefInput {...ids} kind="folder" value={to} onChange={setTo} />}
          </Row>
        </Dialog>
      )}
    </>
  )
}
