import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'

export interface Tab {
  id: string
  title: ReactNode
  body: ReactNode
}

export function Tabs({ tabs, value, onChange, label }: { tabs: Tab[]; value: string; onChange: (id: string) => void; label: string }) {
  return (
    <Base.Root value={value} onValueChange={(v) => onChange(String(v))} className="flex min-h-0 flex-1 flex-col">
      <Base.List
        aria-label={label}
        className="hide-scroll flex h-9 shrink-0 items-end gap-4 overflow-x-auto border-b border-line px-4 max-md:h-11"
      >
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.id}
            value={tab.id}
            className="-mb-px h-full shrink-0 whitespace-nowrap border-b-2 border-transparent px-0.5 text-muted hover:text-ink focus-visible:-outline-offset-2 data-[active]:border-accent data-[active]:font-medium data-[active]:text-ink"
          >
            {tab.title}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.id} value={tab.id} className="flex min-h-0 flex-1 flex-col overflow-auto focus-visible:-outline-offset-2">
          {tab.body}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
