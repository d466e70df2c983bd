import { ChevronDown, ChevronUp, Ellipsis, Pencil, Trash2, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem, tell } from '../client/call'
import { useRecord } from '../client/data'
import type { Kind, Money, Rec, Ref } from '../client/types'
import { count, money, titleOf } from '../field/format'
import { kindLabel } from '../field/label'
import { Button, IconButton } from '../ui/button'
import { useCommands } from '../ui/command'
import { Menu } from '../ui/menu'
import { State } from '../ui/tag'
import { Tabs } from '../ui/tabs'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { Form } from './form'
import { blank, type Draft } from './mention'
import { Proposals } from './proposals'
import { Glance, RelatedRecords } from './related'
import { Timeline } from './timeline'
import { Stamps, Values } from './values'
import { trash, update } from './write'

/** What a feature adds to the panel of a kind; app/ puts the two together. */
export interface Part {
  /** Above the fields; the fields it shows itself are named in `covers`. */
  head?: (record: Rec) => ReactNode
  covers?: (record: Rec) => string[]
  /** Below the fields. */
  foot?: (record: Rec) => ReactNode
  /** What to do with a draft, where it is more than to fill it in. */
  draft?: (record: Rec) => ReactNode
  /** What to do with the record for people outside, beside its title. */
  hand?: (record: Rec) => ReactNode
  /** How a file is put to it. */
  file?: (record: Rec) => ReactNode
  /** More ways to act, in the menu. */
  acts?: (record: Rec) => { id: string; title: string; run: () => void }[]
}

export interface PanelProps {
  kind: Kind
  id: string
  part?: Part
  tab: string
  onTab: (tab: string) => void
  place?: { index: number; total?: number }
  onStep: (by: number) => void
  onClose: () => void
  onMade: (r: Rec) => void
}

