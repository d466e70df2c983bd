import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './button'
import { cx } from './cx'

export interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  note?: ReactNode
  children?: ReactNode
  foot?: ReactNode
  wide?: boolean
  /** As wide as the window allows. */
  full?: boolean
}

export function Dialog({ open, onClose, title, note, children, foot, wide, full }: DialogProps) {
  const { t } = useTranslation()
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-50 bg-veil transition-opacity data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Popup
          ref={popup}
          initialFocus={() => popup.current?.querySelector<HTMLElement>('input,select,textarea') ?? popup.current}
          className={cx(
            'popup fixed left-1/2 top-[12vh] z-50 flex max-h-[76vh] w-[calc(100vw-32px)] -translate-x-1/2 flex-col max-md:inset-x-0 max-md:bottom-0 max-md:left-0 max-md:top-auto max-md:max-h-[88vh] max-md:w-full max-md:translate-x-0 max-md:rounded-b-none',
            full ? 'md:max-w-[1280px]' : wide ? 'md:max-w-[760px]' : 'md:max-w-[480px]',
          )}
        >
          <header className="flex items-start gap-2 px-5 pb-2 pt-4">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-lg">{title}</Base.Title>
              {note && <Base.Description className="mt-0.5 text-sm text-muted">{note}</Base.Description>}
            </div>
            <IconButton icon={X} label={t('act.close')} onClick={onClose} className="-mr-2 -mt-0.5" />
          </header>
          <div className="min-h-0 flex-1 overflow-auto px-5 pb-5 pt-1">{children}</div>
          {foot && <footer className="flex items-center justify-end gap-2 border-t border-line px-5 py-3">{foot}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
