import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Bookmark, Pencil, Star, StarOff, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, tell } from '../client/call'
import { useKinds } from '../client/data'
import type { Page, Rec } from '../client/types'
import { count } from '../field/format'
import { kindLabel } from '../field/label'
import { Bar } from '../ui/bar'
import { Button, IconButton } from '../ui/button'
import { Tag } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { faceIcons } from './faceicon'
import { Naming } from './naming'
import { addressOf, forget, lists, renameView, type Saved } from './saved'
import { cleanView } from './view'

/** Every view that reaches this person, kind by kind: what it is called, who sees it, where a list begins. */
export function Views() {
  const { t } = useTranslation()
  const kinds = useKinds()
  const [asking, setAsking] = useState<Saved>()
  const { data, error, refetch } = useQuery({
    queryKey: ['view', 'all'],
    queryFn: ({ signal }) => get<{ data: Saved[] }>('/views', signal),
    select: lists,
  })
  const groups = kinds
    .map((kind) => ({ kind, views: data?.data.filter((v) => v.of === kind.kind) ?? [] }))
    .filter((g) => g.views.length > 0)
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.views')} />
      <section tabIndex={0} aria-label={t('nav.views')} className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none">
        {error ? (
          <Empty title={t('error.title')} note={tell(error)}>
            <Button onClick={() => refetch()}>{t('act.again')}</Button>
          </Empty>
        ) : !data || kinds.length === 0 ? (
          <Skeleton lines={8} />
        ) : groups.length === 0 ? (
          <Empty icon={Bookmark} title={t('view.none')} note={t('view.none_note')}>
            <Link to={'/receipts' as never} className="text-accent hover:underline">
              {t('view.to_list')}
            </Link>
          </Empty>
        ) : (
          <div className="max-w-[900px] px-6 py-3 max-md:px-4">
            {groups.map(({ kind, views }) => (
              <section key={kind.kind} aria-labelledby={`views-${kind.kind}`}>
                <h2 id={`views-${kind.kind}`} className="flex items-baseline gap-2 border-b border-line pt-4 pb-2 font-medium">
                  {kindLabel(kind)}
                  <span className="text-xs font-normal text-muted figures">{count(views.length)}</span>
                </h2>
                <ul>
                  {views.map((v) => (
                    <One key={v.id} view={v} to={`/${kind.plural}`} onEdit={() => setAsking(v)} />
                  ))}
                </ul>
              </section>
            ))}
          </div>
        )}
      </section>
      {asking && (
        <Naming
          of={asking}
          title={t('view.edit_title')}
          standard
          onClose={() => setAsking(undefined)}
          onKeep={async (a) => {
            await renameView(asking, a)
            say(t('view.saved', { name: a.name }))
            setAsking(undefined)
          }}
        />
      )}
    </div>
  )
}

function One({ view: v, to, onEdit }: { view: Saved; to: string; onEdit: () => void }) {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const audience = useAudience(v)
  const as = v.face?.as ?? 'grid'
  const Icon = faceIcons[as] ?? Bookmark
  const act = async (what: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await what()
    } catch (e) {
      warn(tell(e))
    } finally {
      setBusy(false)
    }
  }
  const first = () =>
    act(async () => {
      const { name, shared, roles, departments } = v
      await renameView(v, { name, shared, roles: roles ?? [], departments: departments ?? [], standard: !v.standard })
      say(t('view.saved', { name }))
    })
  return (
    <li className="flex min-h-12 items-center gap-3 border-b border-line py-1.5">
      <Icon size={16} role="img" aria-label={t(`face.${as}`)} className="shrink-0 text-muted" />
      <span className="min-w-0 flex-1">
        <Link
          to={to as never}
          search={cleanView({ ...addressOf(v) } as Record<string, unknown>) as never}
          className="block truncate font-medium hover:underline max-md:py-1"
        >
          {v.name}
        </Link>
        <span className="block truncate text-xs text-muted">{[v.by?.title, audience].filter(Boolean).join(' · ')}</span>
      </span>
      {v.standard && <Tag tone="accent">{t('view.default')}</Tag>}
      {v.mine && (
        <span className="flex shrink-0">
          <IconButton
            icon={v.standard ? StarOff : Star}
            label={t(v.standard ? 'view.unset_default' : 'view.set_default', { name: v.name })}
            disabled={busy}
            onClick={first}
          />
          <IconButton icon={Pencil} label={t('view.edit', { name: v.name })} onClick={onEdit} />
          <IconButton icon={Trash2} label={t('view.drop', { name: v.name })} disabled={busy} onClick={() => act(() => forget(v))} />
        </span>
      )}
    </li>
  )
}

/** Who sees a view, in words. */
function useAudience(v: Saved): string {
  const { t, i18n } = useTranslation()
  const named = (what: 'roles' | 'departments') => ({
    queryKey: [what.slice(0, -1), 'audience'],
    enabled: v.shared && (v[what] ?? []).length > 0,
    queryFn: () => get<Page<Rec>>(`/${what}?limit=200`),
  })
  const roles = useQuery(named('roles')).data?.data ?? []
  const departments = useQuery(named('departments')).data?.data ?? []
  if (!v.shared) return t('view.private')
  const names = [
    ...(v.roles ?? []).map((r) => (i18n.exists(`role.${r}`) ? t(`role.${r}`) : (roles.find((x) => x.name === r)?.title ?? r))),
    ...(v.departments ?? []).flatMap((id) => departments.find((d) => d.id === id)?.title ?? []),
  ]
  return names.length > 0 ? t('view.shared_with', { who: names.join(t('mark.comma')) }) : t('view.shared_all')
}
