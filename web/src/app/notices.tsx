import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { AtSign, Bell, CheckCheck, CircleAlert, FileInput, type LucideIcon, Stamp, UserRoundCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, tell } from '../client/call'
import { cache, unread, useKinds, useUnread } from '../client/data'
import type { Kind, Page, Rec, Ref } from '../client/types'
import { ago, moment } from '../field/format'
import { fieldLabel, kindLabel } from '../field/label'
import { Bar, Space } from '../ui/bar'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { Segments } from '../ui/segments'
import { warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'

interface Notice extends Rec {
  why: 'mentioned' | 'assigned' | 'review' | 'accepted' | 'refused' | 'imported' | 'failed'
  about: string
  rec: string
  name: string
  body: string
  by: Ref | null
  count: number | null
  read_at: string | null
}

const icons: Record<Notice['why'], LucideIcon> = {
  mentioned: AtSign,
  assigned: UserRoundCheck,
  review: Stamp,
  accepted: Stamp,
  refused: Stamp,
  imported: FileInput,
  failed: CircleAlert,
}

/** What concerns the reader: who named him, gave him something, waits for him; and what became of his imports. */
export function Notices() {
  const { t } = useTranslation()
  const kinds = useKinds()
  const navigate = useNavigate()
  const [all, setAll] = useState(false)
  const waiting = useUnread()
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['notice', 'list', all],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      post<Page<Notice>>('/notices:query', { filter: all ? undefined : unread, limit: 50, cursor: pageParam }, { signal }),
    getNextPageParam: (last) => (last.has_more && last.next_cursor ? last.next_cursor : undefined),
  })
  const read = useMutation({
    mutationFn: (ids?: string[]) => post('/notices:read', { ids }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['notice'] }),
    onError: (e) => warn(tell(e)),
  })
  const open = (n: Notice) => {
    if (!n.read_at) read.mutate([n.id])
    const kind = kinds.find((k) => k.kind === n.about)
    if (n.why === 'review') navigate({ to: '/reviews' })
    else if (n.about === 'import') navigate({ to: '/imports', search: { id: n.rec } as never })
    else if (kind)
      navigate({
        to: '/$plural',
        params: { plural: kind.plural },
        search: { id: n.rec, tab: n.why === 'mentioned' ? 'talk' : undefined } as never,
      })
  }
  const rows = data?.pages.flatMap((p) => p.data) ?? []
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.notices')}>
        <Segments
          label={t('nav.notices')}
          value={all ? 'all' : 'unread'}
          onChange={(v) => setAll(v === 'all')}
          options={[
            ['unread', t('notice.unread')],
            ['all', t('notice.all')],
          ]}
        />
        <Space />
        {waiting > 0 && (
          <Button icon={CheckCheck} busy={read.isPending} onClick={() => read.mutate(undefined)}>
            {t('notice.read_all')}
          </Button>
        )}
      </Bar>
      <section
        tabIndex={0}
        aria-label={t('nav.notices')}
        className="min-h-0 flex-1 overflow-auto bg-panel px-6 py-3 focus-visible:outline-none max-md:px-4"
      >
        {error ? (
          <p role="alert">{tell(error)}</p>
        ) : !data ? (
          <Skeleton lines={6} />
        ) : rows.length === 0 ? (
          <Empty icon={Bell} title={t(all ? 'notice.none' : 'notice.none_unread')} note={t('notice.none_note')} />
        ) : (
          <>
            <ul className="max-w-[860px]">
              {rows.map((n) => (
                <Line key={n.id} notice={n} kind={kinds.find((k) => k.kind === n.about)} onOpen={() => open(n)} />
              ))}
            </ul>
            {hasNextPage && (
              <Button busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
                {t('act.more')}
              </Button>
            )}
          </>
        )}
      </section>
    </div>
  )
}

function Line({ notice: n, kind, onOpen }: { notice: Notice; kind: Kind | undefined; onOpen: () => void }) {
  const { t } = useTranslation()
  const Icon = icons[n.why]
  const many = n.why === 'assigned' && (n.count ?? 1) > 1
  const what = many && kind ? t('notice.many', { n: n.count, kind: kindLabel(kind) }) : n.name
  const field = kind?.fields.find((f) => f.name === n.body)
  const said = n.why === 'mentioned' ? n.body : field && kind ? fieldLabel(kind.kind, field) : ''
  return (
    <li className="border-b border-line last:border-0">
      <button
        type="button"
        onClick={onOpen}
        className="flex w-full items-start gap-3 rounded-md px-2 py-2.5 text-left hover:bg-hover focus-visible:-outline-offset-2 max-md:min-h-14"
      >
        <Icon size={16} aria-hidden strokeWidth={1.7} className={cx('mt-0.5 shrink-0', n.why === 'failed' ? 'text-bad' : 'text-muted')} />
        <span className="min-w-0 flex-1">
          <span className={cx('block truncate', !n.read_at && 'font-medium')}>
            {t(`notice.why_${n.why}`, { by: n.by?.title ?? t('notice.somebody'), n: n.count ?? 0 })}
            <span className="mx-1.5 text-muted" aria-hidden>
              ·
            </span>
            {what}
          </span>
          {said && <span className="block truncate text-sm text-muted">{said}</span>}
        </span>
        <time dateTime={String(n.created_at)} title={moment(String(n.created_at))} className="shrink-0 text-xs text-muted">
          {ago(String(n.created_at))}
        </time>
        {!n.read_at && (
          <span className="mt-1.5 size-2 shrink-0 rounded-full bg-accent">
            <span className="sr-only">{t('notice.unread')}</span>
          </span>
        )}
      </button>
    </li>
  )
}
