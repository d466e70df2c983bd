import { CalendarDays } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** 20261025, 2026/10/25, 2026年10月25日 and 26.10.25 are all 2026-10-25; what is no day stays as typed, for the server to refuse. */
export function readDay(text: string): string {
  const s = text.normalize('NFKC').trim()
  const m = /^(\d{4}|\d{2})[-/.年\s]*(\d{1,2})[-/.月\s]*(\d{1,2})日?$/.exec(s) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(s)
  if (!m) return s
  const [year, month, day] = [m[1]!.length === 2 ? `20${m[1]}` : m[1]!, m[2]!.padStart(2, '0'), m[3]!.padStart(2, '0')]
  const real = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return real.getUTCMonth() + 1 === Number(month) && real.getUTCDate() === Number(day) ? `${year}-${month}-${day}` : s
}

/** A day is typed as it is shown everywhere else, whatever the browser's language; the button opens the system's calendar. */
export function DateInput({
  value,
  onChange,
  label,
  ...ids
}: {
  value: string
  onChange: (day: string | null) => void
  label?: string
  id?: string
  'aria-describedby'?: string
  'aria-invalid'?: boolean
  'aria-required'?: boolean
}) {
  const { t } = useTranslation()
  const [text, setText] = useState(value)
  const picker = useRef<HTMLInputElement>(null)
  useEffect(() => setText(value), [value])
  const settle = (typed: string) => {
    const day = readDay(typed)
    setText(day)
    if (day !== value) onChange(day || null)
  }
  return (
    <span className="relative flex">
      <input
        {...ids}
        aria-label={label}
        className="control figures w-full pr-8"
        placeholder="YYYY-MM-DD"
        inputMode="numeric"
        value={text}
        onChange={(e) => setText(e.target.value)}
        onBlur={(e) => settle(e.target.value)}
        onKeyDown={(e) => e.key === 'Enter' && settle(e.currentTarget.value)}
      />
      <input
        ref={picker}
        type="date"
        tabIndex={-1}
        aria-hidden
        className="pointer-events-none absolute bottom-0 right-0 size-8 opacity-0"
        value={/^\d{4}-\d\d-\d\d$/.test(value) ? value : ''}
        onChange={(e) => onChange(e.target.value || null)}
      />
      <button
        type="button"
        aria-label={t('act.calendar')}
        tabIndex={-1}
        onClick={() => picker.current?.showPicker()}
        className="absolute right-1 top-1/2 grid size-6 -translate-y-1/2 place-items-center rounded-md text-muted hover:bg-hover max-md:size-9"
      >
        <CalendarDays size={14} aria-hidden />
      </button>
    </span>
  )
}
