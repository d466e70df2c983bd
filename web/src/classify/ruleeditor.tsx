import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, post, Problem, tell, words } from '../client/call'
import { stale } from '../client/data'
import type { Dimension, Filter, Kind, Money, Rec, Rule } from '../client/types'
import { CategorySelect } from '../field/category'
import { count, money, titleOf } from '../field/format'
import { complete } from '../record/complete'
import { FilterEditor } from '../record/filter'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { say } from '../ui/toast'

interface Tried {
  count: number
  exact: boolean
  data: Rec[]
}

/** A rule's condition, made with the same editor as a list's filter, and what it would catch, before it is kept. */
export function RuleEditor({ dimension, kind, rule, onClose }: { dimension: Dimension; kind: Kind; rule?: Rule; onClose: () => void }) {
  const { t } = useTranslation()
  const [filter, setFilter] = useState<Filter | null>(
    rule?.filter ?? { field: kind.fields.find((f) => f.name === 'purpose')?.name ?? kind.fields[0]!.name, op: 'contains' },
  )
  const [category, setCategory] = useState(rule?.category?.id ?? '')
  const [title, setTitle] = useState(rule?.title ?? '')
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const ready = complete(filter)
  const tried = useTried(dimension.id, ready)
  const save = async () => {
    setBusy(true)
    setError('')
    try {
      const body = { title, category, filter: ready }
      if (rule) await call('PATCH', `/rules/${rule.id}`, body)
      else await post('/rules', { ...body, dimension: dimension.id })
      say(t('done.rule'))
      stale('rule')
      stale(kind.kind)
      onClose()
    } catch (e) {
      setWrong(e instanceof Problem ? e.fields : {})
      setError(tell(e))
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={rule ? t('rule.edit_title', { n: rule.number, version: rule.version }) : t('rule.new')}
      note={dimension.title}
      foot={
        <>
          <span role="status" className="mr-auto text-muted">
            {tried.data
              ? t(tried.data.exact ? 'rule.catches' : 'rule.catches_about', { n: count(tried.data.count) })
              : tried.error
                ? tell(tried.error)
                : ready
                  ? t('rule.testing')
                  : t('rule.incomplete')}
          </span>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" disabled={!ready || !category} busy={busy} onClick={save}>
            {t('act.save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {error && (
          <p role="alert" className="text-bad">
            {error}
          </p>
        )}
        <section>
          <h3 className="pb-1 text-xs font-medium text-muted">{t('rule.when')}</h3>
          <FilterEditor kind={kind} value={filter} onChange={setFilter} />
          {wrong.filter && <p className="pt-1 text-xs text-bad">{words(wrong.filter)}</p>}
        </section>
        <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
          <Row label={t('rule.then')} required error={wrong.category && words(wrong.category)}>
            {(ids) => <CategorySelect {...ids} categories={dimension.categories} value={category} onChange={setCategory} />}
          </Row>
          <Row label={t('rule.title')}>
            {(ids) => (
              <input
                {...ids}
                className="control"
                value={title}
                placeholder={t('rule.title_hint')}
                onChange={(e) => setTitle(e.target.value)}
              />
            )}
          </Row>
        </div>
        {tried.data && tried.data.data.length > 0 && (
          <section>
            <h3 className="pb-1 text-xs font-medium text-muted">{t('rule.samples')}</h3>
            <ul tabIndex={0} aria-label={t('rule.samples')} className="max-h-44 overflow-auto border-t border-line">
              {tried.data.data.map((r) => (
                <li key={r.id} className="flex h-7 items-center gap-3 border-b border-line">
                  <span className="w-22 shrink-0 whitespace-nowrap text-muted">{String(r.dated_on ?? '')}</span>
                  <span className="min-w-0 flex-1 truncate">{titleOf(r)}</span>
                  <span className="max-w-40 truncate text-muted">{String(r.purpose ?? '')}</span>
                  <span>{money(r.amount as Money | null)}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Dialog>
  )
}

/** Asks how many records a condition catches, once typing has paused. */
function useTried(dimension: string, filter: Filter | undefined) {
  const text = JSON.stringify(filter ?? null)
  const [calm, setCalm] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setCalm(text), 350)
    return () => clearTimeout(timer)
  }, [text])
  return useQuery({
    queryKey: ['rule', 'test', dimension, calm],
    enabled: calm !== 'null' && calm === text,
    retry: false,
    queryFn: ({ signal }) => post<Tried>('/rules:test', { dimension, filter: JSON.parse(calm) }, { signal }),
  })
}
