import { Link } from '@tanstack/react-router'
import { CircleHelp, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, tell } from '../client/call'
import { keep, stale, useDimensions, useKinds, useWhy } from '../client/data'
import type { Dimension, Field, Kind, Rec, Ref, Why } from '../client/types'
import { Categories } from '../field/cell'
import { moment, percent } from '../field/format'
import { fieldLabel } from '../field/label'
import { describe, paths } from '../field/ops'
import { ordered } from '../field/tree'
import { named } from '../record/names'
import { IconButton } from '../ui/button'
import { cx } from '../ui/cx'
import { Popover } from '../ui/popover'
import { say, warn } from '../ui/toast'

/** Where a record stands in each dimension, and why; a person may say otherwise or give the say back. */
export function Classes({ kind, record }: { kind: Kind; record: Rec }) {
  const { t } = useTranslation()
  const fields = kind.fields.filter((f) => f.type === 'category')
  const why = useWhy(kind, record.id, fields.length > 0)
  const dimensions = useDimensions().data?.data ?? []
  if (fields.length === 0) return null
  const classify = async (body: { set?: Record<string, unknown>; release?: string[] }) => {
    try {
      keep(kind.kind, await post<Rec>(`/${kind.plural}/${record.id}/classify`, body))
      stale(kind.kind)
      return true
    } catch (e) {
      warn(tell(e))
      return false
    }
  }
  return (
    <section aria-label={t('classify.title')} data-tour="classes" className="border-t border-line px-4 py-2">
      <h3 className="flex h-6 items-center text-xs font-medium text-muted">{t('classify.title')}</h3>
      <dl>
        {fields.map((f) => (
          <Class
            key={f.name}
            kind={kind}
            field={f}
            value={record[f.name] as Ref | Ref[] | null}
            why={why.data?.data.find((w) => w.field === f.name)}
            dimension={dimensions.find((d) => d.kind === kind.kind && d.name === f.name)}
            onSet={async (v) =>
              (await classify({ set: { [f.name]: v } })) &&
              say(t('done.classified'), { title: t('act.undo'), run: () => classify({ release: [f.name] }) })
            }
            onRelease={async () => (await classify({ release: [f.name] })) && say(t('done.released'))}
          />
        ))}
      </dl>
    </section>
  )
}

interface ClassProps {
  kind: Kind
  field: Field
  value: Ref | Ref[] | null
  why?: Why
  dimension?: Dimension
  onSet: (v: string | string[] | null) => void
  onRelease: () => void
}

function Class({ kind, field, value, why, dimension, onSet, onRelease }: ClassProps) {
  const { t } = useTranslation()
  const label = fieldLabel(kind.kind, field)
  const [open, setOpen] = useState(false)
  const ids = (Array.isArray(value) ? value : value ? [value] : []).map((v) => v.id)
  const mayChange =
    (kind.can?.includes('update') ?? true) &&
    (!dimension || dimension.by === 'rules' || dimension.by === 'field' || dimension.by === 'lookup')
  const shown = ids.length > 0
  return (
    <div className="grid min-h-7 grid-cols-[76px_minmax(0,1fr)] items-center gap-2 py-0.5">
      <dt className="truncate text-xs text-muted">{label}</dt>
      <dd className="flex min-w-0 items-center gap-1.5">
        {mayChange && dimension ? (
          <Popover
            title={t('classify.choose', { title: label })}
            open={open}
            onOpenChange={setOpen}
            className="w-60 p-1"
            trigger={
              <button
                type="button"
                aria-label={`${t('classify.choose', { title: label })} ${shown ? (Array.isArray(value) ? value : [value!]).map((v) => v.title).join(' ') : t('facet.none')}`}
                className="flex h-6 max-w-[60%] shrink-0 items-center rounded-[4px] hover:outline hover:outline-1 hover:outline-edge max-md:h-11"
              >
                {shown ? <Categories value={value} /> : <span className="px-1 text-xs text-muted">{t('facet.none')}</span>}
              </button>
            }
          >
            <Choices
              dimension={dimension}
              ids={ids}
              onPick={(id) => {
                if (dimension.multi || field.multi) onSet(ids.includes(id) ? ids.filter((x) => x !== id) : [...ids, id])
                else {
                  setOpen(false)
                  onSet(id || null)
                }
              }}
            />
          </Popover>
        ) : shown ? (
          <Categories value={value} />
        ) : (
          <span className="text-xs text-muted">{t('facet.none')}</span>
        )}
        {why && why.origin !== 'none' && <Reason why={why} label={label} kind={kind} />}
        {why?.origin === 'person' && (
          <IconButton icon={Undo2} size={13} label={t('classify.release', { title: label })} onClick={onRelease} className="size-6" />
        )}
      </dd>
    </div>
  )
}

