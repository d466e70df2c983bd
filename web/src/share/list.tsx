import i18next from 'i18next'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, tell } from '../client/call'
import { stale } from '../client/data'
import { count, moment } from '../field/format'
import { Button } from '../ui/button'
import { State, type Tone } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { type Shared, useOpenings } from './data'

const tones: Record<Shared['state'], Tone> = { live: 'ok', revoked: 'bad', expired: 'plain', used: 'plain' }

/** Ends a link at once, for whoever is looking too. A new one is made as easily, so there is nothing to take back. */
export async function revoke(id: string): Promise<void> {
  try {
    await post(`/shares/${id}/revoke`)
    say(i18next.t('share.revoked'))
  } catch (e) {
    warn(tell(e))
  }
  stale('share')
}

/** One link: for whom, how often opened of how many times, until when; and who opened it, for who made it. */
export function ShareLine({ share: s, title }: { share: Shared; title?: ReactNode }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const who = s.receiver || t('share.anyone')
  return (
    <li className="border-b border-line py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 flex-1 basis-56">
          <span className="flex min-w-0 items-baseline gap-2">
            {title}
            <span className="truncate font-medium">{who}</span>
            <State tone={tones[s.state]}>{t(`share.state_${s.state}`)}</State>
          </span>
          <span className="block text-xs text-muted">
            {[
              s.by?.title,
              s.most > 0 ? t('share.opened_of', { n: count(s.opened), most: count(s.most) }) : t('share.opened', { n: count(s.opened) }),
              s.opened_at ? t('share.last', { at: moment(s.opened_at) }) : '',
              t('share.until_short', { at: moment(s.expires_at) }),
              s.guarded ? t('share.guarded') : '',
              s.original ? t('share.with_file') : '',
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </span>
        {s.mine && (
          <Button
            icon={open ? ChevronDown : ChevronRight}
            aria-expanded={open}
            aria-label={t('share.openings_of', { name: who })}
            onClick={() => setOpen(!open)}
          >
            {t('share.openings')}
          </Button>
        )}
        {s.mine && s.state === 'live' && (
          <Button tone="danger" aria-label={t('share.revoke_of', { name: who })} onClick={() => revoke(s.id)}>
            {t('share.revoke')}
          </Button>
        )}
      </div>
      {open && <Openings id={s.id} />}
    </li>
  )
}

function Openings({ id }: { id: string }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useOpenings(id)
  if (error)
    return (
      <Empty title={t('error.title')} note={tell(error)}>
        <Button onClick={() => refetch()}>{t('act.again')}</Button>
      </Empty>
    )
  if (!data) return <Skeleton lines={2} />
  if (data.data.length === 0) return <p className="py-2 text-xs text-muted">{t('share.unopened')}</p>
  return (
    <ul aria-label={t('share.openings')} className="mt-1 max-h-48 overflow-auto rounded-md bg-ground px-3 py-1 text-xs">
      {data.data.map((o) => (
        <li key={`${o.at}${o.what}`} className="flex flex-wrap gap-x-3 py-1">
          <span className="figures">{moment(o.at)}</span>
          <span className={o.what === 'wrong' ? 'text-bad' : 'font-medium'}>{t(`share.what_${o.what}`)}</span>
          <span className="text-muted">{o.address}</span>
          <span className="w-full truncate text-muted" title={o.agent}>
            {o.agent}
          </span>
        </li>
      ))}
    </ul>
  )
}
