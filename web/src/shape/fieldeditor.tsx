import {
  AlignLeft,
  AtSign,
  Banknote,
  Binary,
  Calendar,
  CalendarClock,
  CircleDot,
  Hash,
  Link2,
  ListChecks,
  type LucideIcon,
  Phone,
  SquareCheck,
  Type,
  Waypoints,
} from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, post, Problem, tell, words } from '../client/call'
import { useKinds } from '../client/data'
import type { Field, FieldType, Filter, Kind, Option, Rec, Ref } from '../client/types'
import { Input } from '../field/input'
import { fieldLabel, kindLabel } from '../field/label'
import { RefInput } from '../field/ref'
import { complete } from '../record/complete'
import { FilterEditor } from '../record/filter'
import { same, toWrite } from '../record/write'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { Select } from '../ui/select'
import { say } from '../ui/toast'
import { editField, reshaped, shapable, textual, types } from './data'
import { computable, functions, readable, useFault } from './formula'
import { Options } from './options'

const icons: Partial<Record<FieldType, LucideIcon>> = {
  text: Type,
  longtext: AlignLeft,
  int: Hash,
  float: Binary,
  money: Banknote,
  date: Calendar,
  time: CalendarClock,
  bool: SquareCheck,
  choice: CircleDot,
  choices: ListChecks,
  ref: Waypoints,
  phone: Phone,
  email: AtSign,
  url: Link2,
}

