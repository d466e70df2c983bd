import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useKinds } from '../client/data'
import type { Field, Kind, Rec, Ref } from '../client/types'
import { Value } from '../field/cell'
import { moment } from '../field/format'
import { fieldLabel } from '../field/label'
import { Fx } from '../field/fx'
import { arranged, sections } from './arrange'
import { hidden } from './columns'
import { same } from './write'

/** A record's fields, those with a value first to last; empty ones stay away. */
export function Values({ kind, record, skip = [] }: { kind: Kind; record: Rec; skip?: string[] }) {
  const kinds = useKinds()
  const plural = (k: string) => kinds.find((x) => x.kind === k)?.plural
  const link = (ref: Ref, of: string, children: React.ReactNode) => {
    const to = plural(of)
    return to ? (
      <Link to={`/${to}` as never} search={{ id: ref.id } as never} className="text-accent hover:underline">
        {children}
      </Link>
    ) : (
      children
    )
  }
  const shown = arranged(kind.fields).filter(
    (f) =>
      !skip.includes(f.name) &&
      f.type !== 'category' &&
      f.type !== 'json' &&
      f.name !== 'status' &&
      !stamps.includes(f.name) &&
      !same(record[f.name], undefined),
  )
  return sections(shown).map((part) => (
    <section key={part.title} aria-label={part.title || undefined} className="px-4 py-2">
      {part.title && <h3 className="border-b border-line pb-1 text-xs font-medium">{part.title}</h3>}
      <dl>
        {part.fields.map((f) => (
          <Line key={f.name} label={fieldLabel(kind.kind, f)} field={f}>
            <Value kind={kind.kind} field={f} value={record[f.name]} record={record} link={link} />
            {f.formula && (
              <span className="ml-2">
                <Fx formula={f.formula} />
              </span>
            )}
          </Line>
        ))}
      </dl>
    </section>
  ))
}

const stamps = [...hidden, 'created_at', 'updated_at', 'owner', 'department']

export function Line({ label, field, children }: { label: string; field?: Field; children: React.ReactNode }) {
  const tall = field?.type === 'lines' || field?.type === 'longtext'
  return (
    <div className="grid min-h-7 grid-cols-[76px_minmax(0,1fr)] items-baseline gap-2 py-1">
      <dt className="truncate text-xs text-muted" title={label}>
        {label}
      </dt>
      <dd className={tall ? '' : 'break-words figures'}>{children}</dd>
    </div>
  )
}

/** Who holds the record and when it was made: the small print at the end of a panel. */
export function Stamps({ record }: { record: Rec }) {
  const { t } = useTranslation()
  const owner = record.owner as Ref | null | undefined
  const department = record.department as Ref | null | undefined
  return (
    <p className="flex flex-wrap gap-x-4 px-4 py-3 text-xs text-muted">
      {owner && <span>{t('stamp.owner', { name: owner.title })}</span>}
      {department && <span>{department.title}</span>}
      {record.created_at && <span>{t('stamp.created', { at: moment(record.created_at) })}</span>}
      {record.updated_at && record.updated_at !== record.created_at && <span>{t('stamp.updated', { at: moment(record.updated_at) })}</span>}
    </p>
  )
}
