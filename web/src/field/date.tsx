import { CalendarDays } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fromWall, toWall } from './format'

/** 20261025, 2026/10/25, 2026年10月25日 and 26.10.25 are all 2026-10-25; what is no day stays as typed, for the server to refuse. */
export function readDay(text: string): string {
  const s = text.normalize('NFKC').trim()
  const m = /^(\d{4}|\d{2})[-/.年\s]*(\d{1,2})[-/.月\s]*(\d{1,2})日?$/.exec(s) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(s)
  if (!m) return s
  const [year, month, day] = [m[1]!.length === 2 ? `20${m[1]}` : m[1]!, m[2]!.padStart(2, '0'), m[3]!.padStart(2, '0')]
  const real = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return real.getUTCMonth() + 1 === Number(month) && real.getUTCDate() === Number(day) ? `${year}-${month}-${day}` : s
}

/** A day and a time of it, in the ways people type them: 20261025 9:05 is 2026-10-25 09:05; a day alone begins at midnight. */
export function readMinute(text: string): string {
  const s = text.normalize('NFKC').trim()
  const m = /^(.+?)(?:[\sT]+(\d{1,2})[:.\u65f6]?(\d{2})\u5206?(?::\d{2})?)?$/.exec(s)
  const day = readDay(m?.[1] ?? s)
  if (!m || !/^\d{4}-\d\d-\d\d$/.test(day)) return s
  const [hour, minute] = [m[2] ?? '0', m[3] ?? '00']
  return Number(hour) < 24 && Number(minute) < 60 ? `${day} ${hour.padStart(2, '0')}:${minute}` : s
}

interface TypedProps {
  label?: string
  id?: string
  'aria-describedby'?: string
  'aria-invalid'?: boolean
  'aria-required'?: boolean
}

/** A day is typed as it is shown everywhere else, whatever the browser's language; the button opens the system's calendar. */
export function DateInput({ value, onChange, ...rest }: TypedProps & { value: string; onChange: (day: string | null) => void }) {
  return (
    <Typed
      {...rest}
      type="date"
      hint="YYYY-MM-DD"
      shown={value}
      picked={/^\d{4}-\d\d-\d\d$/.test(value) ? value : ''}
      read={readDay}
      onChange={(text) => onChange(text || null)}
    />
  )
}

/** A moment, typed and shown on the workspace's clock. */
export function TimeInput({ value, onChange, ...rest }: TypedProps & { value: string; onChange: (at: string | null) => void }) {
  const wall = toWall(value)
  return (
    <Typed
      {...rest}
      type="datetime-local"
      hint="YYYY-MM-DD HH:MM"
      shown={wall.replace('T', ' ')}
      picked={/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wall) ? wall : ''}
      read={readMinute}
      // What is no moment is sent as it was typed, for the server to refuse.
      onChange={(text) => onChange(text && (fromWall(text.replace(' ', 'T')) ?? text))}
    />
  )
}

function Typed({
  type,
  hint,
  shown,
  picked,
  read,
  onChange,
  label,
  ...ids
}: TypedProps & {
  type: 'date' | 'datetime-local'
  hint: string
  shown: string
  picked: string
  read: (text: string) => string
  onChange: (text: string) => void
}) {
  const { t } = useTranslation()
  const [text, setText] = useState(shown)
  const picker = useRef<HTMLInputElement>(null)
  useEffect(() => setText(shown), [shown])
  const settle = (typed: string) => {
    const next = read(typed)
    setText(next)
    if (next !== shown) onChange(next)
  }
  return (
    <span className="relative flex">
      <input
        {...ids}
        aria-label={label}
        className="control figures w-full pr-8"
        placeholder={hint}
        inputMode="numeric"
        value={text}
        onChange={(e) => setText(e.target.value)}
        onBlur={(e) => settle(e.target.value)}
        onKeyDown={(e) => e.key === 'Enter' && settle(e.currentTarget.value)}
      />
      <input
        ref={picker}
        type={type}
        tabIndex={-1}
        aria-hidden
        className="pointer-events-none absolute bottom-0 right-0 size-8 opacity-0"
        value={picked}
        onChange={(e) => onChange(read(e.target.value))}
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
