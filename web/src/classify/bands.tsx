import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, Problem, tell, words } from '../client/call'
import { stale } from '../client/data'
import type { Dimension } from '../client/types'
import { group } from '../field/format'
import { digits } from '../field/input'
import { ordered } from '../field/tree'
import { Button, IconButton } from '../ui/button'
import { say } from '../ui/toast'

/** Bands of an amount: each bound begins the next band. */
export function Bands({ dimension, fixed }: { dimension: Dimension; fixed: boolean }) {
  const { t } = useTranslation()
  const [bounds, setBounds] = useState(dimension.bounds ?? [])
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const kept = dimension.bounds ?? []
  const changed = JSON.stringify(bounds) !== JSON.stringify(kept)
  const titles = ordered(dimension.categories).map((n) => n.value.title)
  const clean = bounds.map(digits)
  const wrong = clean.some((b) => !/^-?\d+(\.\d{1,2})?$/.test(b)) || clean.some((b, i) => i > 0 && Number(b) <= Number(clean[i - 1]))
  const save = async () => {
    setBusy(true)
    setError('')
    try {
      await call('PATCH', `/dimensions/${dimension.id}`, { bounds: clean })
      say(t('done.bounds'))
      stale('dimension')
    } catch (e) {
      const field = e instanceof Problem ? e.fields.bounds : undefined
      setError(field ? words(field) : tell(e))
    } finally {
      setBusy(false)
    }
  }
  return (
    <div>
      <ol className="border-t border-line">
        {[...clean, ''].map((b, i) => (
          <li key={i} className="flex min-h-11 items-center gap-3 border-b border-line py-1.5">
            <span className="w-24 shrink-0 truncate font-medium">
              {titles[i] && !changed && !/^[≥<]/.test(titles[i]!) ? titles[i] : t('band.nth', { n: i + 1 })}
            </span>
            <span className="flex-1 text-muted">
              {i === 0
                ? t('band.below', { to: group(clean[0] ?? '') })
                : i === clean.length
                  ? t('band.above', { from: group(clean[i - 1] ?? '') })
                  : t('band.between', { from: group(clean[i - 1] ?? ''), to: group(b) })}
            </span>
            {i < bounds.length && !fixed && (
              <>
                <label className="flex items-center gap-2 text-xs text-muted">
                  {t('band.upto')}
                  <input
                    className="control w-32 text-right"
                    inputMode="decimal"
                    aria-label={t('band.bound', { n: i + 1 })}
                    value={bounds[i]}
                    onChange={(e) => setBounds(bounds.map((x, j) => (j === i ? e.target.value : x)))}
                  />
                </label>
                <IconButton
                  icon={Trash2}
                  label={t('band.remove', { n: i + 1 })}
                  onClick={() => setBounds(bounds.filter((_, j) => j !== i))}
                />
              </>
            )}
          </li>
        ))}
      </ol>
      {(error || (changed && wrong)) && (
        <p role="alert" className="pt-2 text-bad">
          {error || t('band.wrong')}
        </p>
      )}
      <div className="flex items-center gap-2 pt-3">
        {!fixed && (
          <Button tone="quiet" icon={Plus} onClick={() => setBounds([...bounds, String((Number(clean.at(-1)) || 1000) * 10)])}>
            {t('band.add')}
          </Button>
        )}
        <span className="flex-1" />
        {changed && (
          <>
            <Button onClick={() => setBounds(kept)}>{t('act.cancel')}</Button>
            <Button tone="primary" busy={busy} disabled={wrong} onClick={save}>
              {t('band.save')}
            </Button>
          </>
        )}
      </div>
    </div>
  )
}
