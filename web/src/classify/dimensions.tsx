import { useNavigate, useSearch } from '@tanstack/react-router'
import { FolderTree, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import { useDimensions, useKinds, useMayRule } from '../client/data'
import type { Dimension } from '../client/types'
import { fieldLabel, kindLabel } from '../field/label'
import { Bar, Space } from '../ui/bar'
import { Button } from '../ui/button'
import { Tag } from '../ui/tag'
import { Empty, Skeleton } from '../ui/wait'
import { Bands } from './bands'
import { DimensionList } from './dimensionlist'
import { lookups, NewDimension } from './newdimension'
import { Tree } from './tree'

/** The standards by which records are classed: their trees and bounds. */
export function Dimensions() {
  const { t } = useTranslation()
  const all = useDimensions()
  const search = useSearch({ strict: false }) as { id?: string }
  const navigate = useNavigate()
  const [making, setMaking] = useState(false)
  const may = useMayRule()
  const list = all.data?.data ?? []
  const at = list.find((d) => d.id === search.id) ?? list[0]
  const go = (id: string) => navigate({ to: '.', search: { id } as never, replace: true })
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.dimensions')}>
        <Space />
        {may && (
          <Button tone="primary" icon={Plus} onClick={() => setMaking(true)}>
            {t('dimension.new')}
          </Button>
        )}
      </Bar>
      {all.isPending ? (
        <Skeleton lines={10} />
      ) : all.error ? (
        <Empty title={t('error.title')} note={tell(all.error)}>
          <Button onClick={() => all.refetch()}>{t('act.again')}</Button>
        </Empty>
      ) : !at ? (
        <Empty icon={FolderTree} title={t('dimension.empty')} note={t('dimension.empty_note')}>
          <Button onClick={() => setMaking(true)}>{t('dimension.new')}</Button>
        </Empty>
      ) : (
        <div className="flex min-h-0 flex-1 max-md:flex-col">
          <DimensionList list={list} at={at.id} onGo={go} />
          <div className="min-w-0 flex-1 overflow-auto bg-panel">
            <div className="max-w-[760px] px-6 py-5 max-md:px-4">
              <Head dimension={at} />
              {at.by === 'bands' ? (
                <Bands key={at.id} dimension={at} fixed={!may} />
              ) : (
                <Tree key={at.id} dimension={at} fixed={at.by !== 'rules' || !may} />
              )}
            </div>
          </div>
        </div>
      )}
      {making && (
        <NewDimension
          onClose={() => setMaking(false)}
          onMade={(d) => {
            setMaking(false)
            go(d.id)
          }}
        />
      )}
    </div>
  )
}

function Head({ dimension }: { dimension: Dimension }) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const navigate = useNavigate()
  const kind = kinds.find((k) => k.kind === dimension.kind)
  return (
    <header className="pb-3">
      <div className="flex items-center gap-2">
        <h2 className="flex items-center gap-2 text-lg">
          {dimension.title}
          <Tag>{t(`dimension.by_${dimension.by}`)}</Tag>
          {dimension.multi && <Tag>{t('dimension.multi')}</Tag>}
        </h2>
        <span className="flex-1" />
        {dimension.by === 'rules' && (
          <Button onClick={() => navigate({ to: '/rules', search: { dimension: dimension.id } as never })}>{t('dimension.rules')}</Button>
        )}
      </div>
      <p className="mt-1 text-muted">
        {t(`dimension.note_${dimension.by}`, {
          kind: kind ? kindLabel(kind) : dimension.kind,
          of: kind && dimension.of ? (lookups(kind, kinds).find((l) => l.of === dimension.of)?.label ?? dimension.of) : '',
        })}
        {dimension.as_of &&
          ` ${t('dimension.note_as_of', { day: kind ? fieldLabel(dimension.kind, kind.fields.find((f) => f.name === dimension.as_of) ?? { name: dimension.as_of }) : dimension.as_of })}`}
      </p>
    </header>
  )
}
