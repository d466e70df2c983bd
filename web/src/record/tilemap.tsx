import { useTranslation } from 'react-i18next'
import { cx } from '../ui/cx'
import provinces from './provinces.json'

export interface Spot {
  title: string
  value: number | null
  text: string
  pick: () => void
}

// Five steps that differ in lightness alone; the words on each stay readable in both themes.
const steps = [
  'bg-accent/8 text-ink',
  'bg-accent/20 text-ink',
  'bg-accent/34 text-ink',
  'bg-accent/48 text-ink',
  'bg-accent text-on-accent',
]

const codeOf = (title: string) => provinces.find((p) => title.startsWith(p.zh) || title.toLowerCase().startsWith(p.en.toLowerCase()))?.code

/** A square for each province, about where it lies: no borders are drawn. What lies in none is named below. */
export function TileMap({ label, spots }: { label: string; spots: Spot[] }) {
  const { t, i18n } = useTranslation()
  const placed = new Map(spots.flatMap((s) => (codeOf(s.title) ? [[codeOf(s.title)!, s] as const] : [])))
  const beside = spots.filter((s) => !codeOf(s.title) && s.value)
  const most = Math.max(1, ...[...placed.values()].map((s) => s.value ?? 0))
  const zh = i18n.language.startsWith('zh')
  return (
    <div className="flex min-h-0 flex-col gap-3">
      <ul aria-label={label} className="mx-auto grid w-full max-w-[640px] grid-cols-8 gap-1">
        {provinces.map((p) => {
          const spot = placed.get(p.code)
          const name = zh ? p.zh : p.en
          const step = spot?.value ? Math.min(4, Math.floor((spot.value / most) * 4.999)) : -1
          return (
            <li key={p.code} style={{ gridColumn: p.x + 1, gridRow: p.y + 1 }} className="min-w-0">
              {spot?.value ? (
                <button
                  type="button"
                  onClick={spot.pick}
                  aria-label={`${name} ${spot.text}`}
                  title={`${name} ${spot.text}`}
                  className={cx('flex h-13 w-full min-w-0 flex-col items-center justify-center rounded-[4px] px-0.5', steps[step])}
                >
                  <span className="max-w-full truncate text-xs font-medium leading-4">{zh ? name : p.code}</span>
                  <span className="max-w-full truncate text-[11px] leading-4 figures max-md:text-[10px]">{short(spot.value)}</span>
                </button>
              ) : (
                <span className="flex h-13 w-full items-center justify-center truncate rounded-[4px] border border-line px-0.5 text-xs text-muted">
                  {zh ? name : p.code}
                </span>
              )}
            </li>
          )
        })}
      </ul>
      {beside.length > 0 && (
        <section aria-label={t('chart.off_map')} className="mx-auto w-full max-w-[640px] text-xs">
          <h2 className="mb-1 font-medium text-muted">{t('chart.off_map')}</h2>
          <ul className="flex flex-wrap gap-1.5">
            {beside.map((s) => (
              <li key={s.title}>
                <button
                  type="button"
                  onClick={s.pick}
                  className="rounded-[4px] border border-line bg-panel px-2 py-0.5 hover:border-edge max-md:min-h-9"
                >
                  {s.title} <b className="font-medium figures">{s.text}</b>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

function short(v: number): string {
  return new Intl.NumberFormat(document.documentElement.lang || undefined, { notation: 'compact', maximumFractionDigits: 1 }).format(v)
}
