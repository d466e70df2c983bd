import { Stamp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import { Proposal, useProposals } from '../record/proposals'
import { Bar } from '../ui/bar'
import { Empty, Skeleton } from '../ui/wait'

/** Changes of reviewed fields that wait: for me to decide, or made by me. */
export function Reviews() {
  const { t } = useTranslation()
  const { data, error } = useProposals()
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.reviews')} />
      <section
        tabIndex={0}
        aria-label={t('nav.reviews')}
        className="min-h-0 flex-1 overflow-auto bg-panel px-6 py-3 focus-visible:outline-none max-md:px-4"
      >
        {error ? (
          <p role="alert">{tell(error)}</p>
        ) : !data ? (
          <Skeleton lines={6} />
        ) : data.data.length === 0 ? (
          <Empty icon={Stamp} title={t('proposal.none')} note={t('proposal.none_note')} />
        ) : (
          <ul className="max-w-[960px] border-b border-line">
            {data.data.map((p) => (
              <Proposal key={p.id} proposal={p} named />
            ))}
          </ul>
        )}
      </section>
    </div>
  )
}
