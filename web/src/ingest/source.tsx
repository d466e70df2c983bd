import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { base, words } from '../client/call'
import { useReading } from '../client/data'
import type { Check, Fact, Field, Kind, Reading, Rec, Ref } from '../client/types'
import { Value } from '../field/cell'
import { percent } from '../field/format'
import { fieldLabel } from '../field/label'
import { Hint } from '../ui/button'
import { cx } from '../ui/cx'
import { Skeleton } from '../ui/wait'
import { checkFor, factNames, inOrder, sureness } from './facts'
import { Learnt } from './learnt'
import { PaperView } from './paper'

export const covers = (record: Rec): string[] => (record.document ? [...factNames, 'page', 'paper', 'document'] : ['page', 'paper'])

/** In a receipt's panel: its paper, and beside each value the place it was read from and how surely. */
export function Source({ kind, record }: { kind: Kind; record: Rec }) {
  const document = record.document as Ref | null
  const reading = useReading(document?.id)
  if (!document) return null
  if (reading.isPending) return <Skeleton lines={10} />
  return <Sheet kind={kind} record={record} document={document} reading={reading.data} />
}

function Sheet({ kind, record, document, reading }: { kind: Kind; record: Rec; document: Ref; reading?: Reading }) {
  const { t } = useTranslation()
  const [lit, setLit] = useState<string>()
  const paper = reading?.papers.find((p) => p.receipt?.id === record.id) ?? reading?.papers.find((p) => p.paper === record.paper)
  const page = paper?.page ?? Number(record.page ?? 1)
  const facts = paper?.facts ?? []
  const rows = inOrder(
    kind.fields.filter(
      (f) => factNames.includes(f.name) && record[f.name] !== null && record[f.name] !== undefined && record[f.name] !== '',
    ),
  )
  const checks = paper?.checks ?? []
  const passed = checks.filter((c) => c.result === 'pass').length
  return (
    <>
      {reading && (
        <div className="border-b border-line bg-ground px-4 py-3">
          <PaperView document={document.id} reading={reading} paper={paper} page={page} lit={lit} onLit={setLit} width={900} />
          <p className="mt-1.5 flex items-center gap-1 text-xs text-muted">
            <span className="min-w-0 flex-1 truncate">{document.title}</span>
            {reading.pages.length > 1 && <span>{t('paper.of', { n: page, of: reading.pages.length })}</span>}
            <a
              href={`${base}/documents/${document.id}/original`}
              download
              aria-label={t('paper.original')}
              className="grid size-6 place-items-center rounded-md hover:bg-hover hover:text-ink max-md:size-11"
            >
              <Download size={13} aria-hidden />
            </a>
          </p>
        </div>
      )}
      <section aria-label={t('fact.title')} className="px-4 py-2">
        <h3 className="flex h-6 items-center text-xs font-medium text-muted">
          <span className="flex-1">{t('fact.title')}</span>
          {passed > 0 && <span className="font-normal text-ok">{t('check.passed', { n: passed })}</span>}
        </h3>
        <dl onMouseLeave={() => setLit(undefined)}>
          {rows.map((f) => (
            <FactRow
              key={f.name}
              kind={kind}
              field={f}
              record={record}
              fact={facts.find((x) => x.name === f.name)}
              lessons={reading?.lessons}
              check={checkFor(f.name, checks, rows)}
              lit={lit === f.name}
              onLit={setLit}
            />
          ))}
        </dl>
        {checks
          .filter((c) => c.result !== 'pass' && !rows.some((f) => checkFor(f.name, checks, rows) === c))
          .map((c) => (
            <CheckLine key={c.check} check={c} />
          ))}
      </section>
    </>
  )
}

function FactRow({
  kind,
  field,
  record,
  fact,
  lessons,
  check,
  lit,
  onLit,
}: {
  kind: Kind
  field: Field
  record: Rec
  fact?: Fact
  lessons?: Reading['lessons']
  check?: Check
  lit: boolean
  onLit: (n?: string) => void
}) {
  const { t } = useTranslation()
  const label = fieldLabel(kind.kind, field)
  return (
    <div
      tabIndex={fact?.box ? 0 : undefined}
      onMouseEnter={() => onLit(field.name)}
      onFocus={() => onLit(field.name)}
      onBlur={() => onLit(undefined)}
      className={cx('-mx-2 grid min-h-7 grid-cols-[76px_minmax(0,1fr)_44px] items-baseline gap-2 rounded-md px-2 py-1', lit && 'bg-picked')}
    >
      <dt className="truncate text-xs text-muted">{label}</dt>
      <dd className="min-w-0 break-words figures">
        <Value kind={kind.kind} field={field} value={record[field.name]} />
        {fact && <Learnt fact={fact} lessons={lessons} />}
        {check && (check.result !== 'pass' || check.check === 'amount_upper') && (
          <span className={cx('ml-2 text-xs', check.result === 'pass' ? 'text-ok' : check.result === 'warn' ? 'text-warn' : 'text-bad')}>
            {check.result === 'pass' ? t(`check.${check.check}`) : words(check.reason ?? '') || t(`check.${check.check}_${check.result}`)}
          </span>
        )}
      </dd>
      <dd className="self-center">{fact && <Sureness fact={fact} />}</dd>
    </div>
  )
}

export function Sureness({ fact }: { fact: Fact }) {
  const { t } = useTranslation()
  const { tone, word } = sureness(fact)
  const from = { xml: 'fact.by_xml', qr: 'fact.by_qr', reader: '', person: '' }[fact.by ?? 'reader']
  const by = from ? `${t(from)} · ` : ''
  const text = fact.by === 'person' ? t('fact.person') : `${by}${t(word)} ${percent(fact.confidence ?? 0)}`
  const ink = tone === 'ok' ? 'bg-ok' : tone === 'warn' ? 'bg-warn' : tone === 'bad' ? 'bg-bad' : 'bg-accent'
  return (
    <Hint text={fact.source ? t('fact.from', { sure: text, label: fact.label || '', source: fact.source }) : text} side="left">
      <span role="img" aria-label={text} className="block h-[3px] w-11 overflow-hidden rounded-full bg-line">
        <span className={cx('block h-full', ink)} style={{ width: `${(fact.by === 'person' ? 1 : (fact.confidence ?? 0)) * 100}%` }} />
      </span>
    </Hint>
  )
}

export function CheckLine({ check }: { check: Check }) {
  const { t, i18n } = useTranslation()
  const key = `check.${check.check}_${check.result}`
  return (
    <p className={cx('flex gap-2 py-1 text-xs', check.result === 'fail' ? 'text-bad' : 'text-warn')}>
      <span aria-hidden>{check.result === 'fail' ? '✕' : '!'}</span>
      <span className="min-w-0 flex-1">{words(check.reason ?? '') || (i18n.exists(key) ? t(key) : check.check)}</span>
    </p>
  )
}
