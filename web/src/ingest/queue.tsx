import { useNavigate, useSearch } from '@tanstack/react-router'
import {
  Check,
  ChevronDown,
  ChevronUp,
  CircleCheckBig,
  Download,
  Merge,
  RotateCw,
  Scissors,
  Undo2,
  Ungroup,
  X,
  ZoomIn,
  ZoomOut,
} from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { base, call, post, Problem, tell, words } from '../client/call'
import { stale, useMay, useReading } from '../client/data'
import type { Cutting, Paper, Reading, Ref } from '../client/types'
import { count } from '../field/format'
import { QueueList } from '../record/queuelist'
import { type Item, type QueueOf, useQueue } from '../record/usequeue'
import { Bar, Space } from '../ui/bar'
import { Button, IconButton } from '../ui/button'
import { useCommands } from '../ui/command'
import { useNarrow } from '../ui/size'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { FactForm } from './correct'
import { CutBar } from './cutbar'
import { apart, before, cuttingOf, joinTo, splitAt } from './cuts'
import { PaperView } from './paper'
import { Differs } from './differs'
import { Password } from './password'
import { locked, reasonOf } from './reason'
import { UploadButton } from './upload'

const waiting: QueueOf = {
  kind: 'document',
  plural: 'documents',
  name: 'papers',
  filter: { field: 'state', op: 'in', value: ['waiting', 'failed'] },
}
const zooms = [1, 1.5, 2, 3]
/** A duplicate needs nobody: it is on file. */
export const open = (p: Paper) => p.state === 'waiting' || p.state === 'conflict'

