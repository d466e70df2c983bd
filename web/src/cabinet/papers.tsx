import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Rec } from '../client/types'
import { titleOf } from '../field/format'
import { State, type Tone } from '../ui/tag'
import { type Give, type Paper, usePapers } from './data'
import { GiveButton } from './give'

const tones: Record<Paper['state'], Tone> = { here: 'ok', missing: 'bad', outdated: 'warn' }

/** On a customer's page: how he stands with the files that are asked of him. Where nothing is asked, nothing is said. */
export function Papers({ record, onGive }: { record: Rec; onGive: Give }) {
  const { t } = useTranslation()
  const papers = usePapers(record.id).data?.data ?? []
  if (papers.length === 0) return null
  return (
    <section aria-label={t('cabinet.papers')} className="border-t border-line px-4 py-2">
      <h3 className="flex h-6 items-center text-xs font-medium text-muted">{t('cabinet.papers')}</h3>
      <ul>
        {papers.map((p) => (
          <li key={p.kind.id} className="flex min-h-8 flex-wrap items-center gap-x-3">
            <span className="w-24 shrink-0 truncate text-muted">{p.kind.title}</span>
            <span className="w-16 shrink-0">
              <State tone={tones[p.state]}>{t(`cabinet.state_${p.state}`)}</State>
            </span>
            <span className="min-w-0 flex-1 truncate">
              {p.document && (
                <Link to={'/documents' as never} search={{ id: p.document.id } as never} className="text-accent hover:underline">
                  {p.document.title}
                </Link>
              )}
              {p.document && <span className="ml-2 text-xs text-muted">{p.day}</span>}
            </span>
            {p.state !== 'here' && (
              <GiveButton
                customer={{ id: record.id, title: titleOf(record) }}
                kind={p.kind}
                again={p.state === 'outdated'}
                onGive={onGive}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
