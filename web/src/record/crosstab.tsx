import { useTranslation } from 'react-i18next'
import type { Filter } from '../client/types'
import { count } from '../field/format'
import { cx } from '../ui/cx'
import { type Measure, said } from './face'
import type { Part } from './group'

export interface Table {
  /** What the rows are, and the columns where there are any. */
  corner: string
  columns: { title: string; filter: Filter; quiet: number; total: Part }[]
  rows: { title: string; filter: Filter; quiet: number; total: Part; parts: (Part | undefined)[] }[]
  total: Part
}

/** The figures as a table with their totals; each opens the rows behind it. */
export function Crosstab({ table, measure, onDrill }: { table: Table; measure: Measure; onDrill: (f: Filter[]) => void }) {
  const { t } = useTranslation()
  const crossed = table.columns.length > 0
  // Beside a sum stands of how many.
  const counted = !crossed && !!measure.sum
  const cell = (part: Part | undefined, filters: Filter[], bold?: boolean) => (
    <td className={cx('border-b border-line px-1 py-0 text-right figures', bold && 'font-medium')}>
      {part && part.count > 0 ? (
        <button
          type="button"
          onClick={() => onDrill(filters)}
          className="min-h-8 rounded-[4px] px-2 hover:text-accent hover:underline max-md:min-h-11"
        >
          {said(part, measure) || '\u2013'}
        </button>
      ) : (
        <span className="px-2 text-muted">{'\u2013'}</span>
      )}
    </td>
  )
  const head = 'sticky top-0 z-[1] border-b border-line bg-ground px-3 py-1.5 text-xs font-medium text-muted whitespace-nowrap'
  return (
    <table className="w-max min-w-full border-separate border-spacing-0 text-sm">
      <thead>
        <tr>
          <th scope="col" className={cx(head, 'left-0 z-[2] text-left')}>
            {table.corner}
          </th>
          {table.columns.map((c) => (
            <th key={c.title} scope="col" className={cx(head, 'text-right')}>
              {c.title}
            </th>
          ))}
          <th scope="col" className={cx(head, 'text-right')}>
            {crossed ? t('pivot.total') : measure.label}
          </th>
          {counted && (
            <th scope="col" className={cx(head, 'text-right')}>
              {t('measure.count')}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((r) => (
          <tr key={r.title} className="hover:bg-hover">
            <th
              scope="row"
              className="sticky left-0 max-w-60 truncate border-b border-line bg-panel px-3 text-left font-normal max-md:max-w-36"
            >
              {r.title}
            </th>
            {table.columns.map((c, j) => (
              <Slot key={c.title}>{cell(r.parts[j], [r.filter, c.filter])}</Slot>
            ))}
            {cell(r.total, [r.filter], crossed)}
            {counted && <td className="border-b border-line px-3 text-right text-muted figures">{count(r.total.count)}</td>}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr className="bg-ground">
          <th scope="row" className="sticky left-0 border-b border-line bg-ground px-3 text-left font-medium">
            {t('pivot.total')}
          </th>
          {table.columns.map((c) => (
            <Slot key={c.title}>{cell(c.total, [c.filter], true)}</Slot>
          ))}
          {cell(table.total, [], true)}
          {counted && <td className="border-b border-line px-3 text-right font-medium text-muted figures">{count(table.total.count)}</td>}
        </tr>
      </tfoot>
    </table>
  )
}

const Slot = ({ children }: { children: React.ReactNode }) => children

/** The same as lines of a sheet: amounts stay digits. */
export function sheetOf(table: Table, m: Measure, t: (key: string) => string): { head: string[]; rows: string[][] } {
  const say = (p: Part | undefined) => {
    if (!p) return ''
    if (!m.sum) return String(p.count)
    const sums = p.sums.filter((s) => s.field === m.sum)
    const amount = (s: (typeof sums)[0]) => (m.average ? s.average : s.amount)
    return sums.length === 1 ? amount(sums[0]!) : sums.map((s) => `${s.currency} ${amount(s)}`).join(' + ')
  }
  const total = t('pivot.total')
  if (table.columns.length === 0) {
    const line = (title: string, p: Part) => (m.sum ? [title, say(p), String(p.count)] : [title, say(p)])
    return {
      head: m.sum ? [table.corner, m.label, t('measure.count')] : [table.corner, m.label],
      rows: [...table.rows.map((r) => line(r.title, r.total)), line(total, table.total)],
    }
  }
  return {
    head: [table.corner, ...table.columns.map((c) => c.title), total],
    rows: [
      ...table.rows.map((r) => [r.title, ...table.columns.map((_, j) => say(r.parts[j])), say(r.total)]),
      [total, ...table.columns.map((c) => say(c.total)), say(table.total)],
    ],
  }
}
