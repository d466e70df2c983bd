import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, post, tell } from '../client/call'
import { cache, useKinds } from '../client/data'
import type { Kind } from '../client/types'
import { count, moment } from '../field/format'
import { fieldLabel, kindLabel } from '../field/label'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'

interface Profile {
  name: string
  of: string
  ready: boolean
  columns: { name: string; field: string }[]
  key: string
  imports: number
  used_at: string
}

/** How tables of one look are read: those that people named, which may be renamed and forgotten, and the ready ones. */
export function Profiles({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const [act, setAct] = useState<{ p: Profile; how: 'rename' | 'forget' }>()
  const { data, error, refetch } = useQuery({
    queryKey: ['import', 'profiles'],
    queryFn: ({ signal }) => get<{ data: Profile[] }>('/imports:profiles', signal),
  })
  const own = data?.data.filter((p) => !p.ready) ?? []
  const ready = data?.data.filter((p) => p.ready) ?? []
  return (
    <Dialog open wide onClose={onClose} title={t('profile.title')} note={t('profile.note')}>
      {error ? (
        <Empty title={t('error.title')} note={tell(error)}>
          <Button onClick={() => refetch()}>{t('act.again')}</Button>
        </Empty>
      ) : !data ? (
        <Skeleton lines={6} />
      ) : (
        <>
          <h3 className="pb-1 pt-2 text-xs font-medium text-muted">{t('profile.own')}</h3>
          {own.length === 0 && (
            <p className="border-t border-line py-3 text-muted">
              {t('profile.none')}
              {t('mark.stop')}
              {t('profile.none_note')}
            </p>
          )}
          <ul>
            {own.map((p) => (
              <One key={`${p.of} ${p.name}`} profile={p} kinds={kinds} onAct={(how) => setAct({ p, how })} />
            ))}
          </ul>
          <h3 className="pb-1 pt-5 text-xs font-medium text-muted">{t('profile.ready')}</h3>
          <ul>
            {ready.map((p) => (
              <One key={`${p.of} ${p.name}`} profile={p} kinds={kinds} />
            ))}
          </ul>
        </>
      )}
      {act && <Sure profile={act.p} how={act.how} onClose={() => setAct(undefined)} />}
    </Dialog>
  )
}

function One({ profile: p, kinds, onAct }: { profile: Profile; kinds: Kind[]; onAct?: (how: 'rename' | 'forget') => void }) {
  const { t } = useTranslation()
  const kind = kinds.find((k) => k.kind === p.of)
  const called = (name: string) => {
    const field = kind?.fields.find((f) => f.name === name.split('.')[0])
    return name === '+note' ? t('import.to_note') : field ? fieldLabel(p.of, field) : name
  }
  return (
    <li className="border-t border-line">
      <details className="group">
        <summary className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 hover:bg-hover">
          <span className="font-medium">{p.ready ? t(`profile.is_${p.name}`) : p.name}</span>
          <span className="text-muted">{kind ? kindLabel(kind) : p.of}</span>
          <span className="flex-1 text-xs text-muted">
            {t('profile.columns', { n: count(p.columns.length) })}
            {p.imports > 0 && ` · ${t('profile.used', { n: count(p.imports), at: moment(p.used_at) })}`}
          </span>
        </summary>
        <div className="pb-3">
          {p.key && <p className="pb-2 text-xs text-muted">{t('profile.by', { field: called(p.key) })}</p>}
          <dl className="grid gap-x-6 text-xs md:grid-cols-2">
            {p.columns.map((c) => (
              <div key={`${c.name} ${c.field}`} className="flex gap-3 border-t border-line py-1">
                <dt className="min-w-0 flex-1 break-words">{c.name}</dt>
                <dd className="text-muted">{called(c.field)}</dd>
              </div>
            ))}
          </dl>
          {onAct && (
            <div className="flex gap-2 pt-3">
              <Button onClick={() => onAct('rename')}>{t('profile.rename')}</Button>
              <Button tone="danger" onClick={() => onAct('forget')}>
                {t('profile.forget')}
              </Button>
            </div>
          )}
        </div>
      </details>
    </li>
  )
}

function Sure({ profile: p, how, onClose }: { profile: Profile; how: 'rename' | 'forget'; onClose: () => void }) {
  const { t } = useTranslation()
  const [to, setTo] = useState(p.name)
  const [busy, setBusy] = useState(false)
  const go = async () => {
    setBusy(true)
    try {
      await post('/imports:profile', { of: p.of, name: p.name, to: how === 'rename' ? to.trim() : undefined })
      say(how === 'rename' ? t('profile.renamed', { name: to.trim() }) : t('profile.forgotten', { name: p.name }))
      onClose()
    } catch (e) {
      warn(tell(e))
    } finally {
      setBusy(false)
      void cache.invalidateQueries({ queryKey: ['import'] })
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(how === 'rename' ? 'profile.rename' : 'profile.forget')}
      note={how === 'forget' && t('profile.forget_sure', { name: p.name })}
      foot={
        <>
          <Button onClick={onClose}>{t('act.cancel')}</Button>
          <Button
            tone={how === 'forget' ? 'danger' : 'primary'}
            disabled={busy || (how === 'rename' && (to.trim() === '' || to.trim() === p.name))}
            onClick={go}
          >
            {t(how === 'rename' ? 'profile.rename' : 'profile.forget')}
          </Button>
        </>
      }
    >
      {how === 'rename' && (
        <input
          className="control w-full"
          aria-label={t('profile.new_name')}
          maxLength={60}
          value={to}
          onChange={(e) => setTo(e.target.value)}
          onKeyDown={(e) => e.key === 'Enter' && to.trim() && to.trim() !== p.name && void go()}
        />
      )}
    </Dialog>
  )
}
