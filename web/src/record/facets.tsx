import { ChevronDown, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Ask, useFacets } from '../client/data'
import type { FacetValue, Field, Kind } from '../client/types'
import { band, count, moment } from '../field/format'
import { choiceAmong, fieldLabel } from '../field/label'
import { flat, forest, type Node } from '../field/tree'
import { cx } from '../ui/cx'
import { composing } from '../ui/key'
import { Skeleton } from '../ui/wait'
import { facetFields } from './view'

const short = 8
const long = 15 // more values than these can be looked through by name
const most = 200 // rows drawn at a time

/** The left column: how many of the matching records have each value. A tree's counts include what lies below. */
export function Facets({
  kind,
  ask,
  picks,
  onPick,
}: {
  kind: Kind
  ask: Ask
  picks: Record<string, string[]>
  onPick: (field: string, ids: string[]) => void
}) {
  const { t } = useTranslation()
  const fields = facetFields(kind)
  const { data, isPending } = useFacets(
    kind,
    ask,
    fields.map((f) => f.name),
  )
  if (isPending) return <Skeleton lines={12} />
  return (
    <div className="py-2">
      {fields.map((f) => {
        const values = data?.data.find((d) => d.field === f.name)?.values ?? []
        const mine = picks[f.name] ?? []
        if (values.length === 0 && mine.length === 0) return null
        return (
          <Facet
            key={f.name}
            kind={kind}
            field={f}
            values={values}
            picked={mine}
            types={picks.type}
            onPick={(ids) => onPick(f.name, ids)}
          />
        )
      })}
      {(data?.exact === false || data?.as_of) && (
        <p className="px-3 pb-1 text-xs text-muted">
          {data.exact === false && <span className="block">{t('facet.about')}</span>}
          {data.as_of && <span className="block">{t('facet.as_of', { at: moment(data.as_of) })}</span>}
        </p>
      )}
    </div>
  )
}

function Facet({
  kind,
  field,
  values,
  picked,
  types,
  onPick,
}: {
  kind: Kind
  field: Field
  values: FacetValue[]
  picked: string[]
  /** Of receipts: which types are picked, for a word that they say differently. */
  types?: string[]
  onPick: (ids: string[]) => void
}) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(true)
  const [all, setAll] = useState(false)
  const [sought, seek] = useState('')
  const [unfolded, setUnfolded] = useState<Set<string>>(new Set())
  const label = fieldLabel(kind.kind, field)
  const worded = field.type === 'choice' || field.type === 'choices'
  const none = values.find((v) => v.id === '')
  const tree = forest(values.filter((v) => v.id !== ''))
  const holdsPick = (n: Node<FacetValue>): boolean => n.children.some((c) => picked.includes(c.value.id) || holdsPick(c))
  const isOpen = (n: Node<FacetValue>) => unfolded.has(n.value.id) || holdsPick(n) || picked.includes(n.value.id)
  const visible = (nodes: Node<FacetValue>[]): Node<FacetValue>[] => nodes.flatMap((n) => [n, ...(isOpen(n) ? visible(n.children) : [])])
  const said = (v: FacetValue) => (worded ? choiceAmong(kind.kind, field, v.id, types) : band(v.title))
  const size = flat(tree).length
  const want = sought.trim().toLowerCase()
  // What is looked for stands below what it belongs to.
  const found = (nodes: Node<FacetValue>[]): Node<FacetValue>[] =>
    nodes.flatMap((n) => {
      const below = found(n.children)
      return below.length > 0 || said(n.value).toLowerCase().includes(want) ? [n, ...below] : []
    })
  const rows = want ? found(tree) : visible(tree)
  const cut = rows.slice(0, !want && !all && rows.length > short + 2 ? short : most)
  const toggle = (id: string) => onPick(picked.includes(id) ? picked.filter((p) => p !== id) : [...picked, id])
  return (
    <section aria-label={label} className="pb-2.5 pt-1">
      <h2 className="px-3 text-xs font-medium text-muted">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex h-6 w-full items-center justify-between rounded-[4px] hover:text-ink"
        >
          {label}
          <ChevronDown size={13} aria-hidden className={cx('transition-transform', !open && '-rotate-90')} />
        </button>
      </h2>
      {open && size > long && (
        <input
          type="search"
          value={sought}
          aria-label={t('facet.search', { field: label })}
          placeholder={t('facet.search_hint')}
          onChange={(e) => seek(e.target.value)}
          onKeyDown={(e) => {
            if (e.key !== 'Escape' || composing(e)) return
            e.stopPropagation()
            seek('')
          }}
          className="control mx-3 mb-1 h-7 w-[calc(100%-24px)] text-sm max-md:h-11"
        />
      )}
      {open && want && rows.length === 0 && <p className="px-3 py-1 text-xs text-muted">{t('facet.nothing')}</p>}
      {open && (
        <ul>
          {cut.map((n) => (
            <Line
              key={n.value.id}
              title={said(n.value)}
              value={n.value}
              depth={n.depth}
              on={picked.includes(n.value.id)}
              onToggle={() => toggle(n.value.id)}
              fold={n.children.length > 0 && !want ? isOpen(n) : undefined}
              onFold={() =>
                setUnfolded((s) => {
                  const next = new Set(s)
                  if (!next.delete(n.value.id)) next.add(n.value.id)
                  return next
                })
              }
            />
          ))}
          {cut.length < rows.length && (
            <li>
              {cut.length < most ? (
                <button
                  type="button"
                  onClick={() => setAll(true)}
                  className="ml-8 h-6 rounded-[4px] text-xs text-accent hover:underline max-md:h-11"
                >
                  {t('facet.more', { n: size - short })}
                </button>
              ) : (
                <span className="ml-8 text-xs text-muted">{t('facet.rest', { n: rows.length - most })}</span>
              )}
            </li>
          )}
          {!want && none && none.count > 0 && (
            <Line
              title={t(worded ? 'facet.empty' : 'facet.none')}
              value={none}
              depth={0}
              on={picked.includes('')}
              onToggle={() => toggle('')}
              muted
            />
          )}
        </ul>
      )}
    </section>
  )
}

function Line({
  title,
  value,
  depth,
  on,
  onToggle,
  fold,
  onFold,
  muted,
}: {
  title: string
  value: FacetValue
  depth: number
  on: boolean
  onToggle: () => void
  fold?: boolean
  onFold?: () => void
  muted?: boolean
}) {
  const { t } = useTranslation()
  const Chevron = fold ? ChevronDown : ChevronRight
  return (
    <li
      className={cx('group flex h-[26px] items-center pr-3 hover:bg-hover max-md:h-11', on && 'font-medium text-accent')}
      style={{ paddingLeft: 12 + depth * 14 }}
    >
      <label className="flex h-full min-w-0 flex-1 cursor-pointer items-center gap-2">
        <input type="checkbox" checked={on} onChange={onToggle} />
        <span className={cx('truncate', muted && !on && 'text-muted')}>{title}</span>
      </label>
      {fold !== undefined && (
        <button
          type="button"
          aria-label={t(fold ? 'act.fold' : 'act.unfold', { title })}
          aria-expanded={fold}
          onClick={onFold}
          className="grid size-6 shrink-0 place-items-center rounded-[4px] text-muted hover:text-ink max-md:size-11"
        >
          <Chevron size={12} aria-hidden />
        </button>
      )}
      <span className="min-w-8 shrink-0 text-right text-xs font-normal text-muted">{count(value.count)}</span>
    </li>
  )
}
