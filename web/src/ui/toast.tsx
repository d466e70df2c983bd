import { Toast } from '@base-ui/react/toast'
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './button'
import { cx } from './cx'

const manager = Toast.createToastManager<{ body?: ReactNode }>()

/** Says what was done; with `undo` the message stays for the ten seconds in which it can be taken back. */
export function say(text: string, undo?: { title: string; run: () => void }): void {
  const id = manager.add({
    title: text,
    type: 'done',
    timeout: undo ? 10_000 : 4_000,
    actionProps: undo && {
      children: undo.title,
      onClick: () => {
        manager.close(id)
        undo.run()
      },
    },
  })
}

/** Says what went wrong and what to do about it. */
export function warn(text: string, title?: string): void {
  manager.add({ title: title ?? text, description: title && text, type: 'wrong', timeout: 9_000, priority: 'high' })
}

/** Shows how long work goes, for as long as its body does not close it or a person puts it away: the work goes on. */
export function hold(title: string, body: (close: () => void) => ReactNode): void {
  const id: string = manager.add({ title, type: 'work', timeout: 0, data: { body: body(() => manager.close(id)) } })
}

function List() {
  const { t } = useTranslation()
  const { toasts } = Toast.useToastManager<{ body?: ReactNode }>()
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection={['down', 'right']}
      className={cx(
        'popup pointer-events-auto flex w-full items-start gap-2.5 py-1.5 pl-3 pr-1.5 transition-all data-[ending-style]:opacity-0 data-[limited]:hidden data-[starting-style]:translate-y-2 data-[starting-style]:opacity-0',
      )}
    >
      {toast.type === 'work' ? (
        <Toast.Content className="min-w-0 flex-1 py-1">
          <Toast.Title className="sr-only" />
          {toast.data?.body}
        </Toast.Content>
      ) : (
        <Words toast={toast} />
      )}
      <Toast.Close render={<IconButton icon={X} label={t('act.close')} size={13} />} />
    </Toast.Root>
  ))
}

function Words({ toast }: { toast: { type?: string; description?: ReactNode } }) {
  return (
    <>
      {toast.type === 'wrong' ? (
        <CircleAlert size={16} aria-hidden className="mt-1.5 shrink-0 text-bad" />
      ) : (
        <CircleCheck size={16} aria-hidden className="mt-1.5 shrink-0 text-ok" />
      )}
      <Toast.Content className="min-w-0 flex-1 py-1">
        <Toast.Title className="break-words text-sm font-normal" />
        {toast.description && <Toast.Description className="break-words text-xs text-muted" />}
      </Toast.Content>
      <Toast.Action className="h-7 shrink-0 rounded-md px-2 font-medium text-accent hover:bg-hover max-md:h-11" />
    </>
  )
}

export function Toasts({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="pointer-events-none fixed bottom-4 left-1/2 z-70 flex w-[420px] max-w-[calc(100vw-24px)] -translate-x-1/2 flex-col gap-2 max-md:bottom-16">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}
