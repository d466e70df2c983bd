import { useNavigate, useSearch } from '@tanstack/react-router'
import { ListOrdered, Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, post, tell } from '../client/call'
import { cache, stale, useDimensions, useKinds, useMayRule, useRules } from '../client/data'
import type { Dimension, Kind, Rule } from '../client/types'
import { Bar, Space } from '../ui/bar'
import { Button } from '../ui/button'
import { Tabs } from '../ui/tabs'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { useConfirmed } from './confirm'
import { DimensionList } from './dimensionlist'
import { DraftBar } from './draftbar'
import { RuleEditor } from './ruleeditor'
import { RuleRow } from './rulerow'
import { Revisions, useRevisions } from './revisions'
import { redraft, type Revision, revised, ruleOf, type RuleText, sure, textOf, undoJob } from './setup'

interface Search {
  dimension?: string
  rule?: string
  tab?: string
  draft?: string
}

/** The rules of a dimension in the order in which they are asked: the first that fits gives the category. */
export function Rules() {
  const { t } = useTranslation()
  const dimensions = useDimensions()
  const kinds = useKinds()
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  const list = dimensions.data?.data.filter((d) => d.by === 'rules') ?? []
  const at = list.find((d) => d.id === search.dimension) ?? list[0]
  const kind = kinds.find((k) => k.kind === at?.kind)
  const may = useMayRule()
  const [editing, setEditing] = useState<number | 'new'>()
  const rules = useRules(at?.id)
  const revisions = useRevisions(at?.id).data?.data
  const draft = revisions?.find((r) => r.id === search.draft && r.state === 'draft')
  const go = (s: Search) => navigate({ to: '.', search: s as never, replace: true })
  const texts: RuleText[] = draft ? (draft.after?.rules ?? []) : (rules.data?.data ?? []).map(textOf)
  // A reason links to its rule without knowing the dimension.
  useEffect(() => {
    if (!search.rule || list.length === 0) return
    for (const d of list)
      call<{ data: Rule[] }>('GET', `/rules?dimension=${d.id}`).then(
        (r) => {
          const found = r.data.findIndex((x) => x.id === search.rule)
          if (found < 0) return
          cache.setQueryData(['rule', 'of', d.id], r)
          go({ dimension: d.id })
          setEditing(found)
        },
        () => {},
      )
  }, [search.rule, list.length])
  const tab = search.tab === 'revisions' ? 'revisions' : 'rules'
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.rules')}>
        <Space />
        {at && may && (
          <Button tone="primary" icon={Plus} onClick={() => setEditing('new')}>
            {t('rule.new')}
          </Button>
        )}
      </Bar>
      {dimensions.isPending ? (
        <Skeleton lines={10} />
      ) : !at || !kind ? (
        <Empty icon={ListOrdered} title={t('rule.no_dimension')}>
          <Button onClick={() => navigate({ to: '/dimensions' })}>{t('nav.dimensions')}</Button>
        </Empty>
      ) : (
        <div className="flex min-h-0 flex-1 max-md:flex-col">
          <DimensionList list={list} at={at.id} onGo={(id) => go({ dimension: id })} />
          <div className="flex min-h-0 min-w-0 flex-1 flex-col bg-panel">
            <Tabs
              label={at.title}
              value={tab}
              onChange={(id) => go({ dimension: at.id, draft: search.draft, tab: id === 'rules' ? undefined : id })}
              tabs={[
                {
                  id: 'rules',
                  title: t('revision.tab_rules'),
                  body: (
                    <div className="w-full max-w-[960px] px-6 py-4 max-md:px-3">
                      {draft ? (
                        <>
                          <DraftBar dimension={at} draft={draft} rules={rules.data?.data} onLeave={() => go({ dimension: at.id })} />
                          <Drafted key={draft.id} dimension={at} kind={kind} draft={draft} onEdit={setEditing} />
                        </>
                      ) : (
                        <InForce key={at.id} dimension={at} kind={kind} may={may} onEdit={setEditing} />
                      )}
                    </div>
                  ),
                },
                {
                  id: 'revisions',
                  title: t('revision.tab'),
                  body: (
                    <div className="w-full max-w-[960px] px-6 py-4 max-md:px-3">
                      <p className="pb-3 text-muted">{t('revision.tab_note')}</p>
                      <Revisions dimension={at} may={may} onDraft={(r) => go({ dimension: at.id, draft: r.id })} />
                    </div>
                  ),
                },
              ]}
            />
          </div>
        </div>
      )}
      {editing !== undefined && at && kind && rules.data && (
        <RuleEditor
          key={`${at.id}${draft?.id ?? ''}`}
          dimension={at}
          kind={kind}
          rules={texts}
          at={editing === 'new' ? undefined : editing}
          onKeep={draft && ((next) => keep(draft, next))}
          onDraft={(id) => {
            setEditing(undefined)
            go({ dimension: at.id, draft: id })
          }}
          onClose={() => setEditing(undefined)}
        />
      )}
    </div>
  )
}

/** Writes a draft's rules, and shows them at once. */
async function keep(draft: Revision, rules: RuleText[]): Promise<boolean> {
  const key = ['revision', 'of', draft.dimension.id]
  const before = cache.getQueryData<{ data: Revision[] }>(key)
  cache.setQueryData(key, { data: before?.data.map((r) => (r.id === draft.id ? { ...r, after: { rules } } : r)) ?? [] })
  try {
    await redraft(draft.id, draft.note, { rules })
    return true
  } catch (e) {
    cache.setQueryData(key, before)
    warn(tell(e))
    return false
  } finally {
    stale('revision')
  }
}

