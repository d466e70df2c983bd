import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { get, tell } from '../client/call'
import { useKinds, useSession } from '../client/data'
import { bytes, count, moment } from '../field/format'
import { kindLabel } from '../field/label'
import { Bar, Space } from '../ui/bar'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { State } from '../ui/tag'
import { Empty, Skeleton } from '../ui/wait'

type How = 'ok' | 'note' | 'warn' | 'bad'

interface Check {
  id: string
  state: How
  count: number
  at: string
  words: string
}

interface Report {
  server: { version: string; since: string; database: 'sqlite' | 'postgres'; size: number; memory: number; free: number; room: number }
  checks: Check[]
  kinds: { kind: string; rows: number; about: boolean }[]
  originals: { files: number; bytes: number }
  limits: { id: string; value: number; unit: 'bytes' | 'count' }[]
}

const icons: Record<How, LucideIcon> = { ok: CircleCheck, note: Info, warn: TriangleAlert, bad: CircleAlert }
const inks: Record<How, string> = { ok: 'text-ok', note: 'text-muted', warn: 'text-warn', bad: 'text-bad' }
/** Where a person sees to it. */
const places: Record<string, { to: string; search?: Record<string, string> }> = {
  jobs: { to: '/jobs', search: { state: 'dead' } },
  waiting: { to: '/jobs', search: { state: 'waiting' } },
  mailboxes: { to: '/mailboxes' },
  hooks: { to: '/hooks' },
  backup: { to: '/jobs', search: { tab: 'schedules' } },
}

/** How the workspace fares: what needs somebody first, then how much there is, then up to where things go. */
export function Health() {
  const { t } = useTranslation()
  const session = useSession().data
  const kinds = useKinds()
  const admin = session?.user.admin
  const { data, error, refetch } = useQuery({
    queryKey: ['health'],
    enabled: admin === true,
    refetchInterval: 15_000,
    queryFn: ({ signal }) => get<Report>('/health', signal),
  })
  const todo = data?.checks.filter((c) => c.state === 'warn' || c.state === 'bad').length ?? 0
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.health')}>
        {data && <State tone={todo ? 'warn' : 'ok'}>{todo ? t('health.todo', { n: count(todo) }) : t('health.fine')}</State>}
        <Space />
        <span className="text-xs text-muted max-md:hidden">{t('health.refreshed')}</span>
      </Bar>
      <section tabIndex={0} aria-label={t('nav.health')} className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none">
        {admin === false ? (
          <Empty title={t('health.denied')} />
        ) : error && !data ? (
          <Empty title={t('error.title')} note={tell(error)}>
            <Button onClick={() => refetch()}>{t('act.again')}</Button>
          </Empty>
        ) : !data ? (
          <Skeleton lines={10} />
        ) : (
          <div className="grid max-w-[1080px] gap-x-10 gap-y-7 px-6 py-5 max-md:px-4 lg:grid-cols-2">
            <Part title={t('health.checks')} wide>
              <ul>
                {data.checks.map((c) => (
                  <Line key={c.id} check={c} demo={session?.demo === true} />
                ))}
              </ul>
            </Part>
            <Part title={t('health.amounts')}>
              <table className="w-full">
                <thead className="text-left text-xs text-muted">
                  <tr>
                    <th className="py-1 font-normal">{t('health.kind')}</th>
                    <th className="py-1 text-right font-normal">{t('health.rows')}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.kinds
                    .filter((m) => m.rows > 0 && kinds.some((k) => k.kind === m.kind))
                    .map((m) => (
                      <tr key={m.kind} className="border-t border-line">
                        <td className="py-1">{kindLabel(kinds.find((k) => k.kind === m.kind)!)}</td>
                        <td className="py-1 text-right tabular-nums">
                          {m.about ? t('health.about', { n: count(m.rows) }) : count(m.rows)}
                        </td>
                      </tr>
                    ))}
                </tbody>
              </table>
            </Part>
            <div className="flex flex-col gap-7">
              <Part title={t('health.server')}>
                <dl>
                  <Figure name={t('settings.version')}>{data.server.version}</Figure>
                  <Figure name={t('health.since')}>{moment(data.server.since)}</Figure>
                  <Figure name={t('health.memory')}>{bytes(data.server.memory)}</Figure>
                  <Figure name={t('health.database')}>{t(`health.${data.server.database}`)}</Figure>
                  <Figure name={t('health.database_size')}>{bytes(data.server.size)}</Figure>
                  <Figure name={t('health.originals')}>
                    {t('health.originals_note', { files: count(data.originals.files), size: bytes(data.originals.bytes) })}
                  </Figure>
                  {data.server.free >= 0 && (
                    <Figure name={t('health.disk')}>
                      {t('health.disk_note', { free: bytes(data.server.free), room: bytes(data.server.room) })}
                    </Figure>
                  )}
                </dl>
              </Part>
              <Part title={t('health.limits')} note={t('health.limits_note')}>
                <dl>
                  {data.limits.map((l) => (
                    <Figure key={l.id} name={t(`health.limit_${l.id}`)}>
                      {l.unit === 'bytes' ? bytes(l.value) : count(l.value)}
                    </Figure>
                  ))}
                </dl>
              </Part>
            </div>
          </div>
        )}
      </section>
    </div>
  )
}

function Line({ check: c, demo }: { check: Check; demo: boolean }) {
  const { t } = useTranslation()
  const Icon = icons[c.state]
  const place = places[c.id]
  return (
    <li className="flex items-start gap-3 border-t border-line py-2 first:border-t-0">
      <Icon size={16} className={cx('mt-0.5 shrink-0', inks[c.state])} aria-hidden />
      <div className="min-w-0 flex-1 md:flex md:gap-3">
        <h3 className="w-44 shrink-0 font-medium">{t(`health.${c.id}`)}</h3>
        <p className={cx('min-w-0', c.state === 'ok' || c.state === 'note' ? 'text-muted' : 'text-ink')}>{saying(c, demo, t)}</p>
      </div>
      {place && (c.state === 'warn' || c.state === 'bad' || c.count > 0) && (
        <Link to={place.to as never} search={(place.search ?? {}) as never} className="shrink-0 text-accent hover:underline">
          {t('act.open')}
          <span className="sr-only">{t(`health.${c.id}`)}</span>
        </Link>
      )}
    </li>
  )
}

function saying(c: Check, demo: boolean, t: (key: string, values?: Record<string, string>) => string): string {
  const values = { count: count(c.count), size: bytes(c.count), at: moment(c.at), words: c.words }
  if (c.id === 'backup' && c.state === 'warn' && !c.at) return t('health.backup_never')
  if (c.id === 'backup' && c.state === 'ok' && !c.at && demo) return t('health.backup_demo')
  if (c.state === 'ok' && c.count > 0 && (c.id === 'followers' || c.id === 'waiting')) return t(`health.${c.id}_busy`, values)
  return t(`health.${c.id}_${c.state}`, values)
}

function Part({ title, note, wide, children }: { title: string; note?: string; wide?: boolean; children: ReactNode }) {
  return (
    <section aria-label={title} className={cx(wide && 'lg:col-span-2')}>
      <h2 className="pb-1.5 text-base font-medium">{title}</h2>
      {note && <p className="pb-1.5 text-xs text-muted">{note}</p>}
      {children}
    </section>
  )
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-4 border-t border-line py-1">
      <dt className="min-w-0 flex-1 text-muted">{name}</dt>
      <dd className="text-right tabular-nums">{children}</dd>
    </div>
  )
}
