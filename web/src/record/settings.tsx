import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Field, Kind } from '../client/types'
import { fieldLabel } from '../field/label'
import { Button, IconButton } from '../ui/button'
import { Popover } from '../ui/popover'

/** Which columns, in which order; kept on this device for each kind. */
export function ColumnSettings({
  kind,
  shown,
  all,
  onChange,
}: {
  kind: Kind
  shown: Field[]
  all: Field[]
  onChange: (names: string[] | undefined) => void
}) {
  const { t } = useTranslation()
  const names = shown.map((f) => f.name)
  const list = [...shown, ...all.filter((f) => !names.includes(f.name))]
  const move = (i: number, by: number) => {
    const next = [...names]
    const [one] = next.splice(i, 1)
    next.splice(i + by, 0, one!)
    onChange(next)
  }
  return (
    <Popover title={t('grid.columns')} align="end" className="w-72" trigger={<Button icon={Columns3}>{t('grid.columns')}</Button>}>
      <ul className="p-1">
        {list.map((f, i) => {
          const on = i < names.length
          return (
            <li key={f.name} className="flex h-8 items-center rounded-md pl-2 hover:bg-hover">
              <label className="flex min-w-0 flex-1 cursor-pointer items-center gap-2">
                <input
                  type="checkbox"
                  checked={on}
                  disabled={on && names.length === 1}
                  onChange={() => onChange(on ? names.filter((n) => n !== f.name) : [...names, f.name])}
                />
                <span className="truncate">{fieldLabel(kind.kind, f)}</span>
              </label>
              {on && (
                <>
                  <IconButton
                    icon={ArrowUp}
                    size={13}
                    label={t('act.move_up', { title: fieldLabel(kind.kind, f) })}
                    disabled={i === 0}
                    onClick={() => move(i, -1)}
                  />
                  <IconButton
                    icon={ArrowDown}
                    size={13}
                    label={t('act.move_down', { title: fieldLabel(kind.kind, f) })}
                    disabled={i === names.length - 1}
                    onClick={() => move(i, 1)}
                  />
                </>
              )}
            </li>
          )
        })}
      </ul>
      <div className="border-t border-line p-1">
        <Button tone="quiet" onClick={() => onChange(undefined)}>
          {t('grid.columns_reset')}
        </Button>
      </div>
    </Popover>
  )
}
