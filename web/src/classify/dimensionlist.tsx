import { useTranslation } from 'react-i18next'
import { useKinds } from '../client/data'
import type { Dimension } from '../client/types'
import { kindLabel } from '../field/label'
import { SideList } from '../ui/sidelist'

/** The dimensions by kind. */
export function DimensionList({ list, at, onGo }: { list: Dimension[]; at: string; onGo: (id: string) => void }) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const groups = [...new Set(list.map((d) => d.kind))].map((kind) => ({
    title: kindLabel(kinds.find((k) => k.kind === kind) ?? { kind }),
    items: list.filter((d) => d.kind === kind),
  }))
  return <SideList label={t('dimension.list')} groups={groups} at={at} onGo={onGo} />
}
