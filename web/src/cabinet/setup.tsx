import { Link } from '@tanstack/react-router'
import { ClipboardList } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import { useMayRule } from '../client/data'
import { Button } from '../ui/button'
import { say, warn } from '../ui/toast'
import { Empty } from '../ui/wait'
import { type Asked, setUp } from './data'

/** Where nothing is asked for yet: begin with what most businesses ask for, or write it oneself. */
export function SetUp({ asked, here }: { asked: Asked; here?: boolean }) {
  const { t } = useTranslation()
  const may = useMayRule()
  const [busy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    try {
      await setUp()
      say(t('cabinet.set_up'))
    } catch (e) {
      warn(tell(e))
    }
    setBusy(false)
  }
  return (
    <Empty icon={ClipboardList} title={t('cabinet.no_list')} note={t(may ? 'cabinet.no_list_note' : 'cabinet.no_list_ask')}>
      {may && (
        <Button tone="primary" form busy={busy} onClick={run}>
          {t('cabinet.take_usual')}
        </Button>
      )}
      {may && asked.ready && !here && (
        <Link to={'/cabinet/checklist' as never} className="flex h-8 items-center rounded-md border border-line px-2.5 hover:bg-hover">
          {t('cabinet.write_list')}
        </Link>
      )}
    </Empty>
  )
}
