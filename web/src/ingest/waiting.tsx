import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Rec, Ref } from '../client/types'

/** A draft that a paper made is settled where its paper is seen. */
export function Waiting({ record }: { record: Rec }) {
  const { t } = useTranslation()
  return (
    <Link
      to="/queue"
      search={{ doc: (record.document as Ref).id } as never}
      className="inline-flex h-8 items-center rounded-md border border-accent bg-accent px-3 font-medium text-on-accent hover:bg-accent-deep max-md:h-11"
    >
      {t('queue.open')}
    </Link>
  )
}