/** A field as a person describes it. What it holds is settled when it is made; all else may change later. */
export function FieldEditor({ kind, field, onClose }: { kind: Kind; field?: Field; onClose: () => void }) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const mine = !field || !!field.custom
  const [label, setLabel] = useState(field ? fieldLabel(kind.kind, field) : '')
  const [type, setType] = useState<FieldType>(field?.type ?? 'text')
  const [ref, setRef] = useState(field?.ref ?? '')
  const [options, setOptions] = useState<Option[]>(field?.options ?? [{ value: '', label: '' }])
  const [computed, setComputed] = useState(!!field?.formula)
  const [formula, setFormula] = useState(field?.formula ?? '')
  const [searched, setSearched] = useState(false)
  const [name, setName] = useState('')
  const [help, setHelp] = useState(field?.help ?? '')
  const [section, setSection] = useState(field?.section ?? '')
  const [need, setNeed] = useState(field?.wanted ? 'always' : field?.required_when ? 'when' : 'never')
  const [when, setWhen] = useState<Filter | null>(field?.required_when ?? null)
  const [preset, setPreset] = useState<unknown>(field?.default ?? null)
  const [pattern, setPattern] = useState(field?.pattern ?? '')
  const [patternHelp, setPatternHelp] = useState(field?.pattern_help ?? '')
  const chief = useQuery({
    queryKey: ['user', 'one', field?.reviewer],
    enabled: !!field?.reviewer,
    queryFn: ({ signal }) => get<Rec>(`/users/${field!.reviewer}`, signal),
  })
  const [picked, setPicked] = useState<Ref | null>()
  const reviewer = picked === undefined && field?.reviewer ? { id: field.reviewer, title: chief.data?.title ?? '' } : (picked ?? null)
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const area = useRef<HTMLTextAreaElement>(null)

  const chosen = type === 'choice' || type === 'choices'
  const canCompute = mine && computable.includes(type)
  const isComputed = canCompute && computed
  // The house writes it: nobody is asked for a value.
  const silent = isComputed || (!!field?.system && !field.formula)
  const fault = useFault(kind, field?.name, type, isComputed ? formula : '')
  // As the new field will be: the input of its default needs that.
  const as: Field = {
    name: field?.name ?? 'x_',
    type,
    lines: field?.lines,
    choices: field && !field.custom ? field.choices : options.filter((o) => o.value && !o.retired).map((o) => o.value),
    options: mine ? options : undefined,
  }
  const canDefault = !silent && !['ref', 'lines', 'category'].includes(type) && !(chosen && as.choices?.length === 0)
  const ready =
    label.trim() &&
    (type !== 'ref' || ref) &&
    (!chosen || !mine || options.some((o) => o.label)) &&
    !(isComputed && !formula.trim()) &&
    !(need === 'when' && !silent && !complete(when))

  const asked = (): Record<string, unknown> => ({
    label: label.trim(),
    help,
    section: section.trim(),
    ...(chosen && mine ? { options: options.filter((o) => o.label.trim()) } : {}),
    ...(canCompute ? { formula: isComputed ? formula : '' } : {}),
    ...(silent
      ? {}
      : {
          reviewer: reviewer?.id ?? '',
          required: need === 'always',
          required_when: (need === 'when' && complete(when)) || null,
          ...(canDefault ? { default: said(as, preset) } : {}),
        }),
    ...(textual(type) && !silent ? { pattern, pattern_help: patternHelp } : {}),
  })
  const save = async () => {
    setBusy(true)
    setError('')
    setWrong({})
    try {
      const all = asked()
      if (field) {
        const had: Record<string, unknown> = {
          label: fieldLabel(kind.kind, field),
          required: !!field.wanted,
          default: said(field, field.default),
        }
        const is = (n: string) => (n in had ? had[n] : field[n as keyof Field])
        const change = Object.fromEntries(Object.entries(all).filter(([n, v]) => !same(v, is(n))))
        if (Object.keys(change).length > 0) await editField(kind.kind, field.name, change)
        say(t('shape.field_saved', { title: label }))
      } else {
        const filled = Object.fromEntries(Object.entries(all).filter(([, v]) => !same(v, undefined) && v !== false))
        await post(`/kinds/${kind.kind}/fields`, {
          ...filled,
          type,
          ...(type === 'ref' ? { ref } : {}),
          ...(name ? { name } : {}),
          ...(searched && textual(type) ? { searched } : {}),
        })
        await reshaped()
        say(t('shape.field_made', { title: label }))
      }
      onClose()
    } catch (e) {
      setWrong(e instanceof Problem ? e.fields : {})
      setError(tell(e))
      setBusy(false)
    }
  }
  const fault_ = (n: string) => wrong[n] && words(wrong[n])
  const insert = (text: string) => {
    const at = area.current?.selectionStart ?? formula.length
    setFormula(formula.slice(0, at) + text + formula.slice(area.current?.selectionEnd ?? at))
    requestAnimationFrame(() => area.current?.setSelectionRange(at + text.length, at + text.length))
    area.current?.focus()
  }
  const known = [...new Set(kind.fields.map((f) => f.section).filter((s) => !!s))]

  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={field ? t('shape.field_edit', { title: fieldLabel(kind.kind, field) }) : t('shape.field_new')}
      note={kindLabel(kind)}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" busy={busy} disabled={!ready || !!fault} onClick={save}>
            {t(field ? 'act.save' : 'shape.field_add')}
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
        <Row label={t('shape.label')} required error={fault_('label')}>
          {(ids) => <input {...ids} className="control" maxLength={60} value={label} onChange={(e) => setLabel(e.target.value)} />}
        </Row>
        {!field && (
          <fieldset>
            <legend className="pb-1 text-xs text-muted">{t('shape.type')}</legend>
            <div className="grid grid-cols-4 gap-1 max-sm:grid-cols-2">
              {types.map((x) => {
                const Icon = icons[x] ?? Type
                return (
                  <label
                    key={x}
                    className={cx(
                      'flex h-8 cursor-pointer items-center gap-2 rounded-md border px-2 outline-offset-2 has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent max-md:h-11',
                      x === type ? 'border-accent bg-accent-tint text-accent' : 'border-line hover:bg-hover',
                    )}
                  >
                    <input
                      type="radio"
                      name="type"
                      className="sr-only"
                      checked={x === type}
                      onChange={() => {
                        setType(x)
                        setPreset(null)
                      }}
                    />
                    <Icon size={14} aria-hidden className="shrink-0" />
                    <span className="truncate">{t(`type.${x}`)}</span>
                  </label>
                )
              })}
            </div>
            <p className="pt-1 text-xs text-muted">{t(`type_note.${type}`)}</p>
            {wrong.type && <p className="text-xs text-bad">{words(wrong.type)}</p>}
          </fieldset>
        )}
        {type === 'ref' && !field && (
          <Row label={t('shape.ref')} required error={fault_('ref')}>
            {(ids) => (
              <Select {...ids} value={ref} onChange={(e) => setRef(e.target.value)}>
                <option value="">{t('mark.choose')}</option>
                {[...shapable(kinds), ...kinds.filter((k) => k.kind === 'user' || k.kind === 'department')].map((k) => (
                  <option key={k.kind} value={k.kind}>
                    {kindLabel(k)}
                  </option>
                ))}
              </Select>
            )}
          </Row>
        )}
        {chosen && mine && (
          <Part title={t('shape.options')} error={fault_('options')}>
            <Options value={options} onChange={setOptions} />
          </Part>
        )}
        {canCompute && (
          <Part title={t('shape.formula')}>
            {/* What is computed cannot be filled in by hand as well; records keep what they hold when a formula goes. */}
            <label className="flex min-h-7 items-center gap-2 max-md:min-h-11">
              <input type="checkbox" checked={computed} onChange={(e) => setComputed(e.target.checked)} />
              {t('shape.computed')}
            </label>
            {computed && (
              <>
                <textarea
                  ref={area}
                  rows={2}
                  aria-label={t('shape.formula')}
                  aria-invalid={fault || wrong.formula ? true : undefined}
                  spellCheck={false}
                  className="control mt-1 h-auto! w-full py-1.5 font-mono"
                  placeholder="amount * 0.06"
                  value={formula}
                  onChange={(e) => {
                    setFormula(e.target.value)
                    setWrong(({ formula: _, ...rest }) => rest)
                  }}
                />
                <p role="status" className={cx('text-xs', fault || wrong.formula ? 'text-bad' : 'text-muted')}>
                  {fault || wrong.formula ? words(fault || wrong.formula!) : t('shape.formula_note')}
                </p>
                <div role="group" aria-label={t('shape.insert')} className="mt-1 flex max-h-24 flex-wrap gap-1 overflow-auto">
                  {readable(kind)
                    .filter(
                      (f) => f.name !== field?.name && !['id', 'version', 'title', 'status', 'business_key', 'deleted_at'].includes(f.name),
                    )
                    .map((f) => (
                      <Chip key={f.name} title={f.name} onClick={() => insert(f.name)}>
                        {fieldLabel(kind.kind, f)}
                      </Chip>
                    ))}
                  {functions.map((f) => (
                    <Chip key={f} mono title={t(`function.${f}`)} onClick={() => insert(`${f}(`)}>
                      {f}()
                    </Chip>
                  ))}
                </div>
              </>
            )}
          </Part>
        )}
        <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
          <Row label={t('shape.help')} error={fault_('help')}>
            {(ids) => <input {...ids} className="control" value={help} onChange={(e) => setHelp(e.target.value)} />}
          </Row>
          <Row label={t('shape.section')} error={fault_('section')}>
            {(ids) => (
              <>
                <input
                  {...ids}
                  className="control"
                  list="sections"
                  placeholder={t('shape.section_hint')}
                  value={section}
                  onChange={(e) => setSection(e.target.value)}
                />
                <datalist id="sections">
                  {known.map((s) => (
                    <option key={s} value={s} />
                  ))}
                </datalist>
              </>
            )}
          </Row>
        </div>
        {!silent && !field?.required && (
          <Part title={t('shape.required')} error={fault_('required_when')}>
            <div role="radiogroup" aria-label={t('shape.required')} className="flex flex-wrap gap-4">
              {['never', 'always', 'when'].map((n) => (
                <label key={n} className="flex min-h-7 cursor-pointer items-center gap-2 max-md:min-h-11">
                  <input type="radio" name="need" checked={need === n} onChange={() => setNeed(n)} />
                  {t(`shape.required_${n}`)}
                </label>
              ))}
            </div>
            {need === 'when' && <FilterEditor kind={kind} value={when} onChange={setWhen} />}
          </Part>
        )}
        {canDefault && (
          <Row label={t('shape.default')} note={t('shape.default_note')} error={fault_('default')}>
            {(ids) => <Input kind={kind.kind} field={as} value={preset} onChange={setPreset} {...ids} />}
          </Row>
        )}
        {!silent && (
          <Row label={t('shape.reviewer')} note={t('shape.reviewer_note')} error={fault_('reviewer')}>
            {(ids) => <RefInput kind="user" value={reviewer} onChange={setPicked} {...ids} />}
          </Row>
        )}
        {textual(type) && !silent && (
          <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
            <Row label={t('shape.pattern')} note={t('shape.pattern_note')} error={fault_('pattern')}>
              {(ids) => (
                <input
                  {...ids}
                  className="control font-mono"
                  spellCheck={false}
                  value={pattern}
                  onChange={(e) => setPattern(e.target.value)}
                />
              )}
            </Row>
            <Row label={t('shape.pattern_help')} note={t('shape.pattern_help_note')}>
              {(ids) => <input {...ids} className="control" value={patternHelp} onChange={(e) => setPatternHelp(e.target.value)} />}
            </Row>
          </div>
        )}
        {!field && (
          <div className="grid grid-cols-2 items-start gap-3 max-sm:grid-cols-1">
            <Row label={t('shape.name')} note={t('shape.name_note')} error={fault_('name')}>
              {(ids) => (
                <input
                  {...ids}
                  className="control"
                  spellCheck={false}
                  value={name}
                  onChange={(e) => setName(e.target.value.toLowerCase().replace(/[^a-z0-9_]/g, ''))}
                />
              )}
            </Row>
            {textual(type) && (
              <label className="flex min-h-8 items-center gap-2 sm:mt-6 max-md:min-h-11">
                <input type="checkbox" checked={searched} onChange={(e) => setSearched(e.target.checked)} />
                {t('shape.searched')}
              </label>
            )}
          </div>
        )}
      </div>
    </Dialog>
  )
}

const said = (f: Field, v: unknown) => (same(v, undefined) ? null : toWrite(f, v))

function Part({ title, error, children }: { title: string; error?: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="pb-1 text-xs font-normal text-muted">{title}</h3>
      {children}
      {error && <p className="text-xs text-bad">{error}</p>}
    </section>
  )
}

function Chip({ title, mono, onClick, children }: { title?: string; mono?: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      title={title}
      onClick={onClick}
      className={cx('h-6 rounded-[4px] bg-tag px-1.5 text-xs hover:bg-picked max-md:h-11', mono && 'font-mono')}
    >
      {children}
    </button>
  )
}
