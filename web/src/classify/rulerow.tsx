import { ArrowDown, ArrowUp, GripVertical, Pencil, Trash2, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { words } from '../client/call'
import { useDimensions, useKinds } from '../client/data'
import type { Kind, Rule } from '../client/types'
import { describe, paths } from '../field/ops'
import { named } from '../record/names'
import { IconButton } from '../ui/button'
import { cx } from '../ui/cx'
import { Tag } from '../ui/tag'

export interface RuleRowProps {
  rule: Rule
  kind: Kind
  /** Whether this person may change it. */
  may: boolean
  index: number
  last: boolean
  dragged: boolean
  onDrag: (id: string | undefined) => void
  onDrop: () => void
  onMove: (by: number) => void
  onEdit: () => void
  onEnable: (on: boolean) => void
  onRemove: () => void
}

/** One rule: its place, what it asks, what it gives. Dragged by its handle, or moved with Alt and the arrows. */
export function RuleRow({ rule, kind, may, index, last, dragged, onDrag, onDrop, onMove, onEdit, onEnable, onRemove }: RuleRowProps) {
  const { t } = useTranslation()
  const kinds = useKinds()
  useDimensions()
  const [over, setOver] = useState(false)
  const name = rule.title || (rule.number ? t('rule.nth', { n: rule.number }) : t('revision.new_rule'))
  return (
    <li
      onDragOver={(e) => {
        e.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        e.preventDefault()
        setOver(false)
        onDrop()
      }}
      onKeyDown={(e) => {
        if (!may || !e.altKey || (e.key !== 'ArrowUp' && e.key !== 'ArrowDown')) return
        e.preventDefault()
        onMove(e.key === 'ArrowUp' ? -1 : 1)
      }}
      className={cx(
        'group flex items-center gap-2 border-b border-line py-2 hover:bg-hover',
        dragged && 'opacity-40',
        over && 'shadow-[0_-2px_var(--accent)]',
      )}
    >
      <span
        draggable={may}
        onDragStart={(e) => {
          e.dataTransfer.effectAllowed = 'move'
          onDrag(rule.id)
        }}
        onDragEnd={() => onDrag(undefined)}
        className={cx('grid h-7 w-5 shrink-0 cursor-grab place-items-center text-muted max-md:hidden', !may && 'invisible')}
        aria-hidden
      >
        <GripVertical size={14} />
      </span>
      <span className="w-6 shrink-0 text-right text-xs text-muted">{index + 1}</span>
      <button type="button" disabled={!may} onClick={onEdit} className="min-w-0 flex-1 rounded-[4px] px-1 text-left">
        <span className={cx('block truncate', !rule.enabled && 'text-muted line-through')}>
          {describe(rule.filter, paths(kind, kinds), named)}
        </span>
        <span className="mt-0.5 flex items-center gap-2 text-xs text-muted">
          <span className="truncate">{rule.version > 0 ? `${name} · v${rule.version}` : name}</span>
          {!rule.enabled && <span>{t('rule.off')}</span>}
        </span>
        {rule.broken && (
          <span className="mt-0.5 flex items-center gap-1 text-xs text-bad">
            <TriangleAlert size={12} aria-hidden className="shrink-0" />
            {t('rule.broken', { reason: words(rule.broken) })}
          </span>
        )}
      </button>
      <span className="max-w-[30%] shrink-0">
        {rule.category ? <Tag tone="accent">{rule.category.title}</Tag> : <Tag tone="bad">{t('rule.no_category')}</Tag>}
      </span>
      <label className="flex shrink-0 cursor-pointer items-center p-1 max-md:p-3.5">
        <input
          type="checkbox"
          aria-label={t('rule.enable', { title: name })}
          checked={rule.enabled}
          disabled={!may}
          onChange={(e) => onEnable(e.target.checked)}
        />
      </label>
      {may && (
        <span className="flex shrink-0 max-md:hidden">
          <IconButton
            icon={ArrowUp}
            keys="Alt ↑"
            label={t('act.move_up', { title: name })}
            disabled={index === 0}
            onClick={() => onMove(-1)}
          />
          <IconButton icon={ArrowDown} keys="Alt ↓" label={t('act.move_down', { title: name })} disabled={last} onClick={() => onMove(1)} />
          <IconButton icon={Pencil} label={t('rule.edit', { title: name })} onClick={onEdit} />
          <IconButton icon={Trash2} label={t('rule.delete', { title: name })} onClick={onRemove} />
        </span>
      )}
    </li>
  )
}
