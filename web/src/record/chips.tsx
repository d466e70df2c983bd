import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useDimensions, useKinds } from '../client/data'
import type { Filter, Kind } from '../client/types'
import { choiceAmong, fieldLabel } from '../field/label'
import { describe, paths } from '../field/ops'
import { named } from './names'
import type { View } from './view'

/** So many chips have room in the search box. */
export const fewChips = 2

/** How many chips a view shows. */
export function chipCount(view: View): number {
  const parts = !view.where ? 0 : 'and' in view.where ? view.where.and.length : 1
  return Object.values(view.picks ?? {}).reduce((n, ids) => n + ids.length, parts)
}

/** What narrows the list, in words; each can be changed, and goes away with a click. */
export function Chips({
  kind,
  view,
  onChange,
  onEdit,
}: {
  kind: Kind
  view: View
  onChange: (v: Partial<View>) => void
  /** Opens the conditions to change them, where that may be; facets are changed where they stand. */
  onEdit?: () => void
}) {
  const { t } = useTranslation()
  const kinds = useKinds()
  useDimensions()
  const all = paths(kind, kinds)
  const chips: { key: string; text: string; edit?: boolean; drop: () => void }[] = []
  for (const [name, ids] of Object.entries(view.picks ?? {})) {
    const field = kind.fields.find((f) => f.name === name)
    for (const id of ids) {
      const label = fieldLabel(kind.kind, field ?? { name })
      const text =
        id === ''
          ? `${label} ${t('op.empty')}`
          : field?.type === 'choice' || field?.type === 'choices'
            ? choiceAmong(kind.kind, field, id, view.picks?.type)
            : (named(id) ?? label)
      chips.push({
        key: `${name}:${id}`,
        text,
        drop: () => onChange({ picks: { ...view.picks, [name]: ids.filter((x) => x !== id) } }),
      })
    }
  }
  const where = view.where
  const parts: Filter[] = !where ? [] : 'and' in where ? where.and : [where]
  for (const [i, part] of parts.entries()) {
    chips.push({
      key: `w${i}`,
      text: describe(part, all, named),
      edit: !!onEdit,
      drop: () => {
        const rest = parts.filter((_, j) => j !== i)
        onChange({ where: rest.length === 0 ? undefined : rest.length === 1 ? rest[0] : { and: rest } })
      },
    })
  }
  if (chips.length === 0) return null
  return (
    <ul aria-label={t('filter.chips')} className="hide-scroll flex min-w-0 items-center gap-1 overflow-x-auto">
      {chips.map((c) => (
        <li key={c.key} className="flex h-6 shrink-0 items-center rounded-[4px] bg-accent-tint pl-1.5 text-xs text-accent max-md:h-9">
          {c.edit ? (
            <button
              type="button"
              aria-label={t('filter.change', { text: c.text })}
              onClick={onEdit}
              className="h-full max-w-56 truncate hover:underline focus-visible:-outline-offset-2"
            >
              {c.text}
            </button>
          ) : (
            <span className="max-w-56 truncate">{c.text}</span>
          )}
          <button
            type="button"
            aria-label={t('filter.drop', { text: c.text })}
            onClick={c.drop}
            className="grid size-6 place-items-center rounded-[4px] hover:bg-accent/15 focus-visible:-outline-offset-2 max-md:size-9"
          >
            <X size={12} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  )
}
