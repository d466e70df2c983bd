import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import { useKind, useKinds, useList, useMayRule } from '../client/data'
import type { Filter, Kind, Ref } from '../client/types'
import { count, moment, titleOf } from '../field/format'
import { Bar } from '../ui/bar'
import { Button } from '../ui/button'
import { Segments } from '../ui/segments'
import { warn } from '../ui/toast'
import { Tag } from '../ui/tag'
import { Empty, Skeleton } from '../ui/wait'
import {
  type Asked,
  asksNothing,
  found,
  type Give,
  saveAsked,
  useAsked,
  useExposed,
  useMissing,
  useMissingCount,
  useOutdated,
  useOutdatedCount,
} from './data'
import { GiveButton } from './give'
import { Places } from './places'
import { SetUp } from './setup'

type List = 'missing' | 'outdated' | 'exposed'

/** What the cabinet lacks: files that are not there, that are too old, that are too open. Each line offers what to do about it. */
export function Missing({ onGive, onRevoke }: { onGive: Give; onRevoke: (share: string) => Promise<void> }) {
  const { t } = useTranslation()
  const search = useSearch({ strict: false }) as { list?: List; kind?: string }
  const navigate = useNavigate()
  const list = search.list === 'outdated' || search.list === 'exposed' ? search.list : 'missing'
  const asked = useAsked()
  const missing = useMissing(list === 'missing' ? (search.kind ?? '') : '')
  const outdated = useOutdated()
  const exposed = useExposed()
  const wide = exposed.data?.pages[0]?.wide
  const totals: Record<List, number | undefined> = {
    missing: useMissingCount().data?.total,
    outdated: useOutdatedCount().data?.total,
    exposed: exposed.data && exposed.data.pages[0]!.total + (wide?.count ?? 0),
  }
  const show = (to: List) => navigate({ to: '.', search: (to === 'missing' ? {} : { list: to }) as never, replace: true })
  const all = { missing, outdated, exposed }[list]
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.cabinet')}>
        <Places />
      </Bar>
      <section
        tabIndex={0}
        aria-label={t('cabinet.page_missing')}
        className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none"
      >
        <div className="max-w-[1100px] px-6 py-3 max-md:px-4">
          <div className="flex">
            <Segments
              label={t('cabinet.page_missing')}
              value={list}
              onChange={(v) => show(v as List)}
              options={(['missing', 'outdated', 'exposed'] as const).map((l) => [
                l,
                <>
                  {t(`cabinet.list_${l}`)}
                  {totals[l] !== undefined && <span className="ml-1.5 text-xs">{count(totals[l])}</span>}
                </>,
              ])}
            />
          </div>
          <p className="pt-2 text-xs text-muted">{t(`cabinet.note_${list}`)}</p>
          {asked.error || all.error ? (
            <Empty icon={TriangleAlert} title={t('error.title')} note={tell(asked.error ?? all.error)}>
              <Button onClick={() => (asked.error ? asked.refetch() : all.refetch())}>{t('act.again')}</Button>
            </Empty>
          ) : !asked.data || all.isPending ? (
            <Skeleton lines={8} />
          ) : asksNothing(asked.data) && list !== 'exposed' ? (
            <SetUp asked={asked.data} />
          ) : (
            <>
              {list === 'missing' && (
                <MissingList
                  pages={missing.data!.pages}
                  kind={search.kind}
                  onKind={(kind) => navigate({ to: '.', search: (kind ? { kind } : {}) as never, replace: true })}
                  onGive={onGive}
                />
              )}
              {list === 'outdated' && <OutdatedList pages={outdated.data!.pages} onGive={onGive} />}
              {list === 'exposed' && <ExposedList pages={exposed.data!.pages} asked={asked.data} onRevoke={onRevoke} />}
              {all.hasNextPage && (
                <Button className="my-3" busy={all.isFetchingNextPage} onClick={() => all.fetchNextPage()}>
                  {t('act.more')}
                </Button>
              )}
            </>
          )}
        </div>
      </section>
    </div>
  )
}

function Line({ children }: { children: ReactNode }) {
  return <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-1.5">{children}</li>
}

function To({ plural, to }: { plural: string; to: Ref }) {
  return (
    <Link to={`/${plural}` as never} search={{ id: to.id } as never} className="min-w-0 truncate text-accent hover:underline">
      {to.title}
    </Link>
  )
}

function Fine({ note }: { note: string }) {
  const { t } = useTranslation()
  return (
    <Empty icon={CircleCheck} title={t('cabinet.fine')} note={note}>
      <Link to={'/cabinet/checklist' as never} className="text-accent hover:underline">
        {t('cabinet.to_checklist')}
      </Link>
    </Empty>
  )
}

type Pages<H extends (...a: never[]) => { data?: { pages: unknown[] } }> = NonNullable<ReturnType<H>['data']>['pages']

