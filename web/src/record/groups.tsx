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
import { fieldsOf, type Group, type Grouping, groupFields, groupTitle, keyOf, pathTo, type Totalled } from './group'

/** Chooses what the list is grouped by, and by what within that. */
export function GroupMenu({ kind, by, onChange }: { kind: Kind; by?: string; onChange: (by: string | undefined) => void }) {
  const { t } = useTranslation()
  const fields = groupFields(kind)
  const [first, second] = fieldsOf(kind, by)
  if (fields.length === 0) return null
  const title = (f: Field) => (f.type === 'date' ? t('group.month', { field: fieldLabel(kind.kind, f) }) : fieldLabel(kind.kind, f))
  const set = (...of: (Field | undefined)[]) => onChange([...new Set(of.flatMap((f) => f?.name ?? []))].join(',') || undefined)
  const names = [first, second].flatMap((f) => (f ? fieldLabel(kind.kind, f) : []))
  return (
    <Menu
      trigger={
        <Button fold icon={Rows3} className={cx(first && 'border-accent bg-accent-tint text-accent')}>
          {first ? t('group.by', { field: names.join(t('mark.comma')) }) : t('group.title')}
        </Button>
      }
      groups={[
        [{ id: 'none', title: t('group.none'), checked: !first, run: () => set() }],
        fields.map((f) => ({ id: f.name, title: title(f), checked: f === first, run: () => set(f, second) })),
        first
          ? fields
              .filter((f) => f !== first)
              .map((f) => ({
                id: `then-${f.name}`,
                title: t('group.then', { field: title(f) }),
                checked: f === second,
                run: () => set(first, f === second ? undefined : f),
              }))
          : [],
      ]}
    />
  )
}

/** A list in groups and groups within them, each with its count, sums and averages; the innermost that is open has its rows under it. */
export function Groups({
  kind,
  grouping: { fields, levels, path, error },
  onOpen,
  narrow,
  children,
}: {
  kind: Kind
  grouping: Grouping
  onOpen: (at: string | undefined) => void
  narrow: boolean
  children: ReactNode
}) {
  const { t } = useTranslation()
  if (error) return <p className="flex-1 p-4 text-bad">{tell(error)}</p>
  if (!levels[0]) return <Skeleton lines={10} className="flex flex-1 flex-col gap-4 p-4" />
  const level = (depth: number, above: string[]): ReactNode =>
    levels[depth]?.map((g) => {
      const on = keyOf(g) === path[depth]
      const here = [...above, keyOf(g)]
      const last = depth === fields.length - 1
      return (
        // What holds rows has the height that these need; a group of groups has just theirs.
        <div key={g.id} className={last ? cx(on && 'flex h-[max(320px,calc(100%-80px))] flex-col') : 'contents'}>
          <Head
            kind={kind}
            field={fields[depth]!}
            group={g}
            depth={depth}
            on={on}
            narrow={narrow}
            onFold={() => onOpen(pathTo(on ? above : here))}
          />
          {on && last && <div className="flex min-h-0 flex-1 flex-col">{children}</div>}
          {on &&
            !last &&
            (levels[depth + 1] ? level(depth + 1, here) : <Skeleton lines={4} className="flex flex-col gap-4 py-4 pr-4 pl-10" />)}
        </div>
      )
    })
  const names = fields.map((f) => fieldLabel(kind.kind, f)).join(t('mark.comma'))
  return (
    <section aria-label={t('group.list', { field: names })} className="min-h-0 flex-1 overflow-auto" tabIndex={0} onKeyDown={walk}>
      {levels[0].length === 0 && <p className="p-6 text-center text-muted">{t('empty.match')}</p>}
      {level(0, [])}
    </section>
  )
}

/** Arrows go from head to head, open and close, and lead out of an inner group. */
function walk(e: React.KeyboardEvent<HTMLElement>) {
  const head = e.target instanceof HTMLElement ? e.target.closest<HTMLElement>('[data-depth]') : null
  if (!head || e.ctrlKey || e.metaKey || e.altKey) return
  const all = [...e.currentTarget.querySelectorAll<HTMLElement>('[data-depth]')]
  const at = all.indexOf(head)
  const open = head.getAttribute('aria-expanded') === 'true'
  if (e.key === 'ArrowDown') all[at + 1]?.focus()
  else if (e.key === 'ArrowUp') all[at - 1]?.focus()
  else if (e.key === 'ArrowRight') open ? all[at + 1]?.focus() : head.click()
  else if (e.key === 'ArrowLeft') {
    const above = all.slice(0, at).findLast((x) => x.dataset.depth === '0')
    if (open) head.click()
    else if (head.dataset.depth !== '0') above?.focus()
  } else return
  e.preventDefault()
  e.stopPropagation()
}

function Head({
  kind,
  field,
  group: g,
  depth,
  on,
  narrow,
  onFold,
}: {
  kind: Kind
  field: Field
  group: Totalled
  depth: number
  on: boolean
  narrow: boolean
  onFold: () => void
}) {
  const { t } = useTranslation()
  const Fold = on ? ChevronDown : ChevronRight
  const H = depth === 0 ? 'h2' : 'h3'
  return (
    <H className="shrink-0 text-sm font-normal">
      <button
        type="button"
        data-depth={depth}
        aria-expanded={on}
        onClick={onFold}
        className={cx(
          'flex min-h-10 w-full flex-wrap items-center gap-x-3 border-b border-line py-1.5 pr-3 text-left hover:bg-hover focus-visible:-outline-offset-2 max-md:gap-y-0',
          depth === 0 ? 'pl-3' : 'pl-8',
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
              className={cx('shrink-0 text-xs text-muted', narrow ? 'basis-full pl-6' : 'w-60 text-right', narrow && !some && 'hidden')}
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
    </H>
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
