import { ImageOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { base } from '../client/call'
import type { Box, Fact, Paper, Reading } from '../client/types'
import { fieldLabel } from '../field/label'
import { cx } from '../ui/cx'

export interface PaperViewProps {
  document: string
  reading: Reading
  paper?: Paper
  page: number
  /** The fact whose place is lit. */
  lit?: string
  onLit: (name: string | undefined) => void
  onPick?: (name: string) => void
  width?: number
  /** A height of the page at which the paper will be parted, and where it is pointed to. */
  line?: number
  onLine?: (y: number) => void
}

const whole: Box = [0, 0, 1, 1]
// A paper's box is that of its words; its frame stands a little further out, most at the sides.
const aside = 0.045
const above = 0.012

/** A page, cut to the paper on it, with the place of each fact. */
export function PaperView({ document, reading, paper, page, lit, onLit, onPick, width = 1200, line, onLine }: PaperViewProps) {
  const { t } = useTranslation()
  const [lost, setLost] = useState(false)
  useEffect(() => setLost(false), [document, page])
  const size = reading.pages.find((p) => p.page === page) ?? { page, width: 595, height: 842 }
  const crop = paper?.page === page && placed(paper.box) ? grow(paper.box) : whole
  const [x0, y0, x1, y1] = crop
  const w = x1 - x0
  const h = y1 - y0
  const at = ([a, b, c, d]: Box) => ({
    left: `${((a - x0) / w) * 100}%`,
    top: `${((b - y0) / h) * 100}%`,
    width: `${((c - a) / w) * 100}%`,
    height: `${((d - b) / h) * 100}%`,
  })
  const facts = (paper?.facts ?? []).filter((f): f is Fact & { box: Box } => placed(f.box) && (f.page ?? page) === page)
  if (lost)
    return (
      <p className="flex flex-col items-center gap-2 rounded-[4px] border border-line bg-ground px-4 py-10 text-muted">
        <ImageOff size={20} aria-hidden strokeWidth={1.5} />
        {t('paper.no_image')}
      </p>
    )
  return (
    <div
      className="relative w-full overflow-hidden rounded-[4px] border border-line bg-paper"
      style={{ aspectRatio: `${w * size.width} / ${h * size.height}` }}
      onMouseLeave={() => onLit(undefined)}
      onClick={
        onLine &&
        ((e) => {
          const r = e.currentTarget.getBoundingClientRect()
          onLine(y0 + ((e.clientY - r.top) / r.height) * h)
        })
      }
    >
      <img
        src={`${base}/documents/${document}/pages/${page}?width=${Math.round(width / w)}&v=${reading.version}`}
        alt={t('paper.page', { n: page })}
        draggable={false}
        onError={() => setLost(true)}
        className="absolute max-w-none [[data-theme=dark]_&]:opacity-90"
        style={{ width: `${100 / w}%`, height: `${100 / h}%`, left: `${(-x0 / w) * 100}%`, top: `${(-y0 / h) * 100}%` }}
      />
      {facts.map((f) => (
        <span
          key={f.name}
          aria-hidden
          title={fieldLabel('receipt', { name: f.name })}
          onMouseEnter={() => onLit(f.name)}
          onClick={() => onPick?.(f.name)}
          className={cx(
            'absolute rounded-[2px] transition-colors',
            lit === f.name
              ? 'bg-[oklch(0.53_0.17_258/0.14)] outline-2 outline-offset-1 outline-[oklch(0.53_0.17_258)]'
              : 'hover:bg-[oklch(0.53_0.17_258/0.08)]',
          )}
          style={at(f.box)}
        />
      ))}
      {line !== undefined && (
        <span
          aria-hidden
          className="pointer-events-none absolute inset-x-0 border-t-2 border-dashed border-[oklch(0.53_0.17_258)]"
          style={{ top: `${((line - y0) / h) * 100}%` }}
        />
      )}
    </div>
  )
}

/** A fact that a person added has no place on the page. */
function placed(box: Box | null | undefined): box is Box {
  return !!box && box[2] > box[0] && box[3] > box[1]
}

function grow([a, b, c, d]: Box): Box {
  // Of one that takes most of the page's width the ruled frame would be cut: it is shown from edge to edge.
  if (c - a > 0.6) return [0, Math.max(0, b - above), 1, Math.min(1, d + above)]
  return [Math.max(0, a - aside), Math.max(0, b - above), Math.min(1, c + aside), Math.min(1, d + above)]
}
