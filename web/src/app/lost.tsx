import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Bar } from '../ui/bar'
import { Empty } from '../ui/wait'

/** What an address leads to that leads nowhere. */
export function Lost() {
  const { t } = useTranslation()
  return (
    <>
      <Bar title={t('empty.page')} />
      <Empty icon={Compass} title={t('empty.page_note')}>
        <Link to="/" className="text-accent hover:underline">
          {t('act.home')}
        </Link>
      </Empty>
    </>
  )
}
