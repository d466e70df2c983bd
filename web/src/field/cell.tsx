import i18next from 'i18next'
import type { ReactNode } from 'react'
import type { Field, Money, Rec, Ref } from '../client/types'
import { cx } from '../ui/cx'
import { State, Tag } from '../ui/tag'
import { band, bareMoney, bytes, group, isRef, money, moment, plain } from './format'
import { choiceLabel, spoken } from './label'
import { Taken, takenBy } from './taken'
import { isState, toneOf } from './tone'

export const numeric = (f: Field) => f.type === 'money' || f.type === 'int' || f.type === 'float'

/** A field's value as it stands in a row of the grid. */
export function Cell({ kind, field, value, record }: { kind: string; field: Field; value: unknown; record?: Rec }): ReactNode {
  if (value === null || value === undefined || value === '') return null
  switch (field.type) {
    case 'money':
      return (
        <span className={cx('font-medium', String((value as Money).amount).startsWith('-') && 'text-bad')}>
          {bareMoney(value as Money)}
        </span>
      )
    case 'int':
      if (kind === 'document' && field.name === 'size') return bytes(Number(value))
      return group(String(value))
    case 'float':
      return group(String(value))
    case 'bool':
      return i18next.t(value ? 'mark.yes' : 'mark.no') // no hook: a grid has hundreds of cells, and their row follows the language
    case 'time':
      return moment(String(value))
    case 'choice': {
      const word = choiceLabel(kind, field, String(value), record)
      const tone = toneOf(kind, field.name, spoken(kind, field.name, String(value), record))
      return isState(kind, field.name) ? <State tone={tone}>{word}</State> : <Tag tone={tone}>{word}</Tag>
    }
    case 'choices':
      return (
        <span className="flex min-w-0 flex-wrap gap-1">
          {(value as string[]).map((v) => (
            <Tag key={v}>{choiceLabel(kind, field, v)}</Tag>
          ))}
        </span>
      )
    case 'category':
      return <Categories value={value as Ref | Ref[]} />
    case 'ref':
      if (field.name === 'taken_by' && record && !takenBy(record)) return null
      return <span className={cx((value as Ref).gone && 'text-muted line-through')}>{(value as Ref).title || (value as Ref).id}</span>
    default:
      if (kind === 'document' && field.name === 'name' && record)
        return (
          <span className="inline-flex max-w-full items-center gap-1.5">
            <span className="min-w-0 truncate">{plain(value)}</span>
            <Taken record={record} />
          </span>
        )
      return plain(value)
  }
}

export function Categories({ value }: { value: Ref | Ref[] | null | undefined }) {
  const list = Array.isArray(value) ? value : value ? [value] : []
  return (
    <span className="flex min-w-0 gap-1">
      {list.map((c) => (
        <Tag key={c.id}>{band(c.title)}</Tag>
      ))}
    </span>
  )
}

/** The same value where there is room: in the panel. A reference can be followed by `link`. */
export function Value({
  kind,
  field,
  value,
  record,
  link,
}: {
  kind: string
  field: Field
  value: unknown
  record?: Rec
  link?: (ref: Ref, kind: string, children: ReactNode) => ReactNode
}): ReactNode {
  if (value === null || value === undefined || value === '') return <span className="text-muted">—</span>
  if (field.type === 'money') return <span className="font-medium">{money(value as Money)}</span>
  if (field.type === 'ref' && isRef(value) && field.ref && link && !value.gone) return link(value, field.ref, value.title || value.id)
  if (field.ref_by && isRef(value) && record && link && !value.gone)
    return link(value, String(record[field.ref_by]), value.title || value.id)
  if (field.type === 'longtext') return <span className="whitespace-pre-wrap">{plain(value)}</span>
  if (field.type === 'lines') return <Lines kind={kind} field={field} rows={value as Record<string, unknown>[]} />
  if (field.type === 'phone')
    return (
      <a className="text-accent hover:underline" href={`tel:${value}`}>
        {String(value)}
      </a>
    )
  if (field.type === 'email')
    return (
      <a className="text-accent hover:underline" href={`mailto:${value}`}>
        {String(value)}
      </a>
    )
  if (field.type === 'json') return <code className="break-all text-xs text-muted">{JSON.stringify(value)}</code>
  if (field.type === 'url' && /^https?:\/\//.test(String(value)))
    return (
      <a className="break-all text-accent hover:underline" href={String(value)} target="_blank" rel="noreferrer">
        {String(value)}
      </a>
    )
  return <Cell kind={kind} field={field} value={value} record={record} />
}

const empty = (v: unknown) => v === null || v === undefined || v === ''

function Lines({ kind, field, rows }: { kind: string; field: Field; rows: Record<string, unknown>[] }) {
  const columns = field.lines ?? []
  if (rows.length === 0) return <span className="text-muted">—</span>
  return (
    <ul className="flex flex-col gap-1">
      {rows.map((row, i) => (
        <li key={i} className="flex flex-wrap items-baseline gap-x-3 border-b border-line pb-1 last:border-0">
          {columns
            .filter((f) => !empty(row[f.name]))
            .map((f, j) => (
              <span key={f.name} className={cx(j === 0 && 'flex-1', numeric(f) && 'text-right')}>
                {f.type === 'money' ? money(row[f.name] as Money) : <Cell kind={kind} field={f} value={row[f.name]} />}
              </span>
            ))}
        </li>
      ))}
    </ul>
  )
}
