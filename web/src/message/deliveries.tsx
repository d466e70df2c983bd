import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, get, post, tell, words } from '../client/call'
import { cache } from '../client/data'
import { bytes, count, moment } from '../field/format'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { Segments } from '../ui/segments'
import { State } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { type Delivery, type Hook, outcomes } from './hook'

interface Page {
  data: Delivery[]
  next_cursor: string
  has_more: boolean
}

const shown = ['', 'applied', 'partly', 'refused', 'mapping']

/** What was sent to a hook, newest first: what became of each, why not, and the way to try again. */
export function Deliveries({ hook: h, onTry }: { hook: Hook; onTry: () => void }) {
  const { t } = useTranslation()
  const [of, setOf] = useState('')
  const list = useInfiniteQuery({
    queryKey: ['hook', 'deliveries', h.id, of],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<Page>(`/hooks/${h.id}/deliveries?${new URLSearchParams({ outcome: of, cursor: pageParam, limit: '30' })}`, signal),
    getNextPageParam: (last) => (last.has_more ? last.next_cursor : undefined),
    refetchInterval: (q) => (q.state.data?.pages.some((p) => p.data.some((d) => d.outcome === 'waiting')) ? 1000 : 5000),
  })
  const rows = list.data?.pages.flatMap((p) => p.data) ?? []
  return (
    <section aria-label={t('hook.deliveries')}>
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 pb-2">
        <h2 className="text-base font-medium">{t('hook.deliveries')}</h2>
        <Segments
          label={t('hook.outcome')}
          value={of}
          options={shown.map((o) => [o, t(o ? `hook.out_${o}` : 'hook.out_all')])}
          onChange={setOf}
        />
      </header>
      {list.error ? (
        <Empty title={t('error.title')} note={tell(list.error)}>
          <Button onClick={() => list.refetch()}>{t('act.again')}</Button>
        </Empty>
      ) : list.isPending ? (
        <Skeleton lines={4} />
      ) : rows.length === 0 ? (
        of ? (
          <p className="border-t border-line py-4 text-muted">{t('hook.no_such')}</p>
        ) : (
          <Empty title={t('hook.nothing')} note={t('hook.nothing_note')}>
            <Button onClick={onTry}>{t('hook.try')}</Button>
          </Empty>
        )
      ) : (
        <ul>
          {rows.map((d) => (
            <One key={d.id} hook={h} delivery={d} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <div className="flex justify-center p-4">
          <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {t('act.more')}
          </Button>
        </div>
      )}
      <p className="pt-2 text-xs text-muted">{t('hook.kept_for')}</p>
    </section>
  )
}

function One({ hook: h, delivery: d }: { hook: Hook; delivery: Delivery }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const act = async (what: () => Promise<unknown>, done: string) => {
    setBusy(true)
    try {
      await what()
      say(t(done))
    } catch (e) {
      warn(tell(e))
    }
    setBusy(false)
    cache.invalidateQueries({ queryKey: ['hook'] })
  }
  const at = `/hooks/${h.id}/deliveries/${d.id}`
  return (
    <li className="border-t border-line">
      <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 py-1.5">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-0.5 text-left hover:text-accent max-md:min-h-11"
        >
          <ChevronRight size={14} aria-hidden className={cx('shrink-0 text-muted transition-transform', open && 'rotate-90')} />
          <time dateTime={d.at} className="figures text-muted">
            {moment(d.at)}
          </time>
          <State tone={outcomes[d.outcome]}>{t(`hook.out_${d.outcome}`)}</State>
          <span className="min-w-0 truncate text-muted">
            {[
              d.trial && t('hook.trial'),
              d.rows > 0 && t('hook.rows', { rows: count(d.rows), taken: count(d.created + d.updated), rejected: count(d.rejected) }),
              d.name,
              bytes(d.size),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </button>
        {d.again && (
          <Button busy={busy} onClick={() => act(() => post(`${at}/retry`), 'hook.again')}>
            {t('act.again')}
          </Button>
        )}
      </div>
      {d.outcome === 'mapping' && <p className="pb-2 pl-6 text-warn">{t('hook.mapping_note')}</p>}
      {d.outcome === 'refused' && d.reason && (
        <p className="pb-2 pl-6 text-bad">{[words(d.reason), d.detail && `(${d.detail})`].filter(Boolean).join(' ')}</p>
      )}
      {(d.import || d.document) && d.outcome !== 'waiting' && (
        <p className="flex flex-wrap gap-x-4 pb-2 pl-6">
          {d.import && (
            <Link to="/imports" search={{ id: d.import } as never} className="text-accent hover:underline max-md:leading-[44px]">
              {t(d.outcome === 'mapping' || d.outcome === 'tried' ? 'hook.map' : 'hook.see_import')}
            </Link>
          )}
          {d.document && (
            <Link
              to={'/documents' as never}
              search={{ id: d.document } as never}
              className="text-accent hover:underline max-md:leading-[44px]"
            >
              {t('hook.see_document')}
            </Link>
          )}
        </p>
      )}
      {open && <Inside at={at} delivery={d} onForget={() => act(() => call('DELETE', at), 'hook.forgotten')} />}
    </li>
  )
}

interface Why {
  severity: string
  column: string
  reason: string
  count: number
}

/** What was sent, and what was wrong with its rows. */
function Inside({ at, delivery: d, onForget }: { at: string; delivery: Delivery; onForget: () => void }) {
  const { t } = useTranslation()
  const one = useQuery({ queryKey: ['hook', 'delivery', d.id], queryFn: ({ signal }) => get<Delivery>(at, signal) })
  const why = useQuery({
    queryKey: ['hook', 'why', d.import, d.outcome],
    enabled: !!d.import && d.rejected > 0,
    queryFn: ({ signal }) => get<{ data: Why[] }>(`/imports/${d.import}/reasons`, signal),
  })
  return (
    <div className="flex flex-col gap-2 pb-3 pl-6">
      {why.data && (
        <ul aria-label={t('import.reasons')}>
          {why.data.data
            .filter((w) => w.severity === 'reject')
            .map((w) => (
              <li key={w.column + w.reason} className="text-bad">
                {[w.column, t(`issue.${w.reason}`), `× ${count(w.count)}`].filter(Boolean).join(' ')}
              </li>
            ))}
        </ul>
      )}
      {one.data?.body ? (
        <section
          tabIndex={0}
          aria-label={t('hook.body')}
          className="max-h-[300px] overflow-auto rounded-md border border-line bg-ground p-2 font-mono text-xs"
        >
          <pre>{one.data.body}</pre>
        </section>
      ) : (
        one.data && <p className="text-muted">{t(isFile(d) ? 'hook.body_file' : 'hook.body_none')}</p>
      )}
      <p className="break-all text-xs text-muted">{t('hook.message', { id: d.message })}</p>
      {d.outcome !== 'waiting' && (
        <Button className="self-start" onClick={onForget}>
          {t('hook.forget')}
        </Button>
      )}
    </div>
  )
}

const isFile = (d: Delivery) => !!d.document || !!d.name
