import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { CheckCheck, CircleCheckBig, ListFilter, RotateCw, Undo2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, post, tell } from '../client/call'
import { stale, useKinds, useMay, useMayRule } from '../client/data'
import type { Filter, Kind, Money, Page, Rec } from '../client/types'
import { count, money } from '../field/format'
import { answer, answerAll, dayOf, type Match, type Verb, where, whoOf } from '../match/match'
import { Panel } from '../record/panel'
import { QueueList } from '../record/queuelist'
import { type Item, type QueueOf, useQueue } from '../record/usequeue'
import { Bar, Space } from '../ui/bar'
import { Button, IconButton } from '../ui/button'
import { useCommands } from '../ui/command'
import { SideList } from '../ui/sidelist'
import { useNarrow } from '../ui/size'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { partOf } from './list'

interface Waits {
  queue: string
  kind: string
  filter: Filter
  count: number
}

/** From here on a proposal that has no rival may be confirmed together with its like. */
const high = 0.9

const proposals = { field: 'state', op: 'eq', value: 'proposed' }

/** Slips that have proposals, the newest first; matches themselves are answered beside the slip. */
async function proposed(signal: AbortSignal): Promise<Page<Rec>> {
  const ms = await post<Page<Match>>('/matches:query', { filter: proposals, limit: 200 }, { signal })
  const ids = [...new Set(ms.data.map((m) => m.receipt.id))]
  if (ids.length === 0) return { data: [] }
  const page = await post<Page<Rec>>('/receipts:query', { filter: where('id', 'in', ids), limit: 200 }, { signal })
  return { data: page.data, has_more: ms.has_more }
}

/** What of slips, orders, invoices and statement lines has no other side yet, queue by queue, with the keyboard throughout. */
export function Matching() {
  const { t } = useTranslation()
  const search = useSearch({ strict: false }) as { queue?: string; id?: string; tab?: string }
  const kinds = useKinds()
  const { data, error, refetch } = useQuery({
    queryKey: ['match', 'queues'],
    queryFn: ({ signal }) => get<{ data: Waits[] }>('/matches:queues', signal),
  })
  if (error)
    return (
      <Empty title={t('error.title')} note={tell(error)}>
        <Button onClick={() => refetch()}>{t('act.again')}</Button>
      </Empty>
    )
  if (!data || kinds.length === 0) return <Skeleton lines={12} />
  const queue = data.data.find((w) => w.queue === search.queue) ?? data.data[0]
  const kind = kinds.find((k) => k.kind === (queue?.kind === 'match' ? 'receipt' : queue?.kind))
  if (!queue || !kind) return <Empty title={t('match.denied')} />
  return <Queue key={queue.queue} queues={data.data} queue={queue} kind={kind} first={search.id} tab={search.tab ?? ''} />
}

