import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronRight, LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { call } from '../client/call'
import { cache, useKinds, useSession } from '../client/data'
import { Bar } from '../ui/bar'
import { Button } from '../ui/button'
import { places } from './nav'

/** On a phone: every page that the bottom bar has no room for. */
export function More() {
  const { t } = useTranslation()
  const groups = places(useKinds(), t, useSession().data?.user)
  const navigate = useNavigate()
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.more')} />
      <section tabIndex={0} aria-label={t('nav.more')} className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none">
        {groups.map((group, i) => (
          <ul key={i} className="border-b-8 border-ground">
            {group.map((p) => (
              <li key={p.to}>
                <Link to={p.to as never} className="flex h-12 items-center gap-3 border-b border-line px-4 text-base hover:bg-hover">
                  <p.icon size={18} strokeWidth={1.6} aria-hidden className="text-muted" />
                  <span className="flex-1">{p.title}</span>
                  <ChevronRight size={16} aria-hidden className="text-muted" />
                </Link>
              </li>
            ))}
          </ul>
        ))}
        <div className="p-4">
          <Button
            icon={LogOut}
            className="w-full"
            onClick={async () => {
              await call('DELETE', '/session').catch(() => {})
              cache.clear()
              cache.setQueryData(['session'], null)
              navigate({ to: '/login' })
            }}
          >
            {t('door.out')}
          </Button>
        </div>
      </section>
    </div>
  )
}
