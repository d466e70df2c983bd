import { ArrowDown, ArrowUp, Plus, Trash2, Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Option } from '../client/types'
import { Button, IconButton } from '../ui/button'
import { cx } from '../ui/cx'
import { composing } from '../ui/key'

/** The values of a choice. One that records may hold is retired, never removed. */
export function Options({ value, onChange }: { value: Option[]; onChange: (o: Option[]) => void }) {
  const { t } = useTranslation()
  const put = (i: number, change: Partial<Option>) => onChange(value.map((o, j) => (j === i ? { ...o, ...change } : o)))
  const move = (i: number, by: number) => {
    const next = [...value]
    next.splice(i + by, 0, ...next.splice(i, 1))
    onChange(next)
  }
  const add = () => onChange([...value, { value: '', label: '' }])
  return (
    <div>
      <ul aria-label={t('shape.options')} className="flex flex-col gap-1">
        {value.map((o, i) => {
          const title = o.label || t('shape.option_nth', { n: i + 1 })
          return (
            <li key={i} className="flex items-center gap-1">
              <input
                className={cx('control min-w-0 flex-1', o.retired && 'text-muted line-through')}
                aria-label={t('shape.option_nth', { n: i + 1 })}
                value={o.label}
                maxLength={100}
                autoFocus={o.value === '' && o.label === '' && i === value.length - 1 && i > 0}
                onChange={(e) => put(i, { label: e.target.value })}
                onKeyDown={(e) => {
                  if (e.key !== 'Enter' || composing(e)) return
                  e.preventDefault()
                  if (i === value.length - 1 && o.label) add()
                }}
              />
              {o.retired && <span className="shrink-0 text-xs text-muted">{t('shape.off')}</span>}
              <IconButton icon={ArrowUp} label={t('act.move_up', { title })} disabled={i === 0} onClick={() => move(i, -1)} />
              <IconButton
                icon={ArrowDown}
                label={t('act.move_down', { title })}
                disabled={i === value.length - 1}
                onClick={() => move(i, 1)}
              />
              {o.retired ? (
                <IconButton icon={Undo2} label={t('shape.option_back', { title })} onClick={() => put(i, { retired: undefined })} />
              ) : (
                <IconButton
                  icon={Trash2}
                  label={t(o.value ? 'shape.option_retire' : 'shape.option_remove', { title })}
                  onClick={() => (o.value ? put(i, { retired: true }) : onChange(value.filter((_, j) => j !== i)))}
                />
              )}
            </li>
          )
        })}
      </ul>
      <Button tone="quiet" icon={Plus} className="mt-1" onClick={add}>
        {t('shape.option_add')}
      </Button>
    </div>
  )
}