function Queue({ queues, queue, kind, first, tab }: { queues: Waits[]; queue: Waits; kind: Kind; first?: string; tab: string }) {
  const { t } = useTranslation()
  const narrow = useNarrow()
  const navigate = useNavigate()
  const may = useMay('receipt', 'update')
  const rules = useMayRule()
  const [undoable, setUndoable] = useState<Match[]>([])
  const [busy, setBusy] = useState(false)
  const of = useMemo<QueueOf>(
    () => ({
      kind: kind.kind,
      plural: kind.plural,
      name: queue.queue,
      filter: queue.filter,
      load: queue.kind === 'match' ? proposed : undefined,
    }),
    [queue.queue],
  )
  const list = useQueue(of, first)
  const search = useSearch({ strict: false }) as { id?: string }
  const index = search.id
    ? list.items.findIndex((i) => i.record.id === search.id)
    : narrow
      ? -1
      : Math.max(
          0,
          list.items.findIndex((i) => !i.done),
        )
  const item = list.items[index]
  const go = (id: string | undefined, replace = true) => navigate({ to: '.', search: { queue: queue.queue, id } as never, replace })
  const step = (by: number) => {
    const to = list.items[Math.max(0, Math.min(list.items.length - 1, index + by))]
    if (to) go(to.record.id)
  }
  const onAnswered = (m: Match, verb: Verb) => {
    if (verb === 'undo') return
    setUndoable((u) => [...u, m])
    if (verb !== 'confirm' || !item) return
    list.settle(item.record.id, true)
    const next = list.items.slice(index + 1).find((i) => !i.done) ?? list.items.find((i) => !i.done && i !== item)
    if (next) go(next.record.id)
  }
  const undo = async () => {
    const last = undoable.at(-1)
    if (!last) return
    try {
      await answer(last, 'undo')
      setUndoable((u) => u.slice(0, -1))
      const side = list.items.find((i) => [last.receipt.id, last[last.of]?.id].includes(i.record.id))
      if (side) {
        list.settle(side.record.id, false)
        go(side.record.id)
      }
      say(t('match.done_undo'))
    } catch (e) {
      warn(tell(e))
    }
  }
  const likely = useQuery({
    queryKey: ['match', 'high'],
    enabled: queue.kind === 'match' && may,
    queryFn: async ({ signal }) => {
      const page = await post<Page<Match>>('/matches:query', { filter: proposals, limit: 200 }, { signal })
      const rivals = new Map<string, number>()
      const sides = (m: Match) => [m.of + m.receipt.id, m[m.of]!.id]
      for (const side of page.data.flatMap(sides)) rivals.set(side, (rivals.get(side) ?? 0) + 1)
      return page.data.filter((m) => m.confidence >= high && sides(m).every((side) => rivals.get(side) === 1)).map((m) => m.id)
    },
  }).data
  const confirmAll = async () => {
    const ids = likely ?? []
    setBusy(true)
    try {
      const done = (await answerAll(ids, 'confirm')).filter((a) => a.ok).map((a) => a.id)
      say(t('match.all_done', { n: count(done.length), left: count(ids.length - done.length) }), {
        title: t('act.undo'),
        run: () => answerAll(done, 'undo').catch((e) => warn(tell(e))),
      })
    } catch (e) {
      warn(tell(e))
    } finally {
      setBusy(false)
    }
  }
  const again = async () => {
    try {
      await post('/matches:again')
      stale('job')
      say(t('match.again_done'), { title: t('nav.jobs'), run: () => navigate({ to: '/jobs' }) })
    } catch (e) {
      warn(tell(e))
    }
  }
  useCommands([
    { id: 'match.next', title: t('act.next'), keys: ['j'], group: 'match', run: () => step(1) },
    { id: 'match.previous', title: t('act.previous'), keys: ['k'], group: 'match', run: () => step(-1) },
    { id: 'match.undo', title: t('act.undo'), keys: ['u'], group: 'match', disabled: undoable.length === 0, run: undo },
    { id: 'match.again', title: t('match.again'), group: 'match', disabled: !rules, run: again },
  ])
  const left = list.items.filter((i) => !i.done).length
  const part = partOf(kind, { keys: true, onAnswered })
  const panel = item && (
    <Panel
      kind={kind}
      id={item.record.id}
      part={part}
      tab={tab}
      onTab={(x) => navigate({ to: '.', search: { queue: queue.queue, id: item.record.id, tab: x } as never, replace: true })}
      place={narrow ? undefined : { index, total: list.total }}
      onStep={step}
      onClose={() => go(undefined)}
      onMade={() => {}}
    />
  )
  const rows = (
    <QueueList
      items={list.items}
      more={list.more}
      at={item?.record.id ?? ''}
      note={noteOf}
      onGo={(id) => go(id, !narrow)}
      className={narrow ? 'w-full flex-1 border-r-0' : 'w-[240px]'}
    />
  )
  const plural = queue.kind === 'match' ? 'matches' : kind.plural
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.matching')}>
        <span role="status" className="whitespace-nowrap text-muted">
          {list.pending ? '' : t('match.waiting', { n: count(Math.max(queue.count, left)) })}
        </span>
        <Space />
        {!narrow && may && (
          <Button icon={Undo2} keys="U" disabled={undoable.length === 0} onClick={undo}>
            {t('act.undo')}
          </Button>
        )}
        <IconButton
          icon={ListFilter}
          label={t('match.as_list')}
          onClick={() => navigate({ to: `/${plural}` as never, search: { where: queue.filter } as never })}
        />
        {rules && <IconButton icon={RotateCw} label={t('match.again')} onClick={again} />}
        {may && (likely?.length ?? 0) > 0 && (
          <Button icon={CheckCheck} tone="primary" busy={busy} onClick={confirmAll}>
            {t('match.confirm_all', { n: count(likely!.length) })}
          </Button>
        )}
      </Bar>
      <div className="flex min-h-0 flex-1 max-md:flex-col">
        {!(narrow && item) && (
          <SideList
            label={t('match.queues')}
            groups={[
              { title: t('match.group_proposed'), items: entries(queues.filter((w) => w.kind === 'match')) },
              { title: t('match.group_missing'), items: entries(queues.filter((w) => w.kind !== 'match')) },
            ]}
            at={queue.queue}
            onGo={(id) => navigate({ to: '.', search: { queue: id } as never })}
          />
        )}
        {list.pending ? (
          <Skeleton lines={10} />
        ) : list.items.length === 0 ? (
          <div className="flex-1 bg-panel">
            <Empty icon={CircleCheckBig} title={t(`match.empty_${queue.queue}`)} note={t('match.empty_note')}>
              {rules && <Button onClick={again}>{t('match.again')}</Button>}
            </Empty>
          </div>
        ) : narrow ? (
          item ? (
            <section aria-label={item.record.title} className="flex min-h-0 flex-1 flex-col bg-panel">
              {panel}
            </section>
          ) : (
            rows
          )
        ) : (
          <>
            {rows}
            <section aria-label={item?.record.title ?? t('nav.matching')} className="flex min-w-0 flex-1 flex-col bg-panel">
              {panel ?? <Empty icon={CircleCheckBig} title={t(`match.empty_${queue.queue}`)} />}
            </section>
          </>
        )}
      </div>
    </div>
  )

  function entries(ws: Waits[]) {
    return ws.map((w) => ({ id: w.queue, title: t(`match.queue_${w.queue}`), note: count(w.count) }))
  }
}

function noteOf({ record }: Item) {
  return {
    title: record.kind === 'order' ? record.title : whoOf(record),
    text: (
      <span className="flex gap-2">
        <span className="figures">{dayOf(record)}</span>
        {record.kind === 'order' && <span className="min-w-0 truncate">{whoOf(record)}</span>}
        <span className="figures ml-auto text-ink">{money(record.amount as Money | null)}</span>
      </span>
    ),
  }
}
