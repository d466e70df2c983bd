import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cx } from './cx'

/** The system's own list: right on a phone, with a screen reader and with 400 choices, for nothing. */
export function Select({ className, children, bar, ...rest }: ComponentProps<'select'> & { bar?: boolean }) {
  return (
    <span className={cx('relative inline-flex min-w-0', className)}>
      <select className={cx('control w-full appearance-none truncate pr-7', bar && 'md:h-7')} {...rest}>
        {children}
      </select>
      <ChevronDown size={14} aria-hidden className="pointer-events-none absolute right-2 top-1/2 -translate-y-1/2 text-muted" />
    </span>
  )
}
