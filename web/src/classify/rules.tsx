import { useNavigate, useSearch } from '@tanstack/react-router'
import { ListOrdered, Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, post, tell } from '../client/call'
import { cache, stale, useDimensions, useKinds, useMayRule, useRules } from '../client/data'
import type { Dimension, Kind, Rule } from '../client/types'
import { Bar, Space } from '../ui/bar'
import { Button } from '../ui/button'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { DimensionList } from './dimensionlist'
import { RuleEditor } from './ruleeditor'
import { RuleRow } from './rulerow'

/** The rules of a dimension in the order in which they are asked: the first that fits gives the category. */
export function Rules() {
  const { t } = useTranslation()
  const dimensions = useDimensions()
  const kinds = useKinds()
  const search = useSearch({ strict: false }) as { dimension?: string; rule?: string }
  const navigate = useNavigate()
  const list = dimensions.data?.data.filter((d) => d.by === 'rules') ?? []
  const at = list.find((d) => d.id === search.dimension) ?? list[0]
  const kind = kinds.find((k) => k.kind === at?.kind)
  const may = useMayRule()
  const [editing, setEditing] = useState<Rule | 'new'>()
  const go = (id: string) => navigate({ to: '.', search: { dimension: id } as never, replace: true })
  // A reason links to its rule without knowing the dimension.
  useEffect(() => {
    if (!search.rule || list.length === 0) return
    for (const d of list)
      call<{ data: Rule[] }>('GET', `/rules?dimension=${d.id}`).then(
        (r) => {
          const found = r.data.find((x) => x.id === search.rule)
          if (found) {
            navigate({ to: '.', search: { dimension: d.id } as never, replace: true })
            setEditing(found)
          }
        },
        () => {},
      )
  }, [search.rule, list.length])
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
          <DimensionList list={list} at={at.id} onGo={go} />
          <div className="min-w-0 flex-1 overflow-auto bg-panel">
            <Ordered key={at.id} dimension={at} kind={kind} may={may} onEdit={setEditing} />
          </div>
        </div>
      )}
      {editing && at && kind && (
        <RuleEditor
          key={at.id}
          dimension={at}
          kind={kind}
          rule={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </div>
  )
}

function Ordered({ dimension, kind, may, onEdit }: { dimension: Dimension; kind: Kind; may: boolean; onEdit: (r: Rule | 'new') => void }) {
  const { t } = useTranslation()
  const { data, error, isPending, refetch } = useRules(dimension.id)
  const rules = data?.data ?? []
  const key = ['rule', 'of', dimension.id]
  const [dragged, setDragged] = useState<string>()

  const order = async (next: Rule[]) => {
    const before = rules
    cache.setQueryData(key, { data: next })
    try {
      await post(`/dimensions/${dimension.id}/order`, { rules: next.map((r) => r.id) })
      say(t('done.ordered'), { title: t('act.undo'), run: () => order(before) })
    } catch (e) {
      cache.setQueryData(key, { data: before })
      warn(tell(e))
    }
    stale('rule')
  }
  const move = (id: string, to: number) => {
    const from = rules.findIndex((r) => r.id === id)
    if (to < 0 || to >= rules.length || from === to || from < 0) return
    const next = [...rules]
    next.splice(to, 0, ...next.splice(from, 1))
    order(next)
  }
  const set = async (r: Rule, change: Partial<Rule>) => {
    cache.setQueryData(key, { data: rules.map((x) => (x.id === r.id ? { ...x, ...change } : x)) })
    try {
      await call('PATCH', `/rules/${r.id}`, change)
    } catch (e) {
      warn(tell(e))
    }
    stale('rule')
  }
  const remove = async (r: Rule) => {
    try {
      await call('DELETE', `/rules/${r.id}`)
      say(t('done.removed', { title: r.title || t('rule.nth', { n: r.number }) }))
    } catch (e) {
      warn(tell(e))
    }
    stale('rule')
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
  return (
    <div className="max-w-[960px] px-6 py-4 max-md:px-3">
      <p className="pb-3 text-muted">{t('rule.note')}</p>
      <ol className="border-t border-line">
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
            onDrop={() => dragged && move(dragged, i)}
            onMove={(by) => move(r.id, i + by)}
            onEdit={() => onEdit(r)}
            onEnable={(enabled) => set(r, { enabled })}
            onRemove={() => remove(r)}
          />
        ))}
      </ol>
    </div>
  )
}
