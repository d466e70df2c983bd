import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CalendarClock, CircleCheck, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, get, tell } from '../client/call'
import { cache, useKind, useList, useMay, useSession } from '../client/data'
import type { Kind, Ref } from '../client/types'
import { count, titleOf } from '../field/format'
import { kindLabel } from '../field/label'
import { begin } from '../record/operation'
import { Bar } from '../ui/bar'
import { Button } from '../ui/button'
import { say, warn } from '../ui/toast'
import { Tag } from '../ui/tag'
import { Empty, Skeleton } from '../ui/wait'
import { lift } from './hold'
import { Places } from './places'

interface Rules {
  keep: { kind: string; years: number }[]
  kinds: Ref[]
}

interface DuePage {
  data: { document: Ref; customer: Ref | null; kind: Ref; day: string; years: number }[]
  total: number
  held: number
  next: number
}

const key = ['setting', 'retention']

/** For how long files are kept, which may go by now, and what is held all the same. */
export function Retention({ onBegun }: { onBegun: (operation: string) => void }) {
  const { t } = useTranslation()
  const rules = useQuery({ queryKey: key, queryFn: ({ signal }) => get<Rules>('/cabinet/retention', signal) })
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.cabinet')}>
        <Places />
      </Bar>
      <section
        tabIndex={0}
        aria-label={t('cabinet.page_retention')}
        className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none"
      >
        {rules.error ? (
          <Empty icon={TriangleAlert} title={t('error.title')} note={tell(rules.error)}>
            <Button onClick={() => rules.refetch()}>{t('act.again')}</Button>
          </Empty>
        ) : !rules.data ? (
          <Skeleton lines={8} />
        ) : rules.data.kinds.length === 0 ? (
          <Empty icon={CalendarClock} title={t('cabinet.no_kinds')} note={t('cabinet.no_kinds_note')}>
            <Link to={'/cabinet/checklist' as never} className="text-accent hover:underline">
              {t('cabinet.to_checklist')}
            </Link>
          </Empty>
        ) : (
          <div className="flex max-w-[1100px] flex-col gap-6 px-6 py-4 max-md:px-4">
            <Years key={JSON.stringify(rules.data.keep)} rules={rules.data} />
            <DueList none={rules.data.keep.length === 0} onBegun={onBegun} />
            <Held />
          </div>
        )}
      </section>
    </div>
  )
}

function Years({ rules }: { rules: Rules }) {
  const { t } = useTranslation()
  const admin = useSession().data?.user.admin !== false
  const [keep, setKeep] = useState(rules.keep)
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      cache.setQueryData(key, await call<Rules>('PUT', '/cabinet/retention', { keep }))
      cache.invalidateQueries({ queryKey: ['document', 'due'] })
      say(t('cabinet.years_saved'))
    } catch (e) {
      warn(tell(e))
    }
    setBusy(false)
  }
  return (
    <fieldset disabled={!admin}>
      <legend className="text-base font-medium">{t('cabinet.years')}</legend>
      <p className="pb-2 text-xs text-muted">{t(admin ? 'cabinet.years_note' : 'cabinet.years_admin')}</p>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        {rules.kinds.map((k) => (
          <label key={k.id} className="flex items-center gap-2">
            <span className="w-20 truncate text-muted">{k.title}</span>
            <input
              type="number"
              className="control w-20"
              min={1}
              max={100}
              aria-label={t('cabinet.years_of', { kind: k.title })}
              value={keep.find((x) => x.kind === k.id)?.years ?? ''}
              onChange={(e) => {
                const n = Math.round(Number(e.target.value))
                setKeep([...keep.filter((x) => x.kind !== k.id), ...(n > 0 ? [{ kind: k.id, years: Math.min(n, 100) }] : [])])
              }}
            />
            <span className="text-muted">{t('cabinet.year')}</span>
          </label>
        ))}
      </div>
      {admin && (
        <Button
          form
          tone="primary"
          className="mt-3"
          busy={busy}
          disabled={JSON.stringify(keep) === JSON.stringify(rules.keep)}
          onClick={save}
        >
          {t('act.save')}
        </Button>
      )}
    </fieldset>
  )
}

