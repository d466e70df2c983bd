import { Menu as Base } from '@base-ui/react/menu'
import type { LucideIcon } from 'lucide-react'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { Kbd } from './button'
import { cx } from './cx'

export interface Item {
  id: string
  title: string
  icon?: LucideIcon
  keys?: string
  danger?: boolean
  checked?: boolean
  disabled?: boolean
  run: () => void
}

/** Items in groups; a thin line stands between groups. */
export function Menu({
  trigger,
  groups,
  align = 'end',
  side = 'bottom',
}: {
  trigger: ReactElement<Record<string, unknown>>
  groups: Item[][]
  align?: 'start' | 'end'
  side?: 'bottom' | 'top' | 'right'
}) {
  const { t } = useTranslation()
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      {/* A landmark of its own: it stands outside the page's. */}
      <Base.Portal role="region" aria-label={t('act.menu')}>
        <Base.Positioner align={align} side={side} sideOffset={4} className="z-50">
          <Base.Popup className="popup max-h-[min(60vh,var(--available-height))] min-w-40 overflow-auto p-1">
            {groups
              .filter((g) => g.length > 0)
              .map((group, i) => (
                <div key={group[0]!.id} role="group" className={cx(i > 0 && 'mt-1 border-t border-line pt-1')}>
                  {group.map((item) => (
                    <Base.Item
                      key={item.id}
                      disabled={item.disabled}
                      onClick={item.run}
                      className={cx(
                        'flex h-8 cursor-pointer select-none items-center gap-2 rounded-md px-2 outline-none data-[disabled]:opacity-40 data-[highlighted]:bg-hover max-md:h-11',
                        item.danger ? 'text-bad' : item.checked && 'font-medium text-accent',
                      )}
                    >
                      {item.icon && <item.icon size={14} aria-hidden className={item.danger ? '' : 'text-muted'} />}
                      <span className="flex-1">{item.title}</span>
                      {item.checked && <span aria-hidden>✓</span>}
                      {item.keys && <Kbd>{item.keys}</Kbd>}
                    </Base.Item>
                  ))}
                </div>
              ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
