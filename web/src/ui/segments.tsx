import type { ReactNode } from 'react'
import { cx } from './cx'

/** One of a few, all of them in sight. */
export function Segments({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: string
  options: [string, ReactNode][]
  onChange: (v: string) => void
}) {
  return (
    <div
      role="group"
      aria-label={label}
      className="hide-scroll flex max-w-full overflow-x-auto rounded-md border border-line bg-ground p-0.5"
    >
      {options.map(([id, title]) => (
        <button
          key={id}
          type="button"
          aria-pressed={value === id}
          onClick={() => onChange(id)}
          className={cx(
            'h-7 shrink-0 whitespace-nowrap rounded-[5px] px-3 focus-visible:-outline-offset-2 max-md:h-11',
            value === id ? 'bg-panel font-medium text-accent outline outline-1 outline-line' : 'text-muted hover:text-ink',
          )}
        >
          {title}
        </button>
      ))}
    </div>
  )
}
