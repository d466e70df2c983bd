import { type ReactNode, useId } from 'react'
import { cx } from './cx'

/** One line of a form: label above, control, and what is wrong or worth knowing beneath. */
export function Row({
  label,
  required,
  error,
  note,
  children,
  className,
}: {
  label: string
  required?: boolean
  error?: string
  note?: ReactNode
  className?: string
  children: (ids: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean; 'aria-required'?: boolean }) => ReactNode
}) {
  const id = useId()
  const below = error || note
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="text-xs text-muted">
        {label}
        {required && (
          <span aria-hidden className="ml-0.5 text-bad">
            *
          </span>
        )}
      </label>
      {children({
        id,
        'aria-describedby': below ? `${id}-b` : undefined,
        'aria-invalid': error ? true : undefined,
        'aria-required': required || undefined,
      })}
      {below && (
        <p id={`${id}-b`} className={cx('text-xs', error ? 'text-bad' : 'text-muted')}>
          {below}
        </p>
      )}
    </div>
  )
}
