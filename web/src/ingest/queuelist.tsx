import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from '../ui/cx'
import { reasonOf } from './reason'
import type { Item } from './usequeue'

/** What waits, and why, in the order it is worked through. */
export function QueueList({ items, more, at, onGo }: { items: Item[]; more: boolean; at: string; onGo: (id: string) => void }) {
  const { t } = useTranslation()
  const box = useRef<HTMLUListElement>(null)
  useEffect(() => {
    box.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [at])
  return (
    <nav aria-label={t('queue.list')} className="w-[216px] shrink-0 overflow-auto border-r border-line bg-ground max-lg:w-[168px]">
      <ul ref={box} className="p-2">
        {items.map(({ record, done }) => (
          <li key={record.id}>
            <button
              type="button"
              aria-current={record.id === at ? 'true' : undefined}
              onClick={() => onGo(record.id)}
              className={cx('flex w-full flex-col rounded-md px-2 py-1.5 text-left', record.id === at ? 'bg-picked' : 'hover:bg-hover')}
            >
              <span className={cx('w-full truncate', record.id === at && 'font-medium text-accent', done && 'text-muted line-through')}>
                {record.title}
              </span>
              <span className={cx('w-full truncate text-xs', done ? 'text-ok' : record.state === 'failed' ? 'text-bad' : 'text-warn')}>
                {done ? t('queue.done') : reasonOf(String(record.reason ?? ''))}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {more && <p className="px-4 pb-4 text-xs text-muted">{t('queue.more')}</p>}
    </nav>
  )
}
