/** How far long work is. */
export function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuenow={done}
      aria-valuemin={0}
      aria-valuemax={Math.max(total, done)}
      className="block h-[3px] max-w-80 overflow-hidden rounded-full bg-line"
    >
      <span
        className="block h-full bg-accent transition-[width]"
        style={{ width: total > 0 ? `${Math.min(100, (done / total) * 100)}%` : '12%' }}
      />
    </span>
  )
}
