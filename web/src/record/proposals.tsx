import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, Problem, post, tell } from '../client/call'
import { stale, useKinds, useSession } from '../client/data'
import type { Field, Page, Proposed } from '../client/types'
import { moment } from '../field/format'
import { fieldLabel, told } from '../field/label'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { say, warn } from '../ui/toast'

/** Changes that wait for a reviewer: of one record, or all that the caller is to decide or has made. */
export function useProposals(record?: string) {
  return useQuery({
    queryKey: ['proposal', 'waiting', record],
    queryFn: ({ signal }) => get<Page<Proposed>>(`/proposals?state=waiting${record ? `&rec=${record}` : ''}`, signal),
    refetchInterval: 30_000,
  })
}

/** One waiting change, which its reviewer decides and who made it may take back. */
export function Proposal({ proposal: p, named }: { proposal: Proposed; named?: boolean }) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const me = useSession().data?.user.id
  const [busy, setBusy] = useState(false)
  const kind = kinds.find((k) => k.kind === p.kind)
  const field: Field = kind?.fields.find((f) => f.name === p.field) ?? { name: p.field, type: 'text' }
  const decide = async (how: 'accept' | 'refuse' | 'withdraw', anyway = false): Promise<void> => {
    setBusy(true)
    try {
      await post(`/proposals/${p.id}/${how}`, { anyway })
      say(t(`proposal.done_${how}`))
    } catch (e) {
      if (how === 'accept' && !anyway && e instanceof Problem && e.status === 409 && Object.keys(e.fields).length > 0)
        say(t('proposal.changed'), { title: t('proposal.anyway'), run: () => decide('accept', true) })
      else warn(tell(e))
    } finally {
      setBusy(false)
      stale('proposal')
      stale(p.kind)
    }
  }
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line py-2">
      <span className="min-w-0 flex-1">
        {named && (
          <span className="block">
            {kind ? (
              <Link to={`/${kind.plural}` as never} search={{ id: p.record.id } as never} className="font-medium hover:underline">
                {p.record.title}
              </Link>
            ) : (
              <span className="font-medium">{p.record.title}</span>
            )}
          </span>
        )}
        <span className="mr-2 text-muted">{fieldLabel(p.kind, field)}</span>
        <del className="text-muted no-underline">{told(p.kind, field, p.before)}</del>
        <ArrowRight size={12} aria-label={t('change.to')} className="mx-1.5 inline text-muted" />
        <ins className="no-underline">{told(p.kind, field, p.value)}</ins>
        <span className={cx('text-xs text-muted', named ? 'block' : 'ml-2')}>
          {p.by?.title} · {moment(p.at)} · {t('proposal.waits', { name: p.reviewer?.title ?? '' })}
        </span>
      </span>
      {p.mine && (
        <>
          <Button disabled={busy} onClick={() => decide('refuse')}>
            {t('proposal.refuse')}
          </Button>
          <Button tone="primary" disabled={busy} onClick={() => decide('accept')}>
            {t('proposal.accept')}
          </Button>
        </>
      )}
      {p.by?.id === me && (
        <Button tone="quiet" disabled={busy} onClick={() => decide('withdraw')}>
          {t('proposal.withdraw')}
        </Button>
      )}
    </li>
  )
}

/** What waits of one record, above its fields. */
export function Proposals({ record }: { record: string }) {
  const { t } = useTranslation()
  const waiting = useProposals(record).data?.data ?? []
  if (waiting.length === 0) return null
  return (
    <section aria-label={t('proposal.title')} className="px-4 pt-3">
      <h3 className="pb-1 text-xs font-medium text-muted">{t('proposal.title')}</h3>
      <ul>
        {waiting.map((p) => (
          <Proposal key={p.id} proposal={p} />
        ))}
      </ul>
    </section>
  )
}
