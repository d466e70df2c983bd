import { Tooltip } from '@base-ui/react/tooltip'
import { LoaderCircle, type LucideIcon } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx'

type Tone = 'plain' | 'primary' | 'quiet' | 'danger'

const tones: Record<Tone, string> = {
  plain: 'border border-line bg-panel hover:bg-hover active:bg-tag data-[popup-open]:bg-hover',
  primary: 'border border-accent bg-accent text-on-accent font-medium hover:bg-accent-deep hover:border-accent-deep',
  quiet: 'border border-transparent text-muted hover:bg-hover hover:text-ink active:bg-tag data-[popup-open]:bg-hover',
  danger: 'border border-line bg-panel text-bad hover:bg-bad-tint',
}

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'form'> {
  tone?: Tone
  /** Controls are 28 px in bars and 32 px in forms. */
  form?: boolean
  icon?: LucideIcon
  busy?: boolean
  keys?: string
  /** In a bar that is short of room it is only its picture. */
  fold?: boolean
}

export function Button({ tone = 'plain', form, icon: Icon, busy, keys, fold, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      disabled={disabled || busy}
      title={fold && typeof children === 'string' ? children : undefined}
      className={cx(
        'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md px-2.5 transition-colors disabled:opacity-50 max-md:h-11 max-md:px-4',
        form ? 'h-8' : 'h-7',
        tones[tone],
        className,
      )}
      {...rest}
    >
      {busy ? <Spinner /> : Icon && <Icon size={14} aria-hidden strokeWidth={1.9} />}
      {fold ? <span className="@max-[1000px]/bar:sr-only">{children}</span> : children}
      {keys && <Kbd on={tone === 'primary'}>{keys}</Kbd>}
    </button>
  )
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  icon: LucideIcon
  label: string
  size?: number
  keys?: string
  side?: 'top' | 'bottom' | 'left' | 'right'
}

/** A button that is only a picture: its name is read aloud and shown on hover. */
export function IconButton({ icon: Icon, label, size = 15, keys, side = 'bottom', className, ...rest }: IconButtonProps) {
  return (
    <Hint text={label} keys={keys} side={side}>
      <button
        type="button"
        aria-label={label}
        className={cx(
          'inline-grid size-7 shrink-0 place-items-center rounded-md text-muted transition-colors hover:bg-hover hover:text-ink active:bg-tag disabled:opacity-40 data-[popup-open]:bg-hover max-md:size-11',
          className,
        )}
        {...rest}
      >
        <Icon size={size} aria-hidden strokeWidth={1.8} />
      </button>
    </Hint>
  )
}

export function Hint({
  text,
  keys,
  side = 'bottom',
  children,
}: {
  text: ReactNode
  keys?: string
  side?: 'top' | 'bottom' | 'left' | 'right'
  children: React.ReactElement<Record<string, unknown>>
}) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} delay={450} />
      {/* What it says, the control's own name says already. */}
      <Tooltip.Portal aria-hidden>
        <Tooltip.Positioner side={side} sideOffset={6} className="z-60">
          <Tooltip.Popup className="popup flex max-w-80 items-center gap-2 rounded-md px-2 py-1 text-xs">
            {text}
            {keys && <Kbd>{keys}</Kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}

export function Kbd({ children, on }: { children: ReactNode; on?: boolean }) {
  return (
    <kbd
      className={cx(
        'rounded-[4px] border px-1 font-sans text-[11px] leading-4 max-md:hidden',
        on ? 'border-on-accent/40 text-on-accent' : 'border-line text-muted',
      )}
    >
      {children}
    </kbd>
  )
}

export function Spinner() {
  return <LoaderCircle size={14} aria-hidden className="animate-[spin_0.9s_linear_infinite]" />
}