function Choices({ dimension, ids, onPick }: { dimension: Dimension; ids: string[]; onPick: (id: string) => void }) {
  const { t } = useTranslation()
  return (
    <ul>
      {ordered(dimension.categories).map(({ value: c, depth }) => (
        <li key={c.id}>
          <button
            type="button"
            aria-pressed={ids.includes(c.id)}
            onClick={() => onPick(c.id)}
            className={cx(
              'flex h-8 w-full items-center rounded-md pr-2 text-left hover:bg-hover max-md:h-11',
              ids.includes(c.id) && 'font-medium text-accent',
            )}
            style={{ paddingLeft: 8 + depth * 16 }}
          >
            <span className="flex-1 truncate">{c.title}</span>
            {ids.includes(c.id) && <span aria-hidden>✓</span>}
          </button>
        </li>
      ))}
      {!dimension.multi && (
        <li className="mt-1 border-t border-line pt-1">
          <button
            type="button"
            onClick={() => onPick('')}
            className="flex h-8 w-full items-center rounded-md px-2 text-left text-muted hover:bg-hover max-md:h-11"
          >
            {t('facet.none')}
          </button>
        </li>
      )}
    </ul>
  )
}

/** A reason in the reader's words. The server says it as data: a rule's condition, or the field and value that were computed with. */
function said(w: Why, kind: Kind, kinds: Kind[], t: (k: string, o?: Record<string, unknown>) => string): string {
  if (w.origin === 'person') return w.by?.title ? t('why.person', { name: w.by.title }) : t('why.somebody')
  if (w.origin === 'model') return t('why.model', { sure: percent(w.confidence ?? 0), reason: w.reason ?? '' })
  if (w.origin === 'rule' && w.filter)
    return t('why.by_rule', { number: w.number ?? '', version: w.version ?? '', what: describe(w.filter, paths(kind, kinds), named) })
  if (w.origin === 'lookup' && w.reason) return t('why.looked_up', { title: w.reason })
  const [name, ...rest] = (w.reason ?? '').split(' ')
  const field = kind.fields.find((f) => f.name === name)
  if (field) return `${fieldLabel(kind.kind, field)} ${rest.join(' ')}`
  return w.reason || t(`why.${w.origin}`)
}

function Reason({ why, label, kind }: { why: Why; label: string; kind: Kind }) {
  const { t } = useTranslation()
  const text = said(why, kind, useKinds(), t)
  return (
    <Popover
      title={t('why.title', { title: label })}
      className="w-72 p-3"
      trigger={
        <button
          type="button"
          aria-label={t('why.ask', { title: label, reason: text })}
          className="group flex min-w-0 items-center gap-1 rounded-[4px] text-xs text-muted hover:text-ink max-md:h-11"
        >
          <span className="truncate">{text}</span>
          <CircleHelp size={12} aria-hidden className="shrink-0 opacity-60 group-hover:opacity-100" />
        </button>
      }
    >
      <h4 className="font-medium">{t('why.title', { title: label })}</h4>
      <p className="mt-1 text-sm">{text}</p>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-xs">
        <dt className="text-muted">{t('why.origin')}</dt>
        <dd>{t(`why.${why.origin}_name`)}</dd>
        {why.rule && (
          <>
            <dt className="text-muted">{t('why.rule')}</dt>
            <dd>
              <Link to="/rules" search={{ rule: why.rule.id } as never} className="text-accent hover:underline">
                {why.rule.title}
              </Link>
              {why.version ? ` v${why.version}` : ''}
            </dd>
          </>
        )}
        {why.at && (
          <>
            <dt className="text-muted">{t('why.at')}</dt>
            <dd>{moment(why.at)}</dd>
          </>
        )}
      </dl>
      {why.origin === 'person' && <p className="mt-2 text-xs text-muted">{t('why.person_note')}</p>}
    </Popover>
  )
}
