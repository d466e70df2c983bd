import { Link, useNavigate } from '@tanstack/react-router'
import { Download, KeyRound, RotateCw, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { base, post, tell } from '../client/call'
import { stale, useMay, useReading } from '../client/data'
import type { Fact, Paper, Reading, Rec } from '../client/types'
import { group } from '../field/format'
import { choiceLabel, fieldLabel } from '../field/label'
import { toneOf } from '../field/tone'
import { Button, Hint } from '../ui/button'
import { cx } from '../ui/cx'
import { State } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { inOrder } from './facts'
import { Learnt, Lessons } from './learnt'
import { PaperView } from './paper'
import { Password } from './password'
import { locked, reasonOf } from './reason'
import { Sureness } from './source'
import { Versions } from './versions'

/** In a document's panel: how its reading went, its pages, and the papers found on them. */
export function Document({ record }: { record: Rec }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  const may = useMay('document', 'update')
  const state = String(record.state)
  const settled = state === 'filed' || state === 'waiting'
  const reading = useReading(settled || state === 'failed' ? record.id : undefined).data
  const retry = async () => {
    if (locked(record.reason)) return setAsking(true)
    try {
      await post(`/documents/${record.id}/retry`)
      say(t('done.retry'))
      stale('document')
    } catch (e) {
      warn(tell(e))
    }
  }
  return (
    <div className="border-b border-line">
      <div className="flex flex-wrap items-center gap-2 px-4 py-2">
        <State tone={toneOf('document', 'state', state)}>{choiceLabel('document', 'state', state)}</State>
        <span className="flex-1" />
        {(state === 'waiting' || state === 'failed') && (
          <Link to="/queue" search={{ doc: record.id } as never} className="text-accent hover:underline">
            {t('queue.open')}
          </Link>
        )}
        {may && (state === 'waiting' || state === 'failed') && (
          <Button icon={RotateCw} onClick={retry}>
            {t('queue.retry')}
          </Button>
        )}
        <a
          href={`${base}/documents/${record.id}/original`}
          download
          className="inline-flex h-7 items-center gap-1.5 rounded-md border border-line px-2.5 hover:bg-hover max-md:h-11"
        >
          <Download size={14} aria-hidden />
          {t('paper.original')}
        </a>
      </div>
      <Versions record={record} may={may} />
      {(state === 'waiting' || state === 'failed') && (
        <p className="px-4 pb-2 text-warn">
          {reasonOf(String(record.reason ?? ''), state === 'failed' ? '' : String(record.detail ?? ''))}
        </p>
      )}
      {reading && <Places document={record.id} reading={reading} may={may && !record.deleted_at && state === 'filed'} />}
      {reading && <Parts reading={reading} onUnlock={may && !record.deleted_at ? () => setAsking(true) : undefined} />}
      {reading?.plain && <Words reading={reading} />}
      {reading && !reading.plain && reading.pages.length > 0 && (
        <div className="flex flex-col gap-2 border-t border-line bg-ground px-4 py-3">
          {reading.pages.slice(0, 5).map((p) => {
            const papers = reading.papers.filter((x) => x.page === p.page && x.facts.length > 0)
            return papers.length > 0 ? (
              papers.map((x) => <Read key={`${p.page}.${x.paper}`} document={record.id} reading={reading} paper={x} />)
            ) : (
              <PaperView key={p.page} document={record.id} reading={reading} page={p.page} onLit={() => {}} width={900} />
            )
          })}
          {reading.pages.length > 5 && <p className="text-xs text-muted">{t('paper.more', { n: reading.pages.length - 5 })}</p>}
        </div>
      )}
      {asking && <Password document={record.id} onClose={() => setAsking(false)} />}
    </div>
  )
}

/** Where each of a document's papers went: to a receipt, or aside; and the way back into the review. */
function Places({ document, reading, may }: { document: string; reading: Reading; may: boolean }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const [busy, setBusy] = useState(0)
  const placed = reading.papers.filter((p) => p.receipt || p.state === 'filed' || p.state === 'rejected')
  const reopen = async (paper: number) => {
    setBusy(paper)
    try {
      await post(`/documents/${document}/papers/${paper}/reopen`)
      stale('document')
      stale('receipt')
      go({ to: '/queue', search: { doc: document } as never })
    } catch (e) {
      warn(tell(e))
      setBusy(0)
    }
  }
  if (placed.length === 0) return null
  return (
    <ul className="max-h-60 overflow-auto px-4 pb-2">
      {placed.map((p) => (
        <li key={p.paper} className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1">
          {reading.papers.length > 1 && <span className="w-14 text-xs text-muted">{t('queue.paper', { n: p.paper })}</span>}
          <span className="min-w-0 flex-1">
            {p.receipt ? (
              <Link
                to="/$plural"
                params={{ plural: 'receipts' }}
                search={{ id: p.receipt.id } as never}
                className="text-accent hover:underline"
              >
                {p.receipt.title}
              </Link>
            ) : (
              <span className="text-muted">{t(p.state === 'rejected' ? 'reason.rejected' : 'paper.without')}</span>
            )}
          </span>
          {may && (
            <Hint text={t(p.receipt ? 'paper.reopen_note' : 'paper.reopen_none')} side="left">
              <Button icon={Undo2} onClick={() => reopen(p.paper)} busy={busy === p.paper}>
                {t('paper.reopen')}
              </Button>
            </Hint>
          )}
        </li>
      ))}
    </ul>
  )
}

/** A paper and what was read from it: each fact lights its place, and its place the fact. */
function Read({ document, reading, paper }: { document: string; reading: Reading; paper: Paper }) {
  const { t } = useTranslation()
  const [lit, setLit] = useState<string>()
  return (
    <section aria-label={t('fact.of', { n: paper.paper })} className="flex flex-col gap-1">
      <PaperView document={document} reading={reading} paper={paper} page={paper.page} lit={lit} onLit={setLit} width={900} />
      <dl className="pb-2" onMouseLeave={() => setLit(undefined)}>
        {inOrder(paper.facts).map((f) => (
          <div
            key={f.name}
            tabIndex={f.box ? 0 : undefined}
            onMouseEnter={() => setLit(f.name)}
            onFocus={() => setLit(f.name)}
            onBlur={() => setLit(undefined)}
            onClick={() => setLit(f.name)}
            className={cx(
              '-mx-2 grid min-h-7 grid-cols-[76px_minmax(0,1fr)_44px] items-baseline gap-2 rounded-md px-2 py-1',
              lit === f.name && 'bg-picked',
            )}
          >
            <dt className="truncate text-xs text-muted">{fieldLabel('receipt', { name: f.name })}</dt>
            <dd className="min-w-0 break-words figures">
              {said(f)}
              <Learnt fact={f} lessons={reading.lessons} />
            </dd>
            <dd className="self-center">
              <Sureness fact={f} />
            </dd>
          </div>
        ))}
      </dl>
      <Lessons paper={paper} lessons={reading.lessons} />
    </section>
  )
}

const amounts = ['amount', 'total', 'net', 'tax']

function said(f: Fact): string {
  if (f.name === 'direction') return choiceLabel('receipt', 'direction', f.value)
  return amounts.includes(f.name) ? group(f.value) : f.value
}

/** Of what an archive or a mail held: what was not taken and why, and what had come before. What came with it stands among the related records. */
function Parts({ reading, onUnlock }: { reading: Reading; onUnlock?: () => void }) {
  const { t } = useTranslation()
  const out = reading.parts.filter((p) => p.reason)
  const known = reading.parts.filter((p) => p.already && p.document)
  return (
    <>
      {out.length > 0 && (
        <section className="px-4 pb-2">
          <h3 className="text-xs font-medium text-muted">{t('paper.parts')}</h3>
          <ul className="max-h-60 overflow-auto">
            {out.map((p, i) => (
              <li key={i} className="break-words">
                {p.name} <span className="text-warn">{reasonOf(p.reason)}</span>
              </li>
            ))}
          </ul>
          {onUnlock && out.some((p) => locked(p.reason)) && (
            <Button icon={KeyRound} className="mt-1" onClick={onUnlock}>
              {t('password.give')}
            </Button>
          )}
        </section>
      )}
      {known.length > 0 && (
        <section className="px-4 pb-2">
          <h3 className="text-xs font-medium text-muted">{t('paper.parts_known')}</h3>
          <ul className="flex max-h-60 flex-wrap gap-x-4 overflow-auto">
            {known.map((p) => (
              <li key={p.document?.id}>
                <Link
                  to="/$plural"
                  params={{ plural: 'documents' }}
                  search={{ id: p.document?.id } as never}
                  className="text-accent hover:underline"
                >
                  {p.name}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

/** The pages of a document that is words and no picture. */
function Words({ reading }: { reading: Reading }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const pages = all ? reading.pages : reading.pages.slice(0, 5)
  return (
    <div className="flex flex-col gap-2 border-t border-line bg-ground px-4 py-3">
      {pages.map((p) => (
        <section key={p.page} aria-label={t('paper.page', { n: p.page })} className="rounded-[4px] border border-line bg-panel px-4 py-3">
          <pre tabIndex={0} className="max-h-96 overflow-auto whitespace-pre-wrap break-words font-sans">
            {p.text}
          </pre>
          {reading.pages.length > 1 && <p className="mt-2 text-xs text-muted">{t('paper.of', { n: p.page, of: reading.pages.length })}</p>}
        </section>
      ))}
      {reading.pages.length > pages.length && (
        <Button onClick={() => setAll(true)}>{t('paper.more', { n: reading.pages.length - pages.length })}</Button>
      )}
      {reading.cut && <p className="text-xs text-muted">{t('paper.cut')}</p>}
    </div>
  )
}
