import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '../client/call'
import { useKinds } from '../client/data'
import { count } from '../field/format'
import { fieldLabel } from '../field/label'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { Tag, type Tone } from '../ui/tag'
import { busy, type Counts, type Import, type Tally } from './types'

const parts = ['created', 'updated', 'unchanged', 'rejected', 'skipped'] as const
const tones: Record<Tally['severity'], Tone> = { reject: 'bad', warn: 'warn', skip: 'plain', kept: 'violet' }

export function useReasons(imp: Import | undefined): Tally[] {
  return (
    useQuery({
      queryKey: ['import', 'one', imp?.id, 'reasons', imp?.state, imp?.version],
      enabled: !!imp && !busy(imp.state) && imp.rows > 0,
      queryFn: ({ signal }) => get<{ data: Tally[] }>(`/imports/${imp!.id}/reasons`, signal),
    }).data?.data ?? []
  )
}

/** The numbers; the five parts add up to the rows. */
export function Sums({ imp, dry }: { imp: Counts; dry: boolean }) {
  const { t } = useTranslation()
  return (
    <div>
      {dry && <p className="mb-2 text-sm text-muted">{t('import.dry_note')}</p>}
      <dl className="grid grid-cols-6 gap-px overflow-hidden rounded-lg border border-line bg-line max-md:grid-cols-2">
        {(['rows', ...parts] as const).map((p) => (
          <div key={p} className="bg-panel px-4 py-3">
            <dt className="text-xs text-muted">{fieldLabel('import', { name: p })}</dt>
            <dd className={cx('text-lg tabular-nums', p === 'rejected' && imp.rejected > 0 && 'text-bad')}>{count(imp[p])}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

interface Issue {
  row: number
  severity: string
  column: string
  reason: string
  value: string
}

/** What was wrong, counted; each opens its rows. */
export function Reasons({ tallies, id }: { tallies: Tally[]; id: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<string>()
  if (tallies.length === 0) return null
  return (
    <section>
      <h2 className="mb-2 text-base font-medium">{t('import.reasons')}</h2>
      <ul className="rounded-lg border border-line">
        {tallies.map((x) => {
          const key = `${x.severity} ${x.column} ${x.reason}`
          return (
            <li key={key} className="border-b border-line last:border-0">
              <button
                type="button"
                aria-expanded={open === key}
                className="flex w-full items-center gap-3 px-3 py-2 text-left hover:bg-hover max-md:min-h-11"
                onClick={() => setOpen(open === key ? undefined : key)}
              >
                <Tag tone={tones[x.severity]}>{t(`import.severity_${x.severity}`)}</Tag>
                <span className="min-w-0 flex-1 truncate">
                  {x.column && <span className="text-muted">{x.column}：</span>}
                  {t(`issue.${x.reason}`)}
                </span>
                <span className="shrink-0 tabular-nums text-muted">{t('import.times', { n: count(x.count) })}</span>
              </button>
              {open === key && <Rows id={id} tally={x} />}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Rows({ id, tally }: { id: string; tally: Tally }) {
  const { t } = useTranslation()
  const [limit, setLimit] = useState(200)
  const { data } = useQuery({
    queryKey: ['import', 'one', id, 'issues', tally, limit],
    queryFn: ({ signal }) =>
      get<{ data: Issue[]; has_more: boolean }>(
        `/imports/${id}/issues?${new URLSearchParams({ severity: tally.severity, column: tally.column, reason: tally.reason, limit: String(limit) })}`,
        signal,
      ),
  })
  const rows = data?.data ?? []
  return (
    <div className="max-h-72 overflow-auto border-t border-line bg-ground px-3 py-2 text-sm">
      {rows.map((i) => (
        <p key={`${i.row} ${i.value}`} className="flex gap-3 py-0.5">
          <span className="w-24 shrink-0 text-muted">{tally.severity !== 'kept' && t('import.row', { n: i.row })}</span>
          <span className="min-w-0 break-words">
            <Told text={i.value} />
          </span>
        </p>
      ))}
      {data?.has_more && limit < 1000 && (
        <Button tone="quiet" onClick={() => setLimit(1000)}>
          {t('act.more')}
        </Button>
      )}
      {data?.has_more && limit >= 1000 && rows.length < tally.count && <p className="text-muted">{t('import.more_in_file')}</p>}
    </div>
  )
}

/** Where a reason names records, their ids lead to them. */
function Told({ text }: { text: string }) {
  const { t } = useTranslation()
  const kinds = useKinds()
  return text.split(/([a-z]+_[0-9a-z]{26})/).map((part, i) => {
    const kind = i % 2 === 1 && kinds.find((k) => k.prefix === part.split('_')[0])
    if (!kind) return part
    return (
      <Link
        key={i}
        to={`/${kind.plural}` as never}
        search={{ id: part } as never}
        aria-label={`${t('act.open')} ${part}`}
        className="text-accent hover:underline"
      >
        {t('act.open')}
      </Link>
    )
  })
}
