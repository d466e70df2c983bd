import { KeyRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { post, tell } from '../client/call'
import { stale } from '../client/data'
import type { Rec, Ref } from '../client/types'
import { count, moment } from '../field/format'
import { Button } from '../ui/button'
import { State, Tag } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { usePeople } from './people'
import { useRoleName } from './roles'

export function Tokens({ onNew }: { onNew: () => void }) {
  const { t } = useTranslation()
  const named = useRoleName()
  const { data, isPending, error, refetch } = usePeople('tokens')
  const revoke = async (r: Rec) => {
    try {
      await post(`/tokens/${r.id}/revoke`)
      say(t('done.revoked', { name: r.title || String(r.name) }))
    } catch (e) {
      warn(tell(e))
    }
    stale('token')
  }
  if (isPending) return <Skeleton lines={4} />
  if (error)
    return (
      <Empty title={t('error.title')} note={tell(error)}>
        <Button onClick={() => refetch()}>{t('act.again')}</Button>
      </Empty>
    )
  if (data.data.length === 0)
    return (
      <Empty icon={KeyRound} title={t('token.empty')} note={t('token.empty_note')}>
        <Button onClick={onNew}>{t('token.new')}</Button>
      </Empty>
    )
  return (
    <ul className="max-w-[900px] px-6 py-3 max-md:px-4">
      {data.data.map((r) => (
        <li key={r.id} className="flex min-h-12 flex-wrap items-center gap-3 border-b border-line py-2">
          <KeyRound size={16} aria-hidden className="text-muted" />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium">{String(r.name ?? r.title)}</span>
            <span className="block truncate text-xs text-muted">
              {[
                (r.user as Ref | null)?.title,
                r.row_cap ? t('token.cap', { n: count(Number(r.row_cap)) }) : '',
                r.expires_on ? t('token.until', { day: String(r.expires_on) }) : '',
                r.used_at ? t('token.used', { at: moment(String(r.used_at)) }) : t('token.unused'),
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </span>
          <Tag>{named(String(r.role))}</Tag>
          {r.revoked ? (
            <State tone="bad">{t('token.revoked')}</State>
          ) : (
            <Button tone="danger" onClick={() => revoke(r)}>
              {t('token.revoke')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
