import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem, tell, words } from '../client/call'
import type { Dimension, Filter, Kind } from '../client/types'
import { CategorySelect } from '../field/category'
import { count } from '../field/format'
import { complete } from '../record/complete'
import { FilterEditor } from '../record/filter'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { Preview, usePreview } from './preview'
import { publishWords, usePublish } from './publish'
import type { RuleText } from './setup'

export interface RuleEditorProps {
  dimension: Dimension
  kind: Kind
  /** All rules, in order: one is changed here, the others stay. */
  rules: RuleText[]
  /** Which one; none is a new rule at the end. */
  at?: number
  /** Given where a draft is being worked on: the change goes into it. */
  onKeep?: (rules: RuleText[]) => Promise<boolean>
  onDraft: (id: string) => void
  onClose: () => void
}

/** A rule's condition, made with the same editor as a list's filter, and what it would do to all that is there, before it does. */
export function RuleEditor({ dimension, kind, rules, at, onKeep, onDraft, onClose }: RuleEditorProps) {
  const { t } = useTranslation()
  // The list may change while this is open: a rule is known by its id, and by its place only until it has one.
  const [id] = useState(at === undefined ? undefined : rules[at]?.id)
  const found = id ? rules.findIndex((r) => r.id === id) : (at ?? rules.length)
  const gone = found < 0
  const rule = rules[found]
  const [filter, setFilter] = useState<Filter | null>(
    rule?.filter ?? { field: kind.fields.find((f) => f.name === 'purpose')?.name ?? kind.fields[0]!.name, op: 'contains' },
  )
  const [category, setCategory] = useState(rule?.category ?? '')
  const [title, setTitle] = useState(rule?.title ?? '')
  const [note, setNote] = useState('')
  const ready = complete(filter)
  const place = found
  const next: RuleText[] | undefined =
    ready && category && !gone
      ? [...rules.slice(0, place), { ...rule, category, title, filter: ready }, ...rules.slice(place + 1)]
      : undefined
  const seen = usePreview(dimension.id, next && { rules: next })
  const { busy, dialog, put, keep } = usePublish(dimension)
  const wrong = seen.error instanceof Problem ? seen.error.fields : {}
  const won = seen.data?.rules[place]
  return (
    <>
      <Dialog
        open
        wide
        onClose={onClose}
        title={rule ? t('rule.edit_title', { n: rule.number || place + 1, version: rule.version ?? 1 }) : t('rule.new')}
        note={dimension.title}
        foot={
          <>
            <span role="status" className="mr-auto min-w-0 truncate text-muted">
              {gone
                ? t('revision.stale')
                : won
                  ? t('rule.catches', { n: count(won.holds) })
                  : seen.error
                    ? tell(seen.error)
                    : next
                      ? t('rule.testing')
                      : t('rule.incomplete')}
            </span>
            <Button form onClick={onClose} className="max-sm:hidden">
              {t('act.cancel')}
            </Button>
            {onKeep ? (
              <Button form tone="primary" disabled={!seen.data} onClick={async () => next && (await onKeep(next)) && onClose()}>
                {t('revision.into_draft')}
              </Button>
            ) : (
              <>
                <Button
                  form
                  disabled={!next || !!seen.error}
                  busy={busy}
                  onClick={async () => {
                    const id = next && (await keep({ rules: next }, note))
                    if (id) onDraft(id)
                  }}
                >
                  {t('revision.as_draft')}
                </Button>
                <Button
                  form
                  tone="primary"
                  disabled={!seen.data}
                  busy={busy}
                  onClick={async () => next && (await put({ rules: next }, note, seen.data)) && onClose()}
                >
                  {publishWords(t, seen.data)}
                </Button>
              </>
            )}
          </>
        }
      >
        <div className="flex flex-col gap-4">
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
          {!onKeep && <Note value={note} onChange={setNote} />}
          {seen.data && <Preview data={seen.data} at={place} />}
        </div>
      </Dialog>
      {dialog}
    </>
  )
}

export function Note({ value, onChange }: { value: string; onChange: (v: string) => void }) {
  const { t } = useTranslation()
  return (
    <Row label={t('revision.note')}>
      {(ids) => (
        <input
          {...ids}
          className="control"
          value={value}
          placeholder={t('revision.note_hint')}
          onChange={(e) => onChange(e.target.value)}
        />
      )}
    </Row>
  )
}
