import { ChevronDown, ChevronRight, Rows3 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import type { Field, Kind } from '../client/types'
import { count, group as digits, money } from '../field/format'
import { fieldLabel } from '../field/label'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { Menu } from '../ui/menu'
import { Skeleton } from '../ui/wait'
import { type Group, groupFields, groupTitle, noValue, type Totalled } from './group'

/** Chooses what the list is grouped by. */
export function GroupMenu({ kind, by, onChange }: { kind: Kind; by?: string; onChange: (by: string | undefined) => void }) {
  const { t } = useTranslation()
  const fields = groupFields(kind)
  const now = fields.find((f) => f.name === by)
  if (fields.length === 0) return null
  return (
    <Menu
      trigger={
        <Button icon={Rows3} className={now && 'border-accent bg-accent-tint text-accent'}>
          {now ? t('group.by', { field: fieldLabel(kind.kind, now) }) : t('group.title')}
        </Button>
      }
      groups={[
        [{ id: 'none', title: t('group.none'), checked: !now, run: () => onChange(undefined) }],
        fields.map((f) => ({
          id: f.name,
          title: f.type === 'date' ? t('group.month', { field: fieldLabel(kind.kind, f) }) : fieldLabel(kind.kind, f),
          checked: f === now,
          run: () => onChange(f.name),
        })),
      ]}
    />
  )
}

/** A list in groups, each with its count, sums and averages; the one that is open has its rows under it. */
export function Groups({
  kind,
  groups,
  error,
  field,
  open,
  onOpen,
  narrow,
  children,
}: {
  kind: Kind
  groups?: Totalled[]
  error?: Error | null
  field: Field
  open?: string
  onOpen: (id: string | undefined) => void
  narrow: boolean
  children: ReactNode
}) {
  const { t } = useTranslation()
  if (error) return <p className="flex-1 p-4 text-bad">{tell(error)}</p>
  if (!groups) return <Skeleton lines={10} className="flex flex-1 flex-col gap-4 p-4" />
  const key = (g: Group) => g.id || noValue
  return (
    <section aria-label={t('group.list', { field: fieldLabel(kind.kind, field) })} className="min-h-0 flex-1 overflow-auto" tabIndex={0}>
      {groups.length === 0 && <p className="p-6 text-center text-muted">{t('empty.match')}</p>}
      {groups.map((g) => {
        const on = key(g) === open
        const Fold = on ? ChevronDown : ChevronRight
        return (
          <div key={g.id} className={cx(on && 'flex h-[max(320px,calc(100%-80px))] flex-col')}>
            <h2 className="shrink-0 text-sm font-normal">
              <button
                type="button"
                aria-expanded={on}
                onClick={() => onOpen(on ? undefined : key(g))}
                className={cx(
                  'flex min-h-10 w-full flex-wrap items-center gap-x-3 border-b border-line px-3 py-1.5 text-left hover:bg-hover focus-visible:-outline-offset-2 max-md:gap-y-0',
                  on && 'bg-ground',
                )}
              >
                <Fold size={14} aria-hidden className="shrink-0 text-muted" />
                <span className="min-w-24 shrink-0 font-medium">{groupTitle(kind, field, g)}</span>
                <span className="shrink-0 text-muted">{t('total.count', { n: count(g.count) })}</span>
                <span className="flex-1" />
                {g.totals.map((x) => {
                  const some = x.sums.some((s) => !/^-?0*(\.0*)?$/.test(s.amount))
                  return (
                    // A sum stands under the same sum of the group above.
                    <span
                      key={x.label}
                      className={cx(
                        'shrink-0 text-xs text-muted',
                        narrow ? 'basis-full pl-6' : 'w-60 text-right',
                        narrow && !some && 'hidden',
                      )}
                    >
                      {some && (
                        <>
                          {x.label} <Sum of={x.sums} />
                        </>
                      )}
                    </span>
                  )
                })}
              </button>
            </h2>
            {on && <div className="flex min-h-0 flex-1 flex-col">{children}</div>}
          </div>
        )
      })}
    </section>
  )
}

function Sum({ of }: { of: Group['sums'] }) {
  const { t } = useTranslation()
  const say = (s: Group['sums'][0], amount: string) => (s.currency ? money({ amount, currency: s.currency }) : digits(amount))
  return (
    <>
      <b className="font-medium text-ink figures">{of.map((s) => say(s, s.amount)).join(' + ')}</b>
      <span className="ml-2">{t('group.average', { n: of.map((s) => say(s, s.average)).join(' / ') })}</span>
    </>
  )
}
