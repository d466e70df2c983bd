import type { Field, Kind, Money, Rec } from '../client/types'
import { Cell } from '../field/cell'
import { money, plain, titleOf } from '../field/format'
import { fieldLabel } from '../field/label'
import { Taken } from '../field/taken'
import { stead } from './stead'
import { same } from './write'

/** A record on a phone or a board: what it is and how much on the first line, what tells it apart below; tall, with a line for each. */
export function Card({ kind, columns, record, tall }: { kind: Kind; columns: Field[]; record: Rec; tall?: boolean }) {
  const amount = columns.find((f) => f.type === 'money')
  const who = columns.find((f) => f.type === 'ref' && record[f.name])
  const side = stead(kind.kind, 'customer', record)
  const head = who && amount ? (record[who.name] as { title: string }).title : side || titleOf(record)
  // A text that the heading is the beginning of says it twice.
  const headed = (f: Field) => f.type === 'longtext' && plain(record[f.name]).startsWith(head)
  const rest = columns.filter(
    (f) => f !== amount && !f.title && !(f === who && amount) && !same(record[f.name], undefined) && f.type !== 'lines' && !headed(f),
  )
  if (tall)
    return (
      <div className="flex flex-col gap-0.5">
        <span className="truncate pr-5 font-medium">{head}</span>
        {amount && !same(record[amount.name], undefined) && <span className="figures">{money(record[amount.name] as Money)}</span>}
        <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-xs text-muted">
          {rest.slice(0, 4).map((f) => (
            <span key={f.name} className="max-w-full truncate">
              <Detail kind={kind.kind} field={f} record={record} />
            </span>
          ))}
        </div>
      </div>
    )
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-baseline gap-3">
        <span className="min-w-0 flex-1 truncate text-base font-medium">{head}</span>
        {amount && <span className="text-base font-medium">{money(record[amount.name] as Money)}</span>}
      </div>
      <div className="flex items-center gap-2 overflow-hidden text-xs text-muted">
        {kind.kind === 'document' && <Taken record={record} />}
        {rest.slice(0, 4).map((f) => (
          <span key={f.name} className="truncate">
            <Detail kind={kind.kind} field={f} record={record} />
          </span>
        ))}
      </div>
    </div>
  )
}

/** A value without its column's heading above: a bare number says by itself what it counts. */
function Detail({ kind, field, record }: { kind: string; field: Field; record: Rec }) {
  return (
    <>
      {(field.type === 'int' || field.type === 'float') && `${fieldLabel(kind, field)} `}
      <Cell kind={kind} field={field} value={record[field.name]} record={record} />
    </>
  )
}
