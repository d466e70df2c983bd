import type { ReactNode } from 'react'

/** The one 44 px bar of a page: title, then what the page needs, then (after Space) its one primary action. On a phone it may take a second line. */
export function Bar({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <header className="@container/bar flex h-11 shrink-0 items-center gap-2 border-b border-line bg-panel px-4 max-md:h-auto max-md:min-h-13 max-md:flex-wrap max-md:gap-y-0 max-md:px-3">
      <h1 className="mr-1 shrink-0 text-lg">{title}</h1>
      {children}
    </header>
  )
}

/** On a phone, what follows stands on the next line. */
export function Break() {
  return <span className="basis-full md:hidden" />
}

export function Space() {
  return <span className="flex-1" />
}
