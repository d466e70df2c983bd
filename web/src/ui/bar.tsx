import type { ReactNode } from 'react'

/** The one 44 px bar of a page: title, then what the page needs, then (after Space) its one primary action. */
export function Bar({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line bg-panel px-4 max-md:h-13 max-md:px-3">
      <h1 className="mr-1 shrink-0 text-lg">{title}</h1>
      {children}
    </header>
  )
}

export function Space() {
  return <span className="flex-1" />
}
