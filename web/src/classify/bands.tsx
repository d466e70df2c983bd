import { Plus, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Dimension } from '../client/types'
import { group } from '../field/format'
import { digits } from '../field/input'
import { ordered } from '../field/tree'
import { Button, IconButton } from '../ui/button'
import { PublishDialog } from './draftbar'
import { Revisions } from './revisions'
import type { Revision } from './setup'

/** Bands of an amount: each bound begins the next band. */
export function Bands({ dimension, fixed }: { dimension: Dimension; fixed: boolean }) {
  const { t } = useTranslation()
  const [bounds, setBounds] = useState(dimension.bounds ?? [])
  const [draft, setDraft] = useState<Revision>()
  const published = JSON.stringify(dimension.bounds ?? [])
  // Published, or taken back, here or elsewhere.
  useEffect(() => setBounds(JSON.parse(published)), [published])
  const [publishing, setPublishing] = useState(false)
  const kept = dimension.bounds ?? []
  const changed = JSON.stringify(bounds) !== JSON.stringify(kept)
  const titles = ordered(dimension.categories).map((n) => n.value.title)
  const clean = bounds.map(digits)
  const wrong = clean.some((b) => !/^-?\d+(\.\d{1,2})?$/.test(b)) || clean.some((b, i) => i > 0 && Number(b) <= Number(clean[i - 1]))
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
      {changed && wrong && (
        <p role="alert" className="pt-2 text-bad">
          {t('band.wrong')}
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
            <Button
              onClick={() => {
                setBounds(kept)
                setDraft(undefined)
              }}
            >
              {t('act.cancel')}
            </Button>
            <Button tone="primary" disabled={wrong} onClick={() => setPublishing(true)}>
              {t('revision.preview_publish')}
            </Button>
          </>
        )}
      </div>
      {publishing && (
        <PublishDialog
          dimension={dimension}
          setup={{ bounds: clean }}
          id={draft?.id}
          note={draft?.note}
          onClose={() => setPublishing(false)}
          onDone={() => {
            setPublishing(false)
            setDraft(undefined)
          }}
        />
      )}
      <h3 className="pb-2 pt-8 text-base font-medium">{t('revision.tab')}</h3>
      <Revisions
        dimension={dimension}
        may={!fixed}
        onDraft={(r) => {
          setDraft(r)
          setBounds(r.after?.bounds ?? [])
          setPublishing(true)
        }}
      />
    </div>
  )
}
