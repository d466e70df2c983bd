import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import { useKinds, useTimeline } from '../client/data'
import type { Happening, Kind, Rec } from '../client/types'
import { Button } from '../ui/button'
import { Segments } from '../ui/segments'
import { Empty, Skeleton } from '../ui/wait'
import { dayTitle, localDay } from './day'
import { Happened } from './happened'
import { Entry } from './history'
import type { Draft } from './mention'
import { Quick } from './quick'
import { Said } from './said'

interface TimelineProps {
  kind: Kind
  record: Rec
  draft: Draft
  onDraft: (d: Draft) => void
  /** How a file is put to the record, where that can be. */
  file?: React.ReactNode
}

/** One timeline of a record: what people say about it, what was changed, and every record that names it, newest first. */
export function Timeline({ kind, record, draft, onDraft, file }: TimelineProps) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const [part, setPart] = useState('all')
  const naming = kinds.filter(
    (k) => !k.verbs && k.fields.some((f) => f.ref === kind.kind && !f.system && f.name !== 'owner' && f.name !== 'department'),
  )
  const has = (name: string) => naming.some((k) => k.kind === name)
  const rest = naming.filter((k) => k.kind !== 'activity' && k.kind !== 'document').map((k) => k.kind)
  const parts: Record<string, string> = {
    all: '',
    talk: ['comment', ...(has('activity') ? ['activity'] : [])].join(),
    trade: rest.join(),
    files: has('document') ? 'document' : '',
    changes: 'change',
  }
  const shown = ['all', 'talk', ...(rest.length > 0 ? ['trade'] : []), ...(has('document') ? ['files'] : []), 'changes']
  const list = useTimeline(kind, record.id, parts[part]!)
  const items = list.data?.pages.flatMap((p) => p.data) ?? []
  return (
    <div className="px-4 py-3">
      {!record.deleted_at && !kind.verbs && <Quick kind={kind} record={record} draft={draft} onDraft={onDraft} file={file} />}
      {!kind.verbs && (
        <div className="pt-3">
          <Segments label={t('timeline.part')} value={part} onChange={setPart} options={shown.map((p) => [p, t(`timeline.${p}`)])} />
        </div>
      )}
      {list.error && !list.data ? (
        <Empty title={t('error.title')} note={tell(list.error)}>
          <Button onClick={() => list.refetch()}>{t('act.again')}</Button>
        </Empty>
      ) : list.isPending ? (
        <Skeleton lines={8} />
      ) : items.length === 0 ? (
        <p className="py-8 text-center text-muted">{t('timeline.none')}</p>
      ) : (
        days(items).map(([day, of]) => (
          <section key={day} aria-label={dayTitle(day)} className="pt-3">
            <h3 className="sticky top-0 z-[1] bg-panel py-1 text-xs font-medium text-muted">{dayTitle(day)}</h3>
            <ol className="pt-1" aria-label={dayTitle(day)}>
              {runs(of).map((run) => (
                <li key={keyOf(run[0]!)} className="relative border-l border-line pb-4 pl-4 last:pb-1">
                  {run.length > 1 ? (
                    <Machine kind={kind} run={run} />
                  ) : (
                    <One kind={kind} kinds={kinds} h={run[0]!} open={!record.deleted_at} />
                  )}
                </li>
              ))}
            </ol>
          </section>
        ))
      )}
      {list.hasNextPage && (
        <Button tone="quiet" busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          {t('act.more')}
        </Button>
      )}
    </div>
  )
}

const keyOf = (h: Happening) => h.what + (h.comment ?? h.change ?? h.record)!.id

function days(items: Happening[]): [string, Happening[]][] {
  const out: [string, Happening[]][] = []
  for (const h of items) {
    const day = h.on ?? localDay(h.at)
    if (out.at(-1)?.[0] === day) out.at(-1)![1].push(h)
    else out.push([day, [h]])
  }
  return out
}

/** Changes by machines that follow each other stand as one line: people look for what people did. */
function runs(items: Happening[]): Happening[][] {
  const out: Happening[][] = []
  for (const h of items) {
    const last = out.at(-1)
    const machine = (x: Happening) => x.change && !x.change.by && x.change.op === 'update'
    if (machine(h) && last && machine(last[0]!)) last.push(h)
    else out.push([h])
  }
  return out
}

function One({ kind, kinds, h, open }: { kind: Kind; kinds: Kind[]; h: Happening; open: boolean }) {
  if (h.comment) return <Said c={h.comment} open={open} />
  if (h.change) return <Entry kind={kind} c={h.change} />
  const of = kinds.find((k) => k.kind === h.kind)
  return of ? <Happened kind={of} record={h.record!} at={h.on ? undefined : h.at} about={kind.kind} /> : null
}

function Machine({ kind, run }: { kind: Kind; run: Happening[] }) {
  const { t } = useTranslation()
  return (
    <details className="group">
      <summary className="cursor-pointer list-none text-muted hover:text-ink">
        <i className="absolute -left-1 top-1.5 size-2 rounded-full border border-edge bg-panel" />
        {t('timeline.machine', { n: run.length })}
      </summary>
      <ol className="pt-2">
        {run.map((h) => (
          <li key={h.change!.id} className="relative border-l border-line pb-3 pl-4 last:pb-0">
            <Entry kind={kind} c={h.change!} />
          </li>
        ))}
      </ol>
    </details>
  )
}
