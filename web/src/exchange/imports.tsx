import { useNavigate, useSearch } from '@tanstack/react-router'
import { Columns3Cog, FileInput } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useKind, useKinds } from '../client/data'
import { ListPage } from '../record/page'
import { Button } from '../ui/button'
import { Skeleton } from '../ui/wait'
import { ExchangeMenu } from './menu'
import { Profiles } from './profiles'
import { Start } from './start'
import { Work } from './work'

/** Tables taken in: all of them, a new one, or one at work. Which, the address says. */
export function Imports() {
  const { id, start } = useSearch({ strict: false }) as { id?: string; start?: string }
  if (id) return <Work key={id} id={id} />
  if (start !== undefined) return <Start kind={start} />
  return <All />
}

function All() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const kinds = useKinds()
  const kind = useKind('import')
  const [profiles, setProfiles] = useState(false)
  if (!kind) return <Skeleton lines={8} />
  const begin = (fold: boolean) =>
    kinds.some((k) => k.can?.includes('create')) && (
      <Button tone="primary" fold={fold} icon={FileInput} onClick={() => navigate({ to: '/imports', search: { start: '' } as never })}>
        {t('import.new')}
      </Button>
    )
  return (
    <>
      <ListPage
        kind={kind}
        handMade={false}
        primary={begin(true)}
        start={begin(false)}
        startNote={t('import.empty_note')}
        tools={(ask) => <ExchangeMenu kind={kind} ask={ask} />}
        places={
          <Button fold icon={Columns3Cog} onClick={() => setProfiles(true)}>
            {t('profile.title')}
          </Button>
        }
      />
      {profiles && <Profiles onClose={() => setProfiles(false)} />}
    </>
  )
}
