import type { LucideIcon } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'

/** True once `on` has lasted 200 ms: what answers sooner shows no skeleton at all. */
/** A value once it has stood still for a moment: what is being typed need not be asked about letter by letter. */
export function useSettled<T>(value: T, after: number): T {
  const [still, setStill] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setStill(value), after)
    return () => clearTimeout(timer)
  }, [value, after])
  return still
}

export function useSlow(on: boolean, after = 200): boolean {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (!on) return setSlow(false)
    const timer = setTimeout(() => setSlow(true), after)
    return () => clearTimeout(timer)
  }, [on, after])
  return slow
}

export function Skeleton({ lines = 6, className }: { lines?: number; className?: string }) {
  const slow = useSlow(true)
  if (!slow) return null
  return (
    <div aria-hidden className={className ?? 'flex flex-col gap-3 p-4'}>
      {Array.from({ length: lines }, (_, i) => (
        <div
          key={i}
          className="h-3.5 animate-[breathe_1.4s_ease-in-out_infinite] rounded-[4px] bg-tag"
          style={{ width: `${88 - ((i * 29) % 46)}%` }}
        />
      ))}
    </div>
  )
}

/** An empty state always offers the next act. */
export function Empty({ icon: Icon, title, note, children }: { icon?: LucideIcon; title: string; note?: ReactNode; children?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-96 flex-col items-center gap-1.5 px-6 py-16 text-center">
      {Icon && (
        <span className="mb-2 grid size-11 place-items-center rounded-lg bg-tag text-muted">
          <Icon size={20} aria-hidden strokeWidth={1.6} />
        </span>
      )}
      <p className="text-base font-medium">{title}</p>
      {note && <p className="text-balance text-sm text-muted">{note}</p>}
      {children && <div className="mt-3 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  )
}
