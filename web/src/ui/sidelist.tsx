import { cx } from './cx'
import { Select } from './select'
import { useNarrow } from './size'

export interface SideGroup {
  title: string
  items: { id: string; title: string; note?: string }[]
}

/** What a page is about: a column beside the work, a list to choose from on a phone. */
export function SideList({ label, groups, at, onGo }: { label: string; groups: SideGroup[]; at: string; onGo: (id: string) => void }) {
  const narrow = useNarrow()
  const some = groups.filter((g) => g.items.length > 0)
  if (narrow)
    return (
      <div className="border-b border-line p-3">
        <Select aria-label={label} className="w-full" value={at} onChange={(e) => onGo(e.target.value)}>
          {some.map((g) => (
            <optgroup key={g.title} label={g.title}>
              {g.items.map((d) => (
                <option key={d.id} value={d.id}>
                  {d.title}
                </option>
              ))}
            </optgroup>
          ))}
        </Select>
      </div>
    )
  return (
    <nav aria-label={label} className="w-[196px] shrink-0 overflow-auto border-r border-line bg-ground p-2">
      {some.map((g) => (
        <section key={g.title} className="pb-3">
          <h2 className="px-2 py-1 text-xs font-medium text-muted">{g.title}</h2>
          <ul>
            {g.items.map((d) => (
              <li key={d.id}>
                <button
                  type="button"
                  aria-current={d.id === at ? 'true' : undefined}
                  onClick={() => onGo(d.id)}
                  className={cx(
                    'flex h-[30px] w-full items-center rounded-md px-2 text-left',
                    d.id === at ? 'bg-picked font-medium text-accent' : 'hover:bg-hover',
                  )}
                >
                  <span className="flex-1 truncate">{d.title}</span>
                  {d.note && <span className="text-xs font-normal text-muted">{d.note}</span>}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  )
}