/** Papers that no machine could settle: the document left, what was read right, the keyboard throughout. */
export function Queue() {
  const { t } = useTranslation()
  const narrow = useNarrow()
  const may = useMay('document', 'update')
  const search = useSearch({ strict: false }) as { doc?: string }
  const navigate = useNavigate()
  const queue = useQueue(waiting, search.doc)
  const index = Math.max(0, search.doc ? queue.items.findIndex((i) => i.record.id === search.doc) : queue.items.findIndex((i) => !i.done))
  const item = queue.items[index]
  // What was settled meanwhile, here or elsewhere, has been read.
  const unread = item?.record.state === 'failed' && !item.done
  const reading = useReading(item && !unread ? item.record.id : undefined)
  const [chosen, setChosen] = useState<number>()
  const paper = reading.data?.papers.find((p) => p.paper === chosen) ?? reading.data?.papers.find(open) ?? reading.data?.papers[0]
  const [lit, setLit] = useState<string>()
  const [draft, setDraft] = useState<Record<string, string>>({})
  const [customer, setCustomer] = useState<Ref | null>(null)
  const [kind, setKind] = useState('slip')
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [zoom, setZoom] = useState(0)
  const [asking, setAsking] = useState(false)
  const [undoable, setUndoable] = useState<{ doc: string; paper: number; cutting?: Cutting }[]>([])
  const [line, setLine] = useState<number>()
  const [cutting, setCutting] = useState(false)
  const where = `${item?.record.id}/${paper?.paper}`
  useEffect(() => {
    setDraft({})
    setWrong({})
    setCustomer(null)
    setKind('slip')
    setLit(undefined)
    setLine(undefined)
  }, [where])
  useEffect(() => setChosen(undefined), [item?.record.id])

  const go = (i: number) => {
    const to = queue.items[Math.max(0, Math.min(queue.items.length - 1, i))]
    if (to) navigate({ to: '.', search: { doc: to.record.id } as never, replace: true })
  }
  const onward = (done: Item, of?: Paper) => {
    const left = reading.data?.papers.filter((p) => of && open(p) && p.paper !== of.paper) ?? []
    if (left.length > 0) return setChosen(left[0]!.paper)
    queue.settle(done.record.id, true)
    const next = queue.items.findIndex((x, i) => i > index && !x.done)
    const any = next >= 0 ? next : queue.items.findIndex((x) => !x.done && x !== done)
    if (any >= 0) go(any)
  }
  const undo = async (last = undoable.at(-1)) => {
    if (!last) return
    try {
      if (last.cutting) await call('PUT', `/documents/${last.doc}/cuts`, last.cutting)
      else await post(last.paper ? `/documents/${last.doc}/papers/${last.paper}/reopen` : `/documents/${last.doc}/restore`)
      setUndoable((u) => u.filter((x) => x !== last))
      queue.settle(last.doc, false)
      navigate({ to: '.', search: { doc: last.doc } as never, replace: true })
      setChosen(last.paper)
      stale('document')
    } catch (e) {
      warn(tell(e))
    }
  }
  const decide = async (how: 'accept' | 'reject') => {
    if (!item || !paper || !open(paper)) return
    const [at, body] = [
      { doc: item.record.id, paper: paper.paper },
      how === 'accept'
        ? { facts: draft, ...(paper.kind === 'other' ? { kind } : {}), ...(customer ? { customer: customer.id } : {}) }
        : { reason: '' },
    ]
    onward(item, paper)
    try {
      await post<Reading>(`/documents/${at.doc}/papers/${at.paper}/${how}`, body)
      setUndoable((u) => [...u, at])
      stale('document')
      stale('receipt')
      say(t(how === 'accept' ? 'done.accepted' : 'done.rejected', { title: item.record.title }), {
        title: t('act.undo'),
        run: () => undo(at),
      })
    } catch (e) {
      queue.settle(at.doc, false)
      navigate({ to: '.', search: { doc: at.doc } as never, replace: true })
      setChosen(at.paper)
      if (e instanceof Problem)
        setTimeout(() => {
          setDraft(draft)
          setWrong(e.fields)
        }, 0)
      warn(tell(e))
    }
  }
  /** A file that cannot be read has no paper to decide on: it goes to the trash as it is. */
  const drop = async () => {
    if (!item) return
    const at = { doc: item.record.id, paper: 0 }
    onward(item)
    try {
      await call('DELETE', `/documents/${at.doc}`)
      setUndoable((u) => [...u, at])
      stale('document')
      say(t('done.trashed', { title: item.record.title }), { title: t('act.undo'), run: () => undo(at) })
    } catch (e) {
      queue.settle(at.doc, false)
      navigate({ to: '.', search: { doc: at.doc } as never, replace: true })
      warn(tell(e))
    }
  }
  const recut = async (to: Cutting, done: string, paperNo: number) => {
    if (!item || !reading.data || cutting) return
    const at = { doc: item.record.id, paper: paperNo, cutting: cuttingOf(reading.data) }
    setCutting(true)
    try {
      await call('PUT', `/documents/${at.doc}/cuts`, to)
      setLine(undefined)
      setChosen(paperNo)
      setUndoable((u) => [...u, at])
      stale('document')
      stale('receipt')
      say(t(done), { title: t('act.undo'), run: () => undo(at) })
    } catch (e) {
      warn(tell(e))
    } finally {
      setCutting(false)
    }
  }
  const retry = async () => {
    if (!item) return
    if (locked(item.record.reason)) return setAsking(true)
    try {
      await post(`/documents/${item.record.id}/retry`)
      say(t('done.retry'))
      stale('document')
    } catch (e) {
      warn(tell(e))
    }
  }
  const can = may && !!paper && open(paper)
  const mayCut = can && !unread && !reading.data?.plain && !!paper?.box
  const previous = reading.data && paper ? before(reading.data, paper) : undefined
  const mayJoin = mayCut && !!previous && open(previous)
  const aim = () => paper?.box && setLine(line === undefined ? (paper.box[1] + paper.box[3]) / 2 : undefined)
  const join = () => mayJoin && recut(joinTo(reading.data!, previous, paper!), 'cut.joined', previous.paper)
  const reject = () => (unread ? drop() : decide('reject'))
  useCommands([
    { id: 'queue.next', title: t('act.next'), keys: ['j'], group: 'queue', run: () => go(index + 1) },
    { id: 'queue.previous', title: t('act.previous'), keys: ['k'], group: 'queue', run: () => go(index - 1) },
    { id: 'queue.accept', title: t('queue.accept'), keys: ['Enter'], group: 'queue', disabled: !can, run: () => decide('accept') },
    { id: 'queue.reject', title: t('queue.reject'), keys: ['r'], group: 'queue', disabled: !can && !(may && unread), run: reject },
    { id: 'queue.cut', title: t('cut.split'), keys: ['c'], group: 'queue', disabled: !mayCut, run: aim },
    { id: 'queue.join', title: t('cut.join'), keys: ['m'], group: 'queue', disabled: !mayJoin, run: join },
    { id: 'queue.undo', title: t('act.undo'), keys: ['u'], group: 'queue', disabled: undoable.length === 0, run: () => undo() },
  ])

  if (queue.pending) return <Skeleton lines={12} />
  const left = queue.items.filter((i) => !i.done).length
  if (!item || (left === 0 && !search.doc))
    return (
      <div className="flex h-full flex-col">
        <Bar title={t('nav.queue')}>
          <Space />
          {undoable.length > 0 && (
            <Button icon={Undo2} onClick={() => undo()}>
              {t('act.undo')}
            </Button>
          )}
        </Bar>
        <Empty icon={CircleCheckBig} title={t('queue.empty')} note={t('queue.empty_note')}>
          <UploadButton />
        </Empty>
      </div>
    )
  const page = paper?.page ?? 1
  const place = (
    <span className="flex items-center gap-2 whitespace-nowrap text-muted">
      <span role="status">
        <b className="font-medium text-ink">{count(index + 1)}</b> / {count(queue.total)}
      </span>
      <span aria-hidden className="h-[3px] w-20 overflow-hidden rounded-full bg-line max-md:hidden">
        <span
          className="block h-full bg-accent transition-[width]"
          style={{ width: `${((queue.total - left) / Math.max(1, queue.total)) * 100}%` }}
        />
      </span>
    </span>
  )
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.queue')}>
        {place}
        <Space />
        {narrow && (
          <>
            <IconButton icon={ChevronUp} label={t('act.previous')} disabled={index === 0} onClick={() => go(index - 1)} />
            <IconButton icon={ChevronDown} label={t('act.next')} disabled={index >= queue.items.length - 1} onClick={() => go(index + 1)} />
            {may && undoable.length > 0 && <IconButton icon={Undo2} label={t('act.undo')} onClick={() => undo()} />}
          </>
        )}
        {may && !narrow && (
          <Button icon={Undo2} keys="U" disabled={undoable.length === 0} onClick={() => undo()}>
            {t('act.undo')}
          </Button>
        )}
        {!may ? null : narrow ? (
          <IconButton icon={RotateCw} label={t('queue.retry')} onClick={retry} />
        ) : (
          <Button icon={RotateCw} onClick={retry}>
            {t('queue.retry')}
          </Button>
        )}
      </Bar>
      <div className="flex min-h-0 flex-1 max-md:flex-col max-md:overflow-auto">
        {!narrow && (
          <QueueList
            items={queue.items}
            more={queue.more}
            at={item.record.id}
            note={({ record }) => ({
              text: reasonOf(String(record.reason ?? '')),
              tone: record.state === 'failed' ? 'text-bad' : 'text-warn',
            })}
            className="w-[216px] max-lg:w-[168px]"
            onGo={(id) => go(queue.items.findIndex((i) => i.record.id === id))}
          />
        )}
        <section aria-label={t('queue.document')} className="flex min-w-0 flex-1 flex-col bg-ground max-md:flex-none">
          <div className="flex h-9 shrink-0 items-center gap-1 border-b border-line px-3 text-xs text-muted">
            <span className="min-w-0 flex-1 truncate text-ink">{item.record.title}</span>
            {(reading.data?.papers.length ?? 0) > 1 && (
              <span className="hide-scroll flex min-w-11 gap-1 overflow-x-auto">
                {reading.data!.papers.map((p) => (
                  <button
                    key={p.paper}
                    type="button"
                    aria-pressed={p === paper}
                    aria-label={t('queue.paper', { n: p.paper })}
                    onClick={() => setChosen(p.paper)}
                    className={`h-6 min-w-6 shrink-0 rounded-[4px] px-1 focus-visible:-outline-offset-2 max-md:size-11 ${p === paper ? 'bg-picked font-medium text-accent' : 'hover:bg-hover'}`}
                  >
                    {open(p) ? p.paper : `${p.paper} ✓`}
                  </button>
                ))}
              </span>
            )}
            {mayCut && (
              <>
                <IconButton icon={Scissors} label={t('cut.split')} keys="C" aria-pressed={line !== undefined} onClick={aim} />
                <IconButton icon={Merge} label={t('cut.join')} keys="M" disabled={!mayJoin} onClick={join} />
                {paper!.pages > 0 && (
                  <IconButton
                    icon={Ungroup}
                    label={t('cut.apart')}
                    onClick={() => recut(apart(reading.data!, paper!), 'cut.was_apart', paper!.paper)}
                  />
                )}
              </>
            )}
            {reading.data && (
              <>
                <IconButton icon={ZoomOut} label={t('paper.smaller')} disabled={zoom === 0} onClick={() => setZoom(zoom - 1)} />
                <IconButton
                  icon={ZoomIn}
                  label={t('paper.larger')}
                  disabled={zoom === zooms.length - 1}
                  onClick={() => setZoom(zoom + 1)}
                />
              </>
            )}
            <a
              href={`${base}/documents/${item.record.id}/original`}
              download
              aria-label={t('paper.original')}
              className="grid size-7 place-items-center rounded-md hover:bg-hover hover:text-ink max-md:size-11"
            >
              <Download size={15} aria-hidden />
            </a>
          </div>
          {line !== undefined && paper?.box && (
            <CutBar
              box={paper.box}
              at={line}
              busy={cutting}
              onAt={setLine}
              onCut={() => recut(splitAt(reading.data!, page, line), 'cut.was_split', paper.paper)}
              onClose={() => setLine(undefined)}
            />
          )}
          <div
            className="min-h-0 flex-1 overflow-auto p-4 max-md:max-h-[38vh] max-md:flex-none"
            tabIndex={0}
            role="region"
            aria-label={t('paper.page', { n: page })}
          >
            {reading.data && !unread ? (
              <div
                className="mx-auto flex flex-col gap-3"
                style={{ width: `${zooms[zoom]! * 100}%`, maxWidth: zoom === 0 ? 860 : undefined }}
              >
                {Array.from({ length: 1 + (paper?.pages ?? 0) }, (_, i) => (
                  <PaperView
                    key={page + i}
                    document={item.record.id}
                    reading={reading.data}
                    paper={paper}
                    page={page + i}
                    lit={lit}
                    onLit={setLit}
                    onPick={line === undefined ? (n) => document.getElementById(`fact-${n}`)?.focus() : undefined}
                    width={1400}
                    line={i === 0 ? line : undefined}
                    onLine={i === 0 && line !== undefined ? setLine : undefined}
                  />
                ))}
              </div>
            ) : (
              unread && (
                <Empty title={t('queue.unread')} note={reasonOf(String(item.record.reason ?? ''))}>
                  {may && <Button onClick={retry}>{t(locked(item.record.reason) ? 'password.give' : 'queue.retry')}</Button>}
                </Empty>
              )
            )}
          </div>
        </section>
        <section
          aria-label={t('fact.title')}
          className="flex w-[clamp(380px,30vw,460px)] shrink-0 flex-col border-l border-line bg-panel max-md:w-full max-md:border-l-0 max-md:border-t"
        >
          {paper && !unread && <Differs changes={paper.differs} />}
          {paper && !unread ? (
            <FactForm
              key={where}
              paper={paper}
              lessons={reading.data?.lessons}
              kind={paper.kind === 'other' ? kind : paper.kind}
              onKind={setKind}
              draft={draft}
              wrong={Object.fromEntries(Object.entries(wrong).map(([k, v]) => [k.replace(/^facts\./, ''), words(v)]))}
              lit={lit}
              onLit={setLit}
              onChange={(name, value) => setDraft((d) => ({ ...d, [name]: value }))}
              customer={customer}
              onCustomer={setCustomer}
            />
          ) : (
            <div className="flex-1 px-4 py-3 text-muted">
              {unread ? (
                t('queue.unread_note')
              ) : reading.isPending ? (
                <Skeleton lines={8} />
              ) : reading.error ? (
                tell(reading.error)
              ) : (
                t('queue.no_paper')
              )}
            </div>
          )}
          {may && (
            <footer className="flex h-12 shrink-0 items-center gap-2 border-t border-line px-4 max-md:sticky max-md:bottom-0 max-md:h-16 max-md:bg-panel">
              <Button form tone="danger" icon={X} keys="R" disabled={!can && !unread} onClick={reject}>
                {t(unread ? 'act.trash' : 'queue.reject')}
              </Button>
              <span className="flex-1" />
              <Button form tone="primary" icon={Check} keys="Enter" disabled={!can} onClick={() => decide('accept')}>
                {t('queue.accept')}
              </Button>
            </footer>
          )}
        </section>
      </div>
      {asking && <Password document={item.record.id} onClose={() => setAsking(false)} />}
    </div>
  )
}