export function Panel(p: PanelProps) {
  const { t } = useTranslation()
  const fresh = p.id === 'new'
  const { data: record, error, refetch } = useRecord(p.kind, fresh ? undefined : p.id)
  const [editing, setEditing] = useState('')
  const edit = editing === p.id
  // What was begun to be said about each record stays while the panel is open.
  const [drafts, setDrafts] = useState<Record<string, Draft>>({})
  const can = (what: string) => p.kind.can?.includes(what) ?? true
  const gone = !!record?.deleted_at
  useCommands([
    {
      id: 'record.edit',
      title: t('act.edit'),
      keys: ['e'],
      group: 'record',
      disabled: !record || edit || gone || !can('update'),
      run: () => setEditing(p.id),
    },
    { id: 'record.close', title: t('act.close'), keys: ['Escape'], group: 'record', run: p.onClose },
  ])
  const remove = async () => {
    if (record && (await trash(p.kind, record))) p.onClose()
  }
  const activate = async () => {
    try {
      await update(p.kind, record!, { status: 'active' })
      say(t('done.activated'))
    } catch (e) {
      warn(tell(e))
      if (e instanceof Problem && Object.keys(e.fields).length > 0) setEditing(p.id)
    }
  }

  const head = (title: ReactNode, buttons?: ReactNode) => (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line pl-4 pr-2">
      <h2 className="flex min-w-0 items-baseline truncate text-[15px]">{title}</h2>
      {buttons}
      <IconButton icon={X} label={t('act.close')} keys="Esc" onClick={p.onClose} />
    </header>
  )
  if (fresh)
    return (
      <>
        {head(t('record.new', { kind: kindLabel(p.kind) }), <span className="flex-1" />)}
        <Form kind={p.kind} onDone={p.onMade} onCancel={p.onClose} />
      </>
    )
  if (!record)
    return (
      <>
        {head('', <span className="flex-1" />)}
        {error ? (
          <Empty title={t(error instanceof Problem && error.code === 'not_found' ? 'record.missing' : 'error.title')} note={tell(error)}>
            <Button onClick={() => refetch()}>{t('act.again')}</Button>
          </Empty>
        ) : (
          <Skeleton lines={10} />
        )}
      </>
    )
  return (
    <>
      {head(
        <Title kind={p.kind} record={record} />,
        <>
          {record.status === 'draft' && <State tone="warn">{t('record.draft')}</State>}
          {gone && <State tone="bad">{t('record.gone')}</State>}
          <span className="flex-1" />
          {p.place && p.place.index >= 0 && (
            <span className="flex shrink-0 items-center gap-1 text-muted max-md:hidden">
              {count(p.place.index + 1)} / {p.place.total === undefined ? '…' : count(p.place.total)}
              <IconButton icon={ChevronDown} label={t('act.next')} keys="J" onClick={() => p.onStep(1)} />
              <IconButton icon={ChevronUp} label={t('act.previous')} keys="K" onClick={() => p.onStep(-1)} />
            </span>
          )}
          {!edit && !gone && can('update') && <IconButton icon={Pencil} label={t('act.edit')} keys="E" onClick={() => setEditing(p.id)} />}
          {p.part?.hand?.(record)}
          <Menu
            trigger={
              <button
                type="button"
                aria-label={t('act.menu')}
                className="inline-grid size-7 shrink-0 place-items-center rounded-md text-muted hover:bg-hover hover:text-ink max-md:size-11"
              >
                <Ellipsis size={16} aria-hidden />
              </button>
            }
            groups={[
              [
                ...(p.part?.acts?.(record) ?? []),
                {
                  id: 'link',
                  title: t('act.copy_link'),
                  run: () =>
                    navigator.clipboard.writeText(location.href).then(
                      () => say(t('done.copied')),
                      () => {},
                    ),
                },
              ],
              can('delete') && !gone ? [{ id: 'trash', title: t('act.trash'), icon: Trash2, danger: true, run: remove }] : [],
            ]}
          />
        </>,
      )}
      {edit ? (
        <Form key={record.id} kind={p.kind} record={record} onDone={() => setEditing('')} onCancel={() => setEditing('')} />
      ) : (
        <Tabs
          label={titleOf(record)}
          value={['content', 'talk', 'related'].includes(p.tab) ? p.tab : 'content'}
          onChange={p.onTab}
          tabs={[
            {
              id: 'content',
              title: t('record.content'),
              body: (
                <>
                  <Proposals record={record.id} />
                  {!p.kind.verbs && <Glance kind={p.kind} id={record.id} />}
                  {p.part?.head?.(record)}
                  <Values kind={p.kind} record={record} skip={p.part?.covers?.(record)} />
                  {p.part?.foot?.(record)}
                  <Stamps record={record} />
                </>
              ),
            },
            {
              id: 'talk',
              title: t('record.talk'),
              body: (
                <Timeline
                  key={record.id}
                  kind={p.kind}
                  record={record}
                  draft={drafts[record.id] ?? blank}
                  onDraft={(d) => setDrafts((all) => ({ ...all, [record.id]: d }))}
                  file={p.part?.file?.(record)}
                />
              ),
            },
            ...(p.kind.verbs ? [] : [{ id: 'related', title: t('record.related'), body: <RelatedRecords kind={p.kind} id={record.id} /> }]),
          ]}
        />
      )}
      {record.status === 'draft' && !edit && !gone && can('update') && (
        <footer className="flex h-12 shrink-0 items-center justify-end gap-2 border-t border-line px-4 max-md:h-16">
          <span className="mr-auto text-xs text-muted">{t('record.draft_note')}</span>
          {p.part?.draft?.(record) ?? (
            <Button form tone="primary" onClick={activate}>
              {t('act.activate')}
            </Button>
          )}
        </footer>
      )}
    </>
  )
}

function Title({ kind, record }: { kind: Kind; record: Rec }) {
  const amount = kind.kind === 'receipt' ? (record.amount as Money | null) : null
  const who = kind.kind === 'receipt' ? (record.customer as Ref | null) : null
  if (!who || !amount) return <span className="truncate">{titleOf(record)}</span>
  return (
    <>
      <span className="truncate">{who.title}</span>
      <span className="shrink-0 whitespace-pre"> · {money(amount)}</span>
    </>
  )
}
