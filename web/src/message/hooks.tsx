import { useNavigate, useSearch } from '@tanstack/react-router'
import { Plus, Webhook } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, tell } from '../client/call'
import { stale, useKind, useKinds, useSession } from '../client/data'
import type { Kind } from '../client/types'
import { count, moment } from '../field/format'
import { choiceLabel, kindLabel } from '../field/label'
import { Bar, Space } from '../ui/bar'
import { Button } from '../ui/button'
import { State } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { type Hook, settingOf, type Standing, useHooks } from './hook'
import { Editor } from './hookedit'
import { OneHook } from './onehook'

/** Addresses to which other systems send: all of them, or one with what it was sent. Which, the address says. */
export function Hooks() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { id } = useSearch({ strict: false }) as { id?: string }
  const kind = useKind('hook')
  const admin = useSession().data?.user.admin
  const [making, setMaking] = useState(false)
  const { data, error, refetch } = useHooks(!!kind && admin !== false)
  const one = id ? data?.find((x) => x.hook.id === id) : undefined
  const go = (to?: string) => navigate({ to: '/hooks', search: (to ? { id: to } : {}) as never })
  if (one && kind) return <OneHook key={one.hook.id} kind={kind} hook={one.hook} stands={one.stands} onBack={() => go()} />
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.hooks')}>
        <Space />
        {kind && admin !== false && (
          <Button tone="primary" icon={Plus} onClick={() => setMaking(true)}>
            {t('hook.new')}
          </Button>
        )}
      </Bar>
      <section tabIndex={0} aria-label={t('nav.hooks')} className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none">
        {kind === null || admin === false ? (
          <Empty icon={Webhook} title={t('hook.denied')} />
        ) : error ? (
          <Empty title={t('error.title')} note={tell(error)}>
            <Button onClick={() => refetch()}>{t('act.again')}</Button>
          </Empty>
        ) : !data || !kind ? (
          <Skeleton lines={5} />
        ) : data.length === 0 ? (
          <Empty icon={Webhook} title={t('hook.none')} note={t('hook.none_note')}>
            <Button onClick={() => setMaking(true)}>{t('hook.new')}</Button>
          </Empty>
        ) : (
          <>
            {id && (
              <p role="alert" className="px-6 pt-3 text-warn max-md:px-4">
                {t('hook.gone')}
              </p>
            )}
            <ul className="max-w-[900px] px-6 py-3 max-md:px-4">
              {data.map(({ hook, stands }) => (
                <Line key={hook.id} kind={kind} hook={hook} stands={stands} onOpen={() => go(hook.id)} />
              ))}
            </ul>
          </>
        )}
      </section>
      {making && kind && <Editor kind={kind} onClose={() => setMaking(false)} onMade={go} />}
    </div>
  )
}

/** What a hook's deliveries become, in a few words. */
export function useBecomes() {
  const { t } = useTranslation()
  const kinds = useKinds()
  return (h: Hook) =>
    h.target === 'documents'
      ? [t('hook.to_documents'), h.customer?.title].filter(Boolean).join(' · ')
      : [kindLabel(kinds.find((k) => k.kind === h.of) ?? { kind: h.of }), h.profile].filter(Boolean).join(' · ')
}

export function HookState({ hook: h, stands }: { hook: Hook; stands?: Standing }) {
  const { t } = useTranslation()
  if (h.paused) return <State tone="plain">{t('hook.paused')}</State>
  if (stands?.bad) return <State tone="bad">{t('hook.bad', { n: count(stands.bad) })}</State>
  return <State tone={stands?.last ? 'ok' : 'plain'}>{t(stands?.last ? 'hook.fine' : 'hook.never')}</State>
}

/** Pauses a hook, or lets it go on. */
export function Pause({ hook: h }: { hook: Hook }) {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  return (
    <Button
      busy={busy}
      onClick={async () => {
        setBusy(true)
        try {
          await call('PUT', `/hooks/${h.id}`, { ...settingOf(h), paused: !h.paused })
          say(t(h.paused ? 'hook.resumed' : 'hook.was_paused', { name: h.title }))
        } catch (e) {
          warn(tell(e))
        }
        setBusy(false)
        stale('hook')
      }}
    >
      {t(h.paused ? 'hook.resume' : 'hook.pause')}
    </Button>
  )
}

function Line({ kind, hook: h, stands, onOpen }: { kind: Kind; hook: Hook; stands?: Standing; onOpen: () => void }) {
  const { t } = useTranslation()
  const becomes = useBecomes()
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-2.5">
      <Webhook size={16} aria-hidden className="text-muted" />
      <span className="min-w-40 flex-1">
        <button type="button" onClick={onOpen} className="block max-w-full truncate text-left font-medium hover:underline max-md:min-h-11">
          {h.title}
        </button>
        <span className="block truncate text-xs text-muted">
          {[
            becomes(h),
            choiceLabel('hook', kind.fields.find((f) => f.name === 'scheme')!, h.scheme),
            stands && t('hook.received', { n: count(stands.all) }),
            stands?.last && moment(stands.last),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      <HookState hook={h} stands={stands} />
      <Pause hook={h} />
    </li>
  )
}
