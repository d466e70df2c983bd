import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Drawers } from '../cabinet/drawers'
import { Places } from '../cabinet/places'
import { Move } from '../cabinet/move'
import { useKind } from '../client/data'
import { UploadButton } from '../ingest/upload'
import { watch } from '../record/operating'
import { ListPage } from '../record/page'
import { Skeleton } from '../ui/wait'
import { partOf } from './list'
import { Lost } from './lost'

/** The cabinet: the list of documents, beside the drawers that they lie in. */
export function Cabinet() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const kind = useKind('document')
  if (kind === undefined) return <Skeleton lines={12} />
  if (kind === null) return <Lost />
  const look = (id: string) => navigate({ to: '/operations', search: { id } as never })
  return (
    <ListPage
      kind={kind}
      title={t('nav.cabinet')}
      places={<Places />}
      handMade={false}
      part={partOf(kind)}
      primary={<UploadButton />}
      start={<UploadButton />}
      side={(close) => <Drawers document={kind} onGone={close} />}
      tools={(ask, chosen) => chosen !== undefined && <Move document={kind} ask={ask} n={chosen} onBegun={(id) => watch(id, look)} />}
    />
  )
}
