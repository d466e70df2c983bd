import { type KeyboardEvent, type ReactNode, useState } from 'react'

/** A tree that the arrow keys go about in: up and down what is open, left to what lies above, right into what lies below. */
export function Plant({ label, children }: { label: string; children: ReactNode }) {
  const [inside, setInside] = useState(false)
  return (
    <ul
      role="tree"
      aria-label={label}
      tabIndex={inside ? -1 : 0}
      className="px-1"
      onKeyDown={steer}
      onFocus={(e) => {
        setInside(true)
        if (e.target !== e.currentTarget) return
        const items = itemsOf(e.currentTarget)
        ;(items.find((i) => i.ariaSelected === 'true') ?? items[0])?.focus()
      }}
      onBlur={(e) => {
        if (!e.currentTarget.contains(e.relatedTarget)) setInside(false)
      }}
    >
      {children}
    </ul>
  )
}

/** What may be gone to. What stands for drawers that are still counted goes away, and the focus must not go with it. */
const itemsOf = (tree: HTMLElement) => [...tree.querySelectorAll<HTMLElement>('[role=treeitem]:not([aria-disabled])')]

function steer(e: KeyboardEvent<HTMLElement>): void {
  const items = itemsOf(e.currentTarget)
  const at = items.indexOf(document.activeElement as HTMLElement)
  if (at < 0 && e.target !== e.currentTarget) return
  let to: HTMLElement | null | undefined
  if (e.key === 'ArrowDown') to = items[at + 1]
  else if (e.key === 'ArrowUp') to = items[at - 1]
  else if (e.key === 'Home') to = items[0]
  else if (e.key === 'End') to = items.at(-1)
  else if (e.key === 'ArrowLeft') to = items[at]?.parentElement?.closest<HTMLElement>('[role=treeitem]')
  else if (e.key === 'ArrowRight') to = items[at]?.querySelector<HTMLElement>('[role=treeitem]')
  else return
  e.preventDefault()
  e.stopPropagation()
  to?.focus()
}
