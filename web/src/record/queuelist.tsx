import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from '../ui/cx'
import type { Item } from './usequeue'

/** What waits, and why, in the order it is worked through. */
export function QueueList({
  items,
  more,
  at,
  note,
  onGo,
  className,
}: {
  items: Item[]
  more: boolean
  at: string
  /** What stands under the title of what still waits; another title, where the record's own says too much. */
  note: (item: Item) => { title?: string; text: ReactNode; tone?: string }
  onGo: (id: string) => void
  className?: string
}) {
  const { t } = useTranslation()
  const box = useRef<HTMLUListElement>(null)
  useEffect(() => {
    box.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [at])
  return (
    <nav aria-label={t('queue.list')} className={cx('shrink-0 overflow-auto border-r border-line bg-ground', className)}>
      <ul ref={box} className="p-2">
        {items.map((item) => {
          const { title, text, tone } = note(item)
          return (
            <li key={item.record.id}>
              <button
                type="button"
                aria-current={item.record.id === at ? 'true' : undefined}
                onClick={() => onGo(item.record.id)}
                className={cx(
                  'flex w-full flex-col rounded-md px-2 py-1.5 text-left',
                  item.record.id === at ? 'bg-picked' : 'hover:bg-hover',
                )}
              >
                <span
                  className={cx(
                    'w-full truncate',
                    item.record.id === at && 'font-medium text-accent',
                    item.done && 'text-muted line-through',
                  )}
                >
                  {title || item.record.title}
                </span>
                <span className={cx('w-full truncate text-xs', item.done ? 'text-ok' : (tone ?? 'text-muted'))}>
                  {item.done ? t('queue.done') : text}
                </span>
              </button>
            </li>
          )
        })}
      </ul>
      {more && <p className="px-4 pb-4 text-xs text-muted">{t('queue.more')}</p>}
    </nav>
  )
}
