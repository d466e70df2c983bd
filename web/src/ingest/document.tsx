import { Link } from '@tanstack/react-router'
import { Download, RotateCw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { base, post, tell } from '../client/call'
import { stale, useMay, useReading } from '../client/data'
import type { Reading, Rec } from '../client/types'
import { choiceLabel } from '../field/label'
import { toneOf } from '../field/tone'
import { Button } from '../ui/button'
import { State } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { PaperView } from './paper'
import { Password } from './password'
import { locked, reasonOf } from './reason'

/** In a document's panel: how its reading went, its pages, and the papers found on them. */
export function Document({ record }: { record: Rec }) {
  const { t } = useTranslation()
  const [lit, setLit] = useState<string>()
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
      {(state === 'waiting' || state === 'failed') && (
        <p className="px-4 pb-2 text-warn">
          {reasonOf(String(record.reason ?? ''), state === 'failed' ? '' : String(record.detail ?? ''))}
        </p>
      )}
      {reading?.papers.some((p) => p.receipt) && (
        <ul className="flex flex-wrap gap-x-4 px-4 pb-2">
          {reading.papers.map(
            (p) =>
              p.receipt && (
                <li key={p.paper}>
                  <Link
                    to="/$plural"
                    params={{ plural: 'receipts' }}
                    search={{ id: p.receipt.id } as never}
                    className="text-accent hover:underline"
                  >
                    {p.receipt.title}
                  </Link>
                </li>
              ),
          )}
        </ul>
      )}
      {reading && <Parts reading={reading} />}
      {reading?.plain && <Words reading={reading} />}
      {reading && !reading.plain && reading.pages.length > 0 && (
        <div className="flex flex-col gap-2 border-t border-line bg-ground px-4 py-3">
          {reading.pages.slice(0, 5).map((p) => (
            <PaperView key={p.page} document={record.id} reading={reading} page={p.page} lit={lit} onLit={setLit} width={900} />
          ))}
          {reading.pages.length > 5 && <p className="text-xs text-muted">{t('paper.more', { n: reading.pages.length - 5 })}</p>}
        </div>
      )}
      {asking && <Password document={record.id} onClose={() => setAsking(false)} />}
    </div>
  )
}

/** Of what an archive or a mail held: what was not taken and why, and what had come before. What came with it stands among the related records. */
function Parts({ reading }: { reading: Reading }) {
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
        <section key={p.page} aria-label={t('paper.page', { n: p.page })} className="rounded-[4px] border border-line bg-paper px-4 py-3">
          <pre className="max-h-96 overflow-auto whitespace-pre-wrap break-words font-sans">{p.text}</pre>
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
