import { useTranslation } from 'react-i18next'
import { useKinds } from '../client/data'
import type { Dimension } from '../client/types'
import { kindLabel } from '../field/label'
import { cx } from '../ui/cx'
import { Select } from '../ui/select'
import { useNarrow } from '../ui/size'

/** The dimensions by kind: a column beside the work, a list to choose from on a phone. */
export function DimensionList({
  list,
  at,
  onGo,
  count,
}: {
  list: Dimension[]
  at: string
  onGo: (id: string) => void
  count?: (d: Dimension) => string
}) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const narrow = useNarrow()
  const groups = [...new Set(list.map((d) => d.kind))].map((kind) => ({
    kind,
    title: kindLabel(kinds.find((k) => k.kind === kind) ?? { kind }),
    list: list.filter((d) => d.kind === kind),
  }))
  if (narrow)
    return (
      <div className="border-b border-line p-3">
        <Select aria-label={t('dimension.list')} className="w-full" value={at} onChange={(e) => onGo(e.target.value)}>
          {groups.map((g) => (
            <optgroup key={g.kind} label={g.title}>
              {g.list.map((d) => (
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
    <nav aria-label={t('dimension.list')} className="w-[196px] shrink-0 overflow-auto border-r border-line bg-ground p-2">
      {groups.map((g) => (
        <section key={g.kind} className="pb-3">
          <h2 className="px-2 py-1 text-xs font-medium text-muted">{g.title}</h2>
          <ul>
            {g.list.map((d) => (
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
                  {count && <span className="text-xs font-normal text-muted">{count(d)}</span>}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  )
}
