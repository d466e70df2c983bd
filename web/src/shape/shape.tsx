import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Ellipsis, Plus, Shapes } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import { useKinds, useMayRule } from '../client/data'
import type { Field, Kind } from '../client/types'
import { kindLabel } from '../field/label'
import { Bar, Space } from '../ui/bar'
import { Button } from '../ui/button'
import { Menu } from '../ui/menu'
import { SideList } from '../ui/sidelist'
import { Tag } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { editKind, shapable, shownFields, useAdded } from './data'
import { FieldEditor } from './fieldeditor'
import { FieldList } from './fieldlist'
import { KindEditor } from './kindeditor'

/** What a workspace's records look like: its kinds, their fields, and what forms ask of them. */
export function Shape() {
  const { t } = useTranslation()
  const all = useKinds()
  const kinds = shapable(all)
  const may = useMayRule()
  const gone = useAdded('custom_kind').data?.data ?? []
  const search = useSearch({ strict: false }) as { kind?: string }
  const navigate = useNavigate()
  const [naming, setNaming] = useState<Kind | 'new'>()
  const [editing, setEditing] = useState<Field | 'new'>()
  const lost = gone.find((g) => g.name === search.kind)
  const at = lost ? undefined : (kinds.find((k) => k.kind === search.kind) ?? kinds[0])
  const go = (kind: string) => navigate({ to: '.', search: { kind } as never, replace: true })
  const retire = async (kind: string, title: string, retired: boolean) => {
    try {
      await editKind(kind, { retired })
      if (retired) say(t('shape.retired', { title }), { title: t('act.undo'), run: () => retire(kind, title, false) })
      else say(t('shape.back', { title }))
      go(kind)
    } catch (e) {
      warn(tell(e))
    }
  }
  const item = (k: Kind) => ({ id: k.kind, title: kindLabel(k), note: String(shownFields(k).length) })
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.shape')}>
        <Space />
        {may && (
          <Button tone="primary" icon={Plus} onClick={() => setNaming('new')}>
            {t('shape.kind_new')}
          </Button>
        )}
      </Bar>
      {all.length === 0 ? (
        <Skeleton lines={12} />
      ) : (
        <div className="flex min-h-0 flex-1 max-md:flex-col">
          <SideList
            label={t('shape.kinds')}
            at={lost ? String(lost.name) : (at?.kind ?? '')}
            onGo={go}
            groups={[
              { title: t('shape.own'), items: kinds.filter((k) => k.custom).map(item) },
              { title: t('shape.house'), items: kinds.filter((k) => !k.custom).map(item) },
              { title: t('shape.off'), items: gone.map((g) => ({ id: String(g.name), title: g.title })) },
            ]}
          />
          <div className="min-w-0 flex-1 overflow-auto bg-panel">
            {lost ? (
              <Empty icon={Shapes} title={t('shape.kind_off', { title: lost.title })} note={t('shape.kind_off_note')}>
                {may && (
                  <Button tone="primary" onClick={() => retire(String(lost.name), lost.title, false)}>
                    {t('shape.bring_back')}
                  </Button>
                )}
              </Empty>
            ) : (
              at && (
                <div className="max-w-[880px] px-6 py-5 max-md:px-4">
                  <header className="flex flex-wrap items-center gap-2 pb-3">
                    <h2 className="text-lg">{kindLabel(at)}</h2>
                    <Tag>{t(at.custom ? 'shape.added' : 'shape.built_in')}</Tag>
                    <Link to={`/${at.plural}` as never} className="text-accent hover:underline">
                      {t('shape.open')}
                    </Link>
                    <span className="flex-1" />
                    {may && (
                      <Button icon={Plus} onClick={() => setEditing('new')}>
                        {t('shape.field_new')}
                      </Button>
                    )}
                    {may && at.custom && (
                      <Menu
                        trigger={
                          <button
                            type="button"
                            aria-label={t('shape.kind_menu', { title: kindLabel(at) })}
                            className="inline-grid size-7 shrink-0 place-items-center rounded-md text-muted hover:bg-hover hover:text-ink max-md:size-11"
                          >
                            <Ellipsis size={16} aria-hidden />
                          </button>
                        }
                        groups={[
                          [{ id: 'rename', title: t('shape.kind_rename'), run: () => setNaming(at) }],
                          [{ id: 'retire', title: t('shape.retire'), danger: true, run: () => retire(at.kind, kindLabel(at), true) }],
                        ]}
                      />
                    )}
                  </header>
                  <FieldList key={at.kind} kind={at} may={may} onEdit={setEditing} />
                  <p className="pt-4 text-xs text-muted">
                    {t('shape.dimensions_note')}{' '}
                    <Link to={'/dimensions' as never} className="text-accent underline">
                      {t('nav.dimensions')}
                    </Link>
                  </p>
                </div>
              )
            )}
          </div>
        </div>
      )}
      {naming && (
        <KindEditor
          kind={naming === 'new' ? undefined : naming}
          onClose={() => setNaming(undefined)}
          onMade={(kind) => {
            setNaming(undefined)
            go(kind)
          }}
        />
      )}
      {editing && at && <FieldEditor kind={at} field={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </div>
  )
}
