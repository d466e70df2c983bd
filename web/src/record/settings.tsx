import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Field, Kind } from '../client/types'
import { fieldLabel } from '../field/label'
import { Button, IconButton } from '../ui/button'
import { Popover } from '../ui/popover'
import { Row } from '../ui/row'
import { Select } from '../ui/select'
import { type Layout, rowHeights } from './columns'

/** Which columns, in which order; kept on this device for each kind. */
export function ColumnSettings({
  kind,
  shown,
  all,
  set,
  layout,
  onLayout,
}: {
  kind: Kind
  shown: Field[]
  all: Field[]
  set: (names: string[] | undefined) => void
  layout: Layout
  onLayout: (part: Partial<Layout>) => void
}) {
  const { t } = useTranslation()
  const names = shown.map((f) => f.name)
  const list = [...shown, ...all.filter((f) => !names.includes(f.name))]
  const move = (i: number, by: number) => {
    const next = [...names]
    const [one] = next.splice(i, 1)
    next.splice(i + by, 0, one!)
    set(next)
  }
  return (
    <Popover
      title={t('grid.columns')}
      align="end"
      className="w-72"
      trigger={
        <Button fold icon={Columns3}>
          {t('grid.columns')}
        </Button>
      }
    >
      <ul className="max-h-[38vh] overflow-auto p-1">
        {list.map((f, i) => {
          const on = i < names.length
          return (
            <li key={f.name} className="flex h-8 items-center rounded-md pl-2 hover:bg-hover">
              <label className="flex min-w-0 flex-1 cursor-pointer items-center gap-2">
                <input
                  type="checkbox"
                  checked={on}
                  disabled={on && names.length === 1}
                  onChange={() => set(on ? names.filter((n) => n !== f.name) : [...names, f.name])}
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
      <div className="flex flex-col gap-2 border-t border-line p-3">
        <Row label={t('grid.frozen')}>
          {(ids) => (
            <Select
              {...ids}
              value={String(Math.min(layout.frozen, names.length - 1))}
              onChange={(e) => onLayout({ frozen: Number(e.target.value) })}
            >
              <option value="0">{t('grid.frozen_none')}</option>
              {shown.slice(0, Math.min(4, names.length - 1)).map((f, i) => (
                <option key={f.name} value={i + 1}>
                  {t('grid.frozen_to', { column: fieldLabel(kind.kind, f) })}
                </option>
              ))}
            </Select>
          )}
        </Row>
        <Row label={t('grid.height')}>
          {(ids) => (
            <Select {...ids} value={layout.height ?? ''} onChange={(e) => onLayout({ height: e.target.value || undefined })}>
              <option value="">{t('grid.height_usual')}</option>
              {Object.keys(rowHeights).map((h) => (
                <option key={h} value={h}>
                  {t(`grid.height_${h}`)}
                </option>
              ))}
            </Select>
          )}
        </Row>
        <label className="flex cursor-pointer items-center gap-2">
          <input type="checkbox" checked={!!layout.wrap} onChange={(e) => onLayout({ wrap: e.target.checked || undefined })} />
          {t('grid.wrap')}
        </label>
        <p className="text-xs text-muted">{t('grid.widths_note')}</p>
      </div>
      <div className="border-t border-line p-1">
        <Button
          tone="quiet"
          onClick={() => {
            set(undefined)
            onLayout({ widths: {}, frozen: 0, height: undefined, wrap: undefined })
          }}
        >
          {t('grid.columns_reset')}
        </Button>
      </div>
    </Popover>
  )
}
