import { useTranslation } from 'react-i18next'
import type { Box } from '../client/types'
import { Button } from '../ui/button'

/** The height at which a paper will be parted: a line on the page follows it. */
export function CutBar({
  box,
  at,
  busy,
  onAt,
  onCut,
  onClose,
}: {
  box: Box
  at: number
  busy: boolean
  onAt: (y: number) => void
  onCut: () => void
  onClose: () => void
}) {
  const { t } = useTranslation()
  const [, top, , bottom] = box
  const share = Math.round(((at - top) / (bottom - top)) * 100)
  return (
    <form
      className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line bg-panel px-3 py-1.5 text-xs"
      onSubmit={(e) => {
        e.preventDefault()
        onCut()
      }}
      onKeyDown={(e) => {
        if (e.key !== 'Escape') return
        e.stopPropagation()
        onClose()
      }}
    >
      <label htmlFor="cut-at" className="text-muted">
        {t('cut.at')}
      </label>
      <input
        id="cut-at"
        type="range"
        autoFocus
        min={1}
        max={99}
        value={share}
        aria-valuetext={t('cut.share', { n: share })}
        onChange={(e) => onAt(top + (Number(e.target.value) / 100) * (bottom - top))}
        className="h-7 min-w-32 flex-1 accent-accent max-md:h-11"
      />
      <span className="w-10 figures">{t('cut.share', { n: share })}</span>
      <Button type="submit" tone="primary" busy={busy} disabled={busy}>
        {t('cut.here')}
      </Button>
      <Button onClick={onClose}>{t('act.cancel')}</Button>
    </form>
  )
}
