import { useNavigate } from '@tanstack/react-router'
import { PencilLine, Tags, Trash2, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { words } from '../client/call'
import { type Ask, useDimensions, useSession } from '../client/data'
import type { Dimension, Field, Kind } from '../client/types'
import { CategorySelect } from '../field/category'
import { count } from '../field/format'
import { Input } from '../field/input'
import { fieldLabel, kindLabel } from '../field/label'
import { Button, IconButton } from '../ui/button'
import { Popover } from '../ui/popover'
import { Row } from '../ui/row'
import { Select } from '../ui/select'
import { fits } from './holds'
import { watch } from './operating'
import { begin, type Change, chosen, which } from './operation'
import type { Selection } from './select'
import { formFields, same, toWrite } from './write'

/** Takes the bar's place while rows are selected: one change of all of them, which the server does by itself. */
export function Bulk({
  kind,
  ask,
  selection,
  total,
  tools,
}: {
  kind: Kind
  ask: Ask
  selection: Selection
  total?: number
  /** What else may be done with records that are asked for so. */
  tools?: (ask: Ask, chosen?: number) => ReactNode
}) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const n = selection.count(total)
  const can = (what: string) => kind.can?.includes(what) ?? true
  const run = async (change: Change) => {
    setBusy(true)
    const id = await begin(kind, which(ask, selection), change)
    setBusy(false)
    if (!id) return
    selection.clear()
    watch(id, (id) => navigate({ to: '/operations', search: { id } as never }))
  }
  return (
    <div
      role="toolbar"
      aria-label={t('bulk.label')}
      className="flex h-11 shrink-0 items-center gap-2 border-b border-line bg-picked px-4 max-md:h-13 max-md:overflow-x-auto max-md:px-3"
    >
      <h1 className="sr-only">{kindLabel(kind)}</h1>
      <strong className="shrink-0 font-medium text-accent">{t('bulk.selected', { n: count(n) })}</strong>
      {can('update') && <Edit kind={kind} n={n} busy={busy} onRun={run} />}
      {can('update') && <Classify kind={kind} n={n} busy={busy} onRun={run} />}
      {can('delete') && (
        <Button icon={Trash2} disabled={busy} onClick={() => run({ trash: true })}>
          {t('act.trash')}
        </Button>
      )}
      {tools?.(chosen(ask, selection), n)}
      <span className="flex-1" />
      <IconButton icon={X} label={t('bulk.clear')} keys="Esc" onClick={selection.clear} />
    </div>
  )
}

interface Acting {
  kind: Kind
  n: number
  busy: boolean
  onRun: (change: Change) => void
}

/** Fields that many records may share a value of: not what names one of them alone, nor what somebody else has to agree to. */
function shared(kind: Kind, me?: string): Field[] {
  const owner = kind.fields.filter((f) => f.name === 'owner' && !f.system)
  return [...formFields(kind), ...owner].filter((f) => !f.unique && f.type !== 'lines' && (!f.reviewer || f.reviewer === me))
}

function Edit({ kind, n, busy, onRun }: Acting) {
  const { t } = useTranslation()
  const me = useSession().data?.user.id
  const fields = shared(kind, me)
  const [name, setName] = useState('')
  const [value, setValue] = useState<unknown>()
  const [wrong, setWrong] = useState('')
  const [open, setOpen] = useState(false)
  const field = fields.find((f) => f.name === name)
  const empty = same(value, undefined)
  const apply = () => {
    if (!field) return
    const fault = empty ? ((field.required || field.wanted) && 'required') || '' : fits(field, value) ? '' : field.pattern_help || 'pattern'
    setWrong(fault)
    if (fault) return
    setOpen(false)
    onRun({ edit: { [field.name]: field.type === 'bool' ? value === true : toWrite(field, value) } })
  }
  return (
    <Popover
      title={t('bulk.edit')}
      open={open}
      onOpenChange={setOpen}
      className="flex w-80 flex-col gap-3 p-3"
      trigger={
        <Button icon={PencilLine} disabled={busy}>
          {t('bulk.edit')}
        </Button>
      }
    >
      <Row label={t('filter.field')}>
        {(ids) => (
          <Select
            {...ids}
            value={name}
            onChange={(e) => {
              setName(e.target.value)
              setValue(undefined)
              setWrong('')
            }}
          >
            <option value="">{t('mark.choose')}</option>
            {fields.map((f) => (
              <option key={f.name} value={f.name}>
                {fieldLabel(kind.kind, f)}
              </option>
            ))}
          </Select>
        )}
      </Row>
      {field && (
        <Row
          key={field.name}
          label={fieldLabel(kind.kind, field)}
          error={wrong && words(wrong)}
          note={empty && field.type !== 'bool' ? t('bulk.empty_note') : field.help}
        >
          {(ids) => <Input {...ids} kind={kind.kind} field={field} value={value} onChange={setValue} />}
        </Row>
      )}
      <Button form tone={empty && field && field.type !== 'bool' ? 'danger' : 'primary'} disabled={!field} onClick={apply}>
        {t(empty && field && field.type !== 'bool' ? 'bulk.clear_field' : 'bulk.set', { n: count(n) })}
      </Button>
    </Popover>
  )
}

const byPerson: Dimension['by'][] = ['rules', 'field', 'lookup']

function Classify({ kind, n, busy, onRun }: Acting) {
  const { t } = useTranslation()
  const all = useDimensions().data?.data.filter((d) => d.kind === kind.kind && byPerson.includes(d.by)) ?? []
  const [name, setName] = useState('')
  const [category, setCategory] = useState('')
  const [open, setOpen] = useState(false)
  const dimension = all.find((d) => d.name === name) ?? all[0]
  if (!dimension) return null
  const run = (change: Change) => {
    setOpen(false)
    onRun(change)
  }
  return (
    <Popover
      title={t('bulk.classify')}
      open={open}
      onOpenChange={setOpen}
      className="flex w-80 flex-col gap-3 p-3"
      trigger={
        <Button icon={Tags} disabled={busy}>
          {t('bulk.classify')}
        </Button>
      }
    >
      <Row label={t('classify.dimension')}>
        {(ids) => (
          <Select
            {...ids}
            value={dimension.name}
            onChange={(e) => {
              setName(e.target.value)
              setCategory('')
            }}
          >
            {all.map((d) => (
              <option key={d.id} value={d.name}>
                {d.title}
              </option>
            ))}
          </Select>
        )}
      </Row>
      <Row label={t('classify.category')}>
        {(ids) => (
          <CategorySelect {...ids} categories={dimension.categories} value={category} onChange={setCategory} empty={t('facet.none')} />
        )}
      </Row>
      <Button form tone="primary" onClick={() => run({ set: { [dimension.name]: category ? [category] : [] } })}>
        {t('bulk.set', { n: count(n) })}
      </Button>
      <div className="flex flex-col gap-1 border-t border-line pt-3">
        <Button form onClick={() => run({ release: [dimension.name] })}>
          {t('bulk.release')}
        </Button>
        <p className="text-xs text-muted">{t('bulk.release_note')}</p>
      </div>
    </Popover>
  )
}
