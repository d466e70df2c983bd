import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '../client/call'
import { useSession } from '../client/data'
import type { Page, Rec } from '../client/types'
import { Bar, Space } from '../ui/bar'
import { Button } from '../ui/button'
import { Tabs } from '../ui/tabs'
import { Empty } from '../ui/wait'
import { NewToken, NewUser } from './make'
import { Roles } from './roles'
import { Tokens } from './tokens'
import { Users } from './users'

export function usePeople(what: 'users' | 'roles' | 'tokens' | 'departments') {
  return useQuery({
    queryKey: [what.slice(0, -1), 'all'],
    queryFn: ({ signal }) => get<Page<Rec>>(`/${what}?limit=200`, signal),
  })
}

/** Who may come in, as what, and which programs. */
export function People() {
  const { t } = useTranslation()
  const search = useSearch({ strict: false }) as { tab?: string }
  const navigate = useNavigate()
  const tab = search.tab ?? 'users'
  const [making, setMaking] = useState(false)
  if (useSession().data?.user.admin === false) return <Empty title={t('error.denied')} note={t('error.code.denied')} />
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.people')}>
        <Space />
        {tab !== 'roles' && (
          <Button tone="primary" icon={Plus} onClick={() => setMaking(true)}>
            {t(tab === 'tokens' ? 'token.new' : 'user.new')}
          </Button>
        )}
      </Bar>
      <div className="flex min-h-0 flex-1 flex-col bg-panel">
        <Tabs
          label={t('nav.people')}
          value={tab}
          onChange={(id) => navigate({ to: '.', search: { tab: id } as never, replace: true })}
          tabs={[
            { id: 'users', title: t('people.users'), body: <Users /> },
            { id: 'roles', title: t('people.roles'), body: <Roles /> },
            { id: 'tokens', title: t('people.tokens'), body: <Tokens onNew={() => setMaking(true)} /> },
          ]}
        />
      </div>
      {making && (tab === 'tokens' ? <NewToken onClose={() => setMaking(false)} /> : <NewUser onClose={() => setMaking(false)} />)}
    </div>
  )
}
