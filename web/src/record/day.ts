import i18next from 'i18next'

const two = (n: number) => String(n).padStart(2, '0')
const write = (d: Date) => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`

/** The reader's day of a moment; '' where there is none. */
export function localDay(at: string): string {
  const d = new Date(at)
  return at && !Number.isNaN(d.getTime()) ? write(d) : ''
}

/** 今天, 昨天, or the day with its weekday. */
export function dayTitle(day: string, now = new Date()): string {
  if (!day) return i18next.t('timeline.no_day')
  const back = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  if (day === write(now)) return i18next.t('timeline.today')
  if (day === write(back)) return i18next.t('timeline.yesterday')
  const week = new Intl.DateTimeFormat(i18next.language, { weekday: 'short' }).format(new Date(`${day}T12:00:00`))
  return `${day} ${week}`
}

/** Today, as a date is written. */
export const today = () => write(new Date())
