import { useTranslation } from 'react-i18next'
import { words } from '../client/call'
import type { Kind } from '../client/types'
import { count, titleOf } from '../field/format'
import { fieldLabel } from '../field/label'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { Dialog } from '../ui/dialog'
import type { Review as Waiting } from './cells'
import type { Put } from './cellwrite'

const most = 200

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
  onWrite: (puts: Put[]) => void
  onClose: () => void
}) {
  const { t } = useTranslation()
  const bad = review.puts.filter((p) => p.wrong)
  const good = review.puts.filter((p) => !p.wrong)
  const { beyond } = review
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={bad.length > 0 ? t('paste.title', { n: count(bad.length) }) : t('paste.sure', { n: count(good.length) })}
      note={t('paste.note')}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" busy={busy} disabled={good.length === 0} onClick={() => onWrite(good)}>
            {t(bad.length > 0 ? 'paste.others' : 'paste.all', { n: count(good.length) })}
          </Button>
        </>
      }
    >
      {beyond.rows + beyond.cols > 0 && (
        <p className="mb-2 text-sm text-warn">{t('paste.beyond', { rows: count(beyond.rows), cols: count(beyond.cols) })}</p>
      )}
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
                  <td className="max-w-40 truncate py-1.5 pr-3">{titleOf(p.record)}</td>
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