function MissingList({
  pages,
  kind,
  onKind,
  onGive,
}: {
  pages: Pages<typeof useMissing>
  kind?: string
  onKind: (kind: string) => void
  onGive: Give
}) {
  const { t } = useTranslation()
  const kinds = useMissingCount().data?.kinds ?? []
  if (pages[0]!.data.length === 0 && !kind) return <Fine note={t('cabinet.fine_missing')} />
  return (
    <>
      <div className="flex pt-3">
        <Segments
          label={t('cabinet.which_kind')}
          value={kind ?? ''}
          onChange={onKind}
          options={[['', t('cabinet.any_kind')], ...kinds.map((k): [string, ReactNode] => [k.id, `${k.title} ${count(k.count)}`])]}
        />
      </div>
      <ul aria-label={t('cabinet.list_missing')} className="pt-2">
        {pages
          .flatMap((p) => p.data)
          .map((l) => (
            <Line key={l.customer.id}>
              <span className="flex min-w-56 flex-1 items-center gap-2 max-md:basis-full">
                <To plural="customers" to={l.customer} />
                {l.stage && <Tag>{l.stage}</Tag>}
              </span>
              <span className="flex flex-wrap items-center gap-1.5">
                <span className="text-xs text-muted">{t('cabinet.lacks')}</span>
                {l.kinds.map((k) => (
                  <GiveButton key={k.id} customer={l.customer} kind={k} onGive={onGive} />
                ))}
              </span>
            </Line>
          ))}
      </ul>
    </>
  )
}

function OutdatedList({ pages, onGive }: { pages: Pages<typeof useOutdated>; onGive: Give }) {
  const { t } = useTranslation()
  if (pages[0]!.data.length === 0) return <Fine note={t('cabinet.fine_outdated')} />
  return (
    <ul aria-label={t('cabinet.list_outdated')} className="pt-2">
      {pages
        .flatMap((p) => p.data)
        .map((s) => (
          <Line key={s.document.id + s.kind.id}>
            <span className="flex min-w-56 flex-1 flex-col max-md:basis-full">
              <To plural="documents" to={s.document} />
              {s.customer && (
                <span className="flex text-xs">
                  <To plural="customers" to={s.customer} />
                </span>
              )}
            </span>
            <Tag>{s.kind.title}</Tag>
            <span className="text-xs text-warn">{t('cabinet.outdated_since', { day: s.day, n: s.days })}</span>
            {s.customer && <GiveButton customer={s.customer} kind={s.kind} again onGive={onGive} />}
          </Line>
        ))}
    </ul>
  )
}

function ExposedList({
  pages,
  asked,
  onRevoke,
}: {
  pages: Pages<typeof useExposed>
  asked: Asked
  onRevoke: (share: string) => Promise<void>
}) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const document = useKind('document')
  const { total, wide } = pages[0]!
  if (total + wide.count === 0) return <Fine note={t('cabinet.fine_exposed')} />
  return (
    <>
      {total > 0 && (
        <>
          <h2 className="pt-4 text-xs font-medium text-muted">{t('cabinet.shares', { n: count(total) })}</h2>
          <ul aria-label={t('cabinet.open_shares')}>
            {pages
              .flatMap((p) => p.shares)
              .map((s) => (
                <Line key={s.id}>
                  <span className="flex min-w-56 flex-1 flex-col max-md:basis-full">
                    <To plural={kinds.find((k) => k.kind === s.about)?.plural ?? 'documents'} to={s.rec} />
                    <span className="truncate text-xs text-muted">
                      {t('cabinet.shared_by', {
                        by: s.by?.title ?? '',
                        to: s.receiver || t('cabinet.anybody'),
                        until: moment(s.expires_at),
                      })}
                    </span>
                  </span>
                  {s.why.map((w) => (
                    <Tag key={w} tone={w === 'confidential' ? 'bad' : 'warn'}>
                      {t(`cabinet.why_${w}`)}
                    </Tag>
                  ))}
                  <Button
                    tone="danger"
                    aria-label={t('cabinet.revoke_of', { title: s.rec.title })}
                    onClick={() => void onRevoke(s.id).then(found)}
                  >
                    {t('cabinet.revoke')}
                  </Button>
                </Line>
              ))}
          </ul>
        </>
      )}
      {wide.count > 0 && document && <WideList document={document} roles={wide.roles} filter={wide.filter} n={wide.count} asked={asked} />}
    </>
  )
}

/** Confidential documents that roles read which are not trusted to. */
function WideList({ document, roles, filter, n, asked }: { document: Kind; roles: Ref[]; filter: Filter; n: number; asked: Asked }) {
  const { t } = useTranslation()
  const may = useMayRule()
  const list = useList(document, { filter }, true, 50)
  const rows = list.data?.pages.flatMap((p) => p.data) ?? []
  const trust = async () => {
    try {
      await saveAsked({ ...asked, trusted: [...new Set([...asked.trusted, ...roles.map((r) => r.id)])] })
    } catch (e) {
      warn(tell(e))
    }
  }
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 pt-5">
        <h2 className="min-w-56 flex-1 text-xs font-medium text-muted">
          {t('cabinet.wide', { n: count(n), roles: roles.map((r) => r.title).join(t('mark.comma')) })}
        </h2>
        <Link to={'/people' as never} className="text-accent hover:underline">
          {t('cabinet.narrow')}
        </Link>
        {may && <Button onClick={() => void trust()}>{t('cabinet.trust')}</Button>}
      </div>
      <ul aria-label={t('cabinet.wide_list')}>
        {rows.map((r) => (
          <Line key={r.id}>
            <span className="flex min-w-56 flex-1">
              <To plural="documents" to={{ id: r.id, title: titleOf(r) }} />
            </span>
            <Tag tone="bad">{t('cabinet.why_everybody')}</Tag>
          </Line>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button className="my-3" busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          {t('act.more')}
        </Button>
      )}
    </>
  )
}
