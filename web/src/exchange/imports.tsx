import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { FileInput, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, tell } from '../client/call'
import { useKinds } from '../client/data'
import type { Page } from '../client/types'
import { count, moment } from '../field/format'
import { choiceLabel, kindLabel } from '../field/label'
import { Bar, Space } from '../ui/bar'
import { Button } from '../ui/button'
import { State as Mark, type Tone } from '../ui/tag'
import { Empty, Skeleton } from '../ui/wait'
import { Profiles } from './profiles'
import { Start } from './start'
import { busy, type Import, type State } from './types'
import { Work } from './work'

export const tones: Record<State, Tone> = {
  mapping: 'accent',
  checking: 'accent',
  running: 'accent',
  done: 'ok',
  failed: 'bad',
  undoing: 'accent',
  undone: 'plain',
}

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
  const [profiles, setProfiles] = useState(false)
  const list = useInfiniteQuery({
    queryKey: ['import', 'list', 'page'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => get<Page<Import>>(`/imports?limit=50&cursor=${encodeURIComponent(pageParam)}`, signal),
    getNextPageParam: (last) => (last.has_more && last.next_cursor ? last.next_cursor : undefined),
    refetchInterval: (q) => (q.state.data?.pages.some((p) => p.data.some((i) => busy(i.state))) ? 1500 : false),
  })
  const rows = list.data?.pages.flatMap((p) => p.data) ?? []
  const begin = kinds.some((k) => k.can?.includes('create')) && (
    <Button tone="primary" icon={FileInput} onClick={() => navigate({ to: '/imports', search: { start: '' } as never })}>
      {t('import.new')}
    </Button>
  )
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.imports')}>
        <Space />
        <Button onClick={() => setProfiles(true)}>{t('profile.title')}</Button>
        {begin}
      </Bar>
      <section tabIndex={0} aria-label={t('nav.imports')} className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none">
        {list.isPending ? (
          <Skeleton lines={8} />
        ) : list.error ? (
          <Empty icon={TriangleAlert} title={t('error.title')} note={tell(list.error)}>
            <Button onClick={() => list.refetch()}>{t('act.again')}</Button>
          </Empty>
        ) : rows.length === 0 ? (
          <Empty icon={FileInput} title={t('import.empty')} note={t('import.empty_note')}>
            {begin}
          </Empty>
        ) : (
          <>
            <ul className="px-6 py-2 max-md:px-4">
              {rows.map((i) => (
                <li key={i.id} className="border-b border-line">
                  <button
                    type="button"
                    className="flex min-h-12 w-full items-center gap-4 py-2 text-left hover:bg-hover max-md:flex-wrap max-md:gap-x-3 max-md:gap-y-1"
                    onClick={() => navigate({ to: '/imports', search: { id: i.id } as never })}
                  >
                    <span className="w-20 shrink-0">
                      <Mark tone={tones[i.state]}>{choiceLabel('import', 'state', i.state)}</Mark>
                    </span>
                    <span className="min-w-0 flex-1 truncate">
                      {i.name}
                      <span className="ml-2 text-muted">{kindLabel(kinds.find((k) => k.kind === i.of) ?? { kind: i.of })}</span>
                    </span>
                    <span className="shrink-0 text-muted">
                      {t('import.sum', { rows: count(i.rows), taken: count(i.created + i.updated), rejected: count(i.rejected) })}
                    </span>
                    <time dateTime={i.created_at} className="shrink-0 text-xs text-muted">
                      {moment(i.created_at)}
                    </time>
                  </button>
                </li>
              ))}
            </ul>
            {list.hasNextPage && (
              <div className="flex justify-center p-4">
                <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
                  {t('act.more')}
                </Button>
              </div>
            )}
          </>
        )}
      </section>
      {profiles && <Profiles onClose={() => setProfiles(false)} />}
    </div>
  )
}
