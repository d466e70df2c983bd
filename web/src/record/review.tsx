import { useTranslation } from 'react-i18next'
import { words } from '../client/call'
import type { Kind } from '../client/types'
import { count, titleOf } from '../field/format'
import { numeric } from '../field/cell'
import { fieldLabel } from '../field/label'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { Dialog } from '../ui/dialog'
import { hindered, measure } from './append'
import type { Review as Waiting } from './cells'
import type { Put } from './cellwrite'

const most = 200
/** How many new records are shown before they are made. */
const seen = 5

/** Cells that were checked and found wanting, each with its reason: nothing is written until a person says so. */
export function Review({
  kind,
  review,
  busy,
  onWrite,
  onClose,
}: {
  kind: Kind
  review: Waiting
  busy: boolean
  onWrite: (puts: Put[], once: string) => void
  onClose: () => void
}) {
  const { t } = useTranslation()
  const bad = review.puts.filter((p) => p.wrong)
  const out = hindered(review.puts)
  const good = review.puts.filter((p) => !p.wrong && !out.has(p.record.id))
  const { beyond } = review
  const { cells, made } = measure(good)
  const writes = cells > 0 && t(bad.length > 0 && made === 0 ? 'paste.others' : 'paste.all', { n: count(cells) })
  const makes = made > 0 && t('paste.make', { n: count(made) })
  const does = writes && makes ? t('paste.both', { cells: count(cells), made: count(made) }) : writes || makes || t('paste.all', { n: 0 })
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={bad.length > 0 ? t('paste.title', { n: count(bad.length) }) : t('paste.sure', { what: does })}
      note={t('paste.note')}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" busy={busy} disabled={good.length === 0} onClick={() => onWrite(good, review.once)}>
            {does}
          </Button>
        </>
      }
    >
      {beyond.rows + beyond.cols > 0 && (
        <p className="mb-2 text-sm text-warn">
          {beyond.rows > 0 && t('paste.beyond_rows', { n: count(beyond.rows) })}
          {beyond.cols > 0 && t('paste.beyond_cols', { n: count(beyond.cols) })}
        </p>
      )}
      {made + out.size > 0 && (
        <p className="mb-2 text-sm">
          {t('paste.new', { n: count(made) })}
          {out.size > 0 && <span className="text-warn">{t('paste.hindered', { n: count(out.size) })}</span>}
        </p>
      )}
      {made > 0 && <Sample kind={kind} puts={good.filter((p) => p.made)} made={made} />}
      {bad.length > 0 && (
        // The pane scrolls, so it can be reached by keyboard.
        <div tabIndex={0} role="region" aria-label={t('paste.title', { n: count(bad.length) })} className="overflow-x-auto">
          <table className="w-full border-collapse text-sm">
            <thead>
              <tr className="text-left text-xs text-muted">
                {['row', 'record', 'field', 'text', 'reason'].map((name) => (
                  <th key={name} className={cx('border-b border-line py-1 pr-3 font-medium', name === 'row' && 'w-12 text-right')}>
                    {t(`paste.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {bad.slice(0, most).map((p) => (
                <tr key={`${p.record.id} ${p.field.name}`} className="border-b border-line align-baseline last:border-0">
                  <td className="py-1.5 pr-3 text-right text-muted">{count(p.row + 1)}</td>
                  <td className="max-w-40 truncate py-1.5 pr-3">{p.made ? t('paste.new_row') : titleOf(p.record)}</td>
                  <td className="py-1.5 pr-3 whitespace-nowrap">{fieldLabel(kind.kind, p.field)}</td>
                  <td className="max-w-40 truncate py-1.5 pr-3">{p.text}</td>
                  <td className="py-1.5 text-bad">{words(p.wrong!)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {bad.length > most && <p className="pt-2 text-xs text-muted">{t('operation.more', { n: count(bad.length - most) })}</p>}
        </div>
      )}
    </Dialog>
  )
}

/** The first of the records that are to be made, as they will be. */
function Sample({ kind, puts, made }: { kind: Kind; puts: Put[]; made: number }) {
  const { t } = useTranslation()
  const fields = [...new Set(puts.map((p) => p.field))]
  const rows = new Map<string, Put[]>()
  for (const p of puts) rows.set(p.record.id, [...(rows.get(p.record.id) ?? []), p])
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label={t('paste.new', { n: count(made) })}
      className="mb-3 overflow-x-auto rounded border border-line"
    >
      <table className="w-full border-collapse text-sm">
        <thead>
          <tr className="bg-ground text-left text-xs text-muted">
            {fields.map((f) => (
              <th key={f.name} className={cx('px-2 py-1 font-medium whitespace-nowrap', numeric(f) && 'text-right')}>
                {fieldLabel(kind.kind, f)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...rows.values()].slice(0, seen).map((of) => (
            <tr key={of[0]!.record.id} className="border-t border-line">
              {fields.map((f) => (
                <td key={f.name} className={cx('max-w-40 truncate px-2 py-1.5', numeric(f) && 'text-right figures')}>
                  {of.find((p) => p.field === f)?.text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.size > seen && (
        <p className="border-t border-line px-2 py-1 text-xs text-muted">{t('operation.more', { n: count(rows.size - seen) })}</p>
      )}
    </div>
  )
}