function Drafted({
  dimension,
  kind,
  draft,
  onEdit,
}: {
  dimension: Dimension
  kind: Kind
  draft: Revision
  onEdit: (at: number | 'new') => void
}) {
  const texts = draft.after?.rules ?? []
  return (
    <Ordered
      rules={texts.map((x, i) => ruleOf(x, i, dimension))}
      kind={kind}
      may
      onEdit={onEdit}
      onOrder={(from, to) => {
        const next = [...texts]
        next.splice(to, 0, ...next.splice(from, 1))
        keep(draft, next)
      }}
      onEnable={(i, on) =>
        keep(
          draft,
          texts.map((x, j) => (j === i ? { ...x, disabled: !on } : x)),
        )
      }
      onRemove={(i) =>
        keep(
          draft,
          texts.filter((_, j) => j !== i),
        )
      }
    />
  )
}

/** The rules that decide now. Order, on and off and removal are revisions of their own, taken back from the toast. */
function InForce({
  dimension,
  kind,
  may,
  onEdit,
}: {
  dimension: Dimension
  kind: Kind
  may: boolean
  onEdit: (at: number | 'new') => void
}) {
  const { t } = useTranslation()
  const { data, error, isPending, refetch } = useRules(dimension.id)
  const [confirmed, dialog] = useConfirmed()
  const rules = data?.data ?? []
  const key = ['rule', 'of', dimension.id]

  const act = async (next: Rule[], said: string, send: (confirm?: number) => Promise<{ job?: string }>) => {
    cache.setQueryData(key, { data: next })
    try {
      const done = await confirmed(send)
      if (done) say(said, done.job ? { title: t('act.undo'), run: () => undoJob(dimension.id, kind.kind, done.job!) } : undefined)
      else cache.setQueryData(key, { data: rules })
    } catch (e) {
      cache.setQueryData(key, { data: rules })
      warn(tell(e))
    }
    revised(kind.kind)
  }
  if (isPending) return <Skeleton lines={8} />
  if (error)
    return (
      <Empty title={t('error.title')} note={tell(error)}>
        <Button onClick={() => refetch()}>{t('act.again')}</Button>
      </Empty>
    )
  if (rules.length === 0)
    return (
      <Empty icon={ListOrdered} title={t('rule.empty')} note={t('rule.empty_note')}>
        {may && (
          <Button tone="primary" onClick={() => onEdit('new')}>
            {t('rule.new')}
          </Button>
        )}
      </Empty>
    )
  const name = (r: Rule) => r.title || t('rule.nth', { n: r.number })
  return (
    <>
      <p className="pb-3 text-muted">{t('rule.note')}</p>
      <Ordered
        rules={rules}
        kind={kind}
        may={may}
        onEdit={onEdit}
        onOrder={(from, to) => {
          const next = [...rules]
          next.splice(to, 0, ...next.splice(from, 1))
          act(next, t('done.ordered'), (c) =>
            post<{ job?: string }>(`/dimensions/${dimension.id}/order${sure(c)}`, { rules: next.map((r) => r.id) }),
          )
        }}
        onEnable={(i, enabled) => {
          const r = rules[i]!
          const next = rules.map((x) => (x === r ? { ...x, enabled } : x))
          act(next, t(enabled ? 'done.rule_on' : 'done.rule_off', { title: name(r) }), (c) =>
            call<{ job?: string }>('PATCH', `/rules/${r.id}${sure(c)}`, { enabled }),
          )
        }}
        onRemove={(i) => {
          const r = rules[i]!
          act(
            rules.filter((x) => x !== r),
            t('done.removed', { title: name(r) }),
            (c) => call<{ job?: string }>('DELETE', `/rules/${r.id}${sure(c)}`),
          )
        }}
      />
      {dialog}
    </>
  )
}

function Ordered({
  rules,
  kind,
  may,
  onEdit,
  onOrder,
  onEnable,
  onRemove,
}: {
  rules: Rule[]
  kind: Kind
  may: boolean
  onEdit: (at: number) => void
  onOrder: (from: number, to: number) => void
  onEnable: (at: number, on: boolean) => void
  onRemove: (at: number) => void
}) {
  const { t } = useTranslation()
  const [dragged, setDragged] = useState<string>()
  const move = (from: number, to: number) => {
    if (from >= 0 && to >= 0 && to < rules.length && from !== to) onOrder(from, to)
  }
  return (
    <ol aria-label={t('nav.rules')} className="border-t border-line">
      {rules.map((r, i) => (
        <RuleRow
          key={r.id}
          rule={r}
          kind={kind}
          may={may}
          index={i}
          last={i === rules.length - 1}
          dragged={dragged === r.id}
          onDrag={setDragged}
          onDrop={() =>
            move(
              rules.findIndex((x) => x.id === dragged),
              i,
            )
          }
          onMove={(by) => move(i, i + by)}
          onEdit={() => onEdit(i)}
          onEnable={(on) => onEnable(i, on)}
          onRemove={() => onRemove(i)}
        />
      ))}
    </ol>
  )
}
