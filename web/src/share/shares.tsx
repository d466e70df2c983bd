import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Share2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { post, tell } from '../client/call'
import { useKinds } from '../client/data'
import type { Filter, Page, Rec, Ref } from '../client/types'
import { titleOf } from '../field/format'
import { kindLabel } from '../field/label'
import { Bar } from '../ui/bar'
import { Button } from '../ui/button'
import { Segments } from '../ui/segments'
import { Empty, Skeleton } from '../ui/wait'
import type { Shared } from './data'
import { ShareLine } from './list'

interface View {
  state?: 'ended' | 'all'
  q?: string
}

/** Everything that is out: one's own, and all of it for who administers. What is live stands first, and ends at one press. */
export function Shares() {
  const { t } = useTranslation()
  const view = useSearch({ strict: false }) as View
  const navigate = useNavigate()
  const change = (v: View) => navigate({ to: '.', search: v as never, replace: true })
  const list = useInfiniteQuery({
    queryKey: ['share', 'list', view.state ?? 'live', view.q ?? ''],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      post<Page<Rec>>('/shares:query', { filter: filterOf(view.state), q: view.q, limit: 100, cursor: pageParam }, { signal }),
    getNextPageParam: (last) => (last.has_more && last.next_cursor ? last.next_cursor : undefined),
  })
  const rows = list.data?.pages.flatMap((p) => p.data) ?? []
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.shares')}>
        <input
          type="search"
          className="control h-7! w-56 max-md:h-11! max-md:w-40"
          aria-label={t('share.find')}
          placeholder={t('share.find')}
          value={view.q ?? ''}
          onChange={(e) => change({ ...view, q: e.target.value || undefined })}
        />
        <Segments
          label={t('share.which')}
          value={view.state ?? 'live'}
          options={['live', 'ended', 'all'].map((s) => [s, t(`share.which_${s}`)])}
          onChange={(s) => change({ ...view, state: s === 'live' ? undefined : (s as View['state']) })}
        />
      </Bar>
      <section tabIndex={0} aria-label={t('nav.shares')} className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none">
        {list.isPending ? (
          <Skeleton lines={6} />
        ) : list.error ? (
          <Empty title={t('error.title')} note={tell(list.error)}>
            <Button onClick={() => list.refetch()}>{t('act.again')}</Button>
          </Empty>
        ) : rows.length === 0 ? (
          view.q || view.state ? (
            <Empty title={t('empty.match')} note={t('empty.match_note')}>
              <Button onClick={() => change({})}>{t('filter.clear')}</Button>
            </Empty>
          ) : (
            <Empty icon={Share2} title={t('share.empty')} note={t('share.empty_note')}>
              <Button onClick={() => navigate({ to: '/receipts' as never })}>{t('share.to_receipts')}</Button>
            </Empty>
          )
        ) : (
          <>
            <ul className="max-w-[1000px] px-6 py-3 max-md:px-4">
              {rows.map((r) => (
                <ShareLine key={r.id} share={sharedOf(r)} title={<About share={r} />} />
              ))}
            </ul>
            {list.hasNextPage && (
              <p className="px-6 pb-4 max-md:px-4">
                <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
                  {t('act.more')}
                </Button>
              </p>
            )}
          </>
        )}
      </section>
    </div>
  )
}

/** By the minute, so that the list is asked for again no oftener. */
const now = () => `${new Date().toISOString().slice(0, 16)}:00Z`

function filterOf(state?: string): Filter {
  const live: Filter = {
    and: [
      { field: 'revoked_at', op: 'empty' },
      { field: 'expires_at', op: 'gt', value: now() },
    ],
  }
  return state === 'all' ? { and: [] } : state === 'ended' ? { not: live } : live
}

/** A record of the list is the share itself: whoever sees it there may end it. */
function sharedOf(r: Rec): Shared {
  const most = Number(r.most ?? 0)
  const opened = Number(r.opened ?? 0)
  const state = r.revoked_at
    ? 'revoked'
    : String(r.expires_at) <= new Date().toISOString()
      ? 'expired'
      : most > 0 && opened >= most
        ? 'used'
        : 'live'
  return {
    id: r.id,
    state,
    receiver: String(r.receiver ?? ''),
    fields: [],
    original: r.original === true,
    guarded: r.guarded === true,
    by: (r.owner as Ref | null) ?? null,
    mine: true,
    created_at: String(r.created_at ?? ''),
    expires_at: String(r.expires_at ?? ''),
    most,
    opened,
    opened_at: r.opened_at ? String(r.opened_at) : null,
  }
}

function About({ share }: { share: Rec }) {
  const kind = useKinds().find((k) => k.kind === share.about)
  if (!kind) return <span className="truncate text-muted">{titleOf(share)}</span>
  return (
    <Link to={`/${kind.plural}` as never} search={{ id: String(share.rec) } as never} className="truncate text-accent hover:underline">
      {kindLabel(kind)} · {titleOf(share)}
    </Link>
  )
}