/** What has been kept long enough: proposed, and moved to the trash only by a person. */
function DueList({ none, onBegun }: { none: boolean; onBegun: (operation: string) => void }) {
  const { t } = useTranslation()
  const document = useKind('document')
  const may = useMay('document', 'delete')
  const [picked, setPicked] = useState<Set<string>>(new Set())
  const [busy, setBusy] = useState(false)
  const due = useInfiniteQuery({
    queryKey: ['document', 'due'],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) => get<DuePage>(`/cabinet/due${pageParam ? `?after=${pageParam}` : ''}`, signal),
    getNextPageParam: (last) => last.next || undefined,
  })
  const rows = due.data?.pages.flatMap((p) => p.data) ?? []
  const first = due.data?.pages[0]
  const chosen = rows.filter((r) => picked.has(r.document.id)).map((r) => r.document.id)
  const trash = async () => {
    if (!document) return
    setBusy(true)
    const id = await begin(document, { ids: chosen }, { trash: true })
    setBusy(false)
    if (!id) return
    setPicked(new Set())
    onBegun(id)
  }
  const flip = (id: string) => {
    const next = new Set(picked)
    if (!next.delete(id)) next.add(id)
    setPicked(next)
  }
  return (
    <section aria-label={t('cabinet.due')}>
      <h2 className="text-base font-medium">
        {t('cabinet.due')} {first && <span className="text-sm font-normal text-muted">{count(first.total)}</span>}
      </h2>
      <p className="pb-2 text-xs text-muted">
        {t('cabinet.due_note')} {first && first.held > 0 && t('cabinet.due_held', { n: count(first.held) })}
      </p>
      {due.error ? (
        <Empty icon={TriangleAlert} title={t('error.title')} note={tell(due.error)}>
          <Button onClick={() => due.refetch()}>{t('act.again')}</Button>
        </Empty>
      ) : due.isPending ? (
        <Skeleton lines={4} />
      ) : rows.length === 0 ? (
        <p className="flex items-center gap-2 text-muted">
          <CircleCheck size={15} aria-hidden />
          {t(none ? 'cabinet.due_unset' : 'cabinet.due_none')}
        </p>
      ) : (
        <>
          {may && (
            <div className="flex flex-wrap items-center gap-3 pb-2">
              <label className="flex items-center gap-2 max-md:min-h-11">
                <input
                  type="checkbox"
                  checked={chosen.length === rows.length}
                  onChange={() => setPicked(new Set(chosen.length === rows.length ? [] : rows.map((r) => r.document.id)))}
                />
                {t('cabinet.pick_all', { n: count(rows.length) })}
              </label>
              <Button tone="danger" busy={busy} disabled={chosen.length === 0} onClick={trash}>
                {t('cabinet.to_trash', { n: count(chosen.length) })}
              </Button>
            </div>
          )}
          <ul aria-label={t('cabinet.due')} className="border-t border-line">
            {rows.map((r) => (
              <li key={r.document.id} className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-1.5">
                {may && (
                  <input
                    type="checkbox"
                    className="max-md:size-6"
                    aria-label={t('grid.select', { title: r.document.title })}
                    checked={picked.has(r.document.id)}
                    onChange={() => flip(r.document.id)}
                  />
                )}
                <Link
                  to={'/documents' as never}
                  search={{ id: r.document.id } as never}
                  className="min-w-40 flex-1 truncate text-accent hover:underline"
                >
                  {r.document.title}
                </Link>
                {r.customer && <span className="truncate text-muted">{r.customer.title}</span>}
                <Tag>{r.kind.title}</Tag>
                <span className="text-xs text-muted">{t('cabinet.due_since', { day: r.day, n: r.years })}</span>
              </li>
            ))}
          </ul>
          {due.hasNextPage && (
            <Button className="my-3" busy={due.isFetchingNextPage} onClick={() => due.fetchNextPage()}>
              {t('act.more')}
            </Button>
          )}
        </>
      )}
    </section>
  )
}

/** What is held, whatever its years: customers with all that is theirs, and single documents. */
function Held() {
  const { t } = useTranslation()
  const customer = useKind('customer')
  const document = useKind('document')
  return (
    <section aria-label={t('cabinet.held')}>
      <h2 className="text-base font-medium">{t('cabinet.held')}</h2>
      <p className="pb-2 text-xs text-muted">{t('cabinet.held_note')}</p>
      {customer && <HeldOf kind={customer} />}
      {document && <HeldOf kind={document} />}
    </section>
  )
}

function HeldOf({ kind }: { kind: Kind }) {
  const { t } = useTranslation()
  const admin = useSession().data?.user.admin !== false
  const list = useList(kind, { filter: { field: 'hold', op: 'present' } }, true, 50)
  const rows = list.data?.pages.flatMap((p) => p.data) ?? []
  if (list.error) return <p className="text-bad">{tell(list.error)}</p>
  if (rows.length === 0) return <p className="text-muted">{t('cabinet.held_none', { kind: kindLabel(kind) })}</p>
  return (
    <ul aria-label={kindLabel(kind)} className="border-t border-line">
      {rows.map((r) => (
        <li key={r.id} className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-1.5">
          <Tag>{kindLabel(kind)}</Tag>
          <Link
            to={`/${kind.plural}` as never}
            search={{ id: r.id } as never}
            className="min-w-40 flex-1 truncate text-accent hover:underline"
          >
            {titleOf(r)}
          </Link>
          <span className="truncate text-muted">{String(r.hold)}</span>
          {admin && (
            <Button aria-label={t('cabinet.lift_of', { title: titleOf(r) })} onClick={() => void lift(kind, r.id)}>
              {t('cabinet.lift')}
            </Button>
          )}
        </li>
      ))}
      {list.hasNextPage && (
        <li className="py-2">
          <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {t('act.more')}
          </Button>
        </li>
      )}
    </ul>
  )
}
