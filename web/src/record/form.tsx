import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, Problem, tell, words } from '../client/call'
import type { Kind, Rec } from '../client/types'
import { numeric, Value } from '../field/cell'
import { Input } from '../field/input'
import { fieldLabel } from '../field/label'
import { Fx } from '../field/fx'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { keepDraft, keptDraft } from '../ui/draft'
import { composing } from '../ui/key'
import { Row } from '../ui/row'
import { warn } from '../ui/toast'
import { arranged, sections } from './arrange'
import { Conflict } from './conflict'
import { fits, wanted } from './holds'
import { create, formFields, same, update } from './write'

/** The form of any kind, for a new record or an old one: made from the kind's list of fields. */
export function Form({
  kind,
  record,
  preset,
  onDone,
  onCancel,
}: {
  kind: Kind
  record?: Rec
  preset?: Record<string, unknown>
  onDone: (r: Rec) => void
  onCancel: () => void
}) {
  const { t } = useTranslation()
  // The record as it was when editing began: what is sent is the difference from it.
  const key = `${kind.kind}.${record?.id ?? `new.${JSON.stringify(preset ?? {})}`}`
  const fresh = () => ({ ...(record ?? { ...defaults(kind), ...preset }) }) as Record<string, unknown>
  const [kept, setKept] = useState(() => keptDraft<{ from?: Rec; draft: Record<string, unknown> }>(key))
  const [from, setFrom] = useState(kept ? kept.from : record)
  const [draft, setDraft] = useState<Record<string, unknown>>(() => (kept ? { ...fresh(), ...kept.draft } : fresh()))
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const [conflict, setConflict] = useState<{ theirs: Rec; fields: string[] }>()
  const once = useRef(crypto.randomUUID())
  const fields = formFields(kind)
  const shown = arranged(kind.fields).filter((f) => fields.includes(f) || f.formula)

  const changed = () => Object.fromEntries(fields.filter((f) => !same(draft[f.name], from?.[f.name])).map((f) => [f.name, draft[f.name]]))

  const touched = useRef(false)
  useEffect(() => {
    if (touched.current) keepDraft(key, Object.keys(changed()).length > 0 ? { from, draft } : undefined)
  }, [draft])
  const leave = (end: () => void) => {
    touched.current = false
    keepDraft(key, undefined)
    end()
  }
  const discard = () => {
    keepDraft(key, undefined)
    touched.current = false
    setKept(undefined)
    setFrom(record)
    setDraft(fresh())
    setWrong({})
  }

  const save = async (change = changed(), version = from?.version) => {
    const faults: Record<string, string> = {}
    for (const f of fields) {
      if (from?.status !== 'draft' && wanted(f, draft) && same(draft[f.name], undefined)) faults[f.name] = 'required'
      // What stands there from before the pattern may stay.
      else if (f.name in change && !fits(f, draft[f.name])) faults[f.name] = f.pattern_help || 'pattern'
    }
    setWrong(faults)
    if (Object.keys(faults).length > 0) return
    setBusy(true)
    try {
      if (!from) {
        const made = await create(kind, draft, once.current)
        leave(() => onDone(made))
      } else if (Object.keys(change).length === 0) leave(onCancel)
      else {
        const now = await update(kind, from, change, version)
        leave(() => onDone(now))
      }
    } catch (e) {
      if (e instanceof Problem && e.status === 412 && from) {
        const theirs = await get<Rec>(`/${kind.plural}/${from.id}`)
        const named = Object.keys(e.fields).filter((n) => n in change)
        setConflict({ theirs, fields: named.length > 0 ? named : Object.keys(change) })
      } else if (e instanceof Problem && Object.keys(e.fields).length > 0) {
        setWrong(e.fields)
        if (!Object.keys(e.fields).some((n) => fields.some((f) => f.name === n.split('.')[0]))) warn(tell(e))
        once.current = crypto.randomUUID()
      } else warn(tell(e))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form
      noValidate
      className="flex min-h-0 flex-1 flex-col"
      onSubmit={(e) => {
        e.preventDefault()
        save()
      }}
      onKeyDown={(e) => {
        if (e.key === 'Enter' && composing(e)) e.preventDefault()
        if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) save()
        if (e.key === 'Escape' && !composing(e) && !e.defaultPrevented) {
          e.stopPropagation()
          onCancel()
        }
      }}
    >
      <div className="min-h-0 flex-1 overflow-auto p-4 text-base">
        {kept && (
          <p role="status" className="mb-3 flex items-center gap-2 rounded-md bg-accent-tint px-3 py-1.5 text-sm">
            <span className="flex-1">{t('record.draft_back')}</span>
            <button type="button" onClick={discard} className="text-accent hover:underline">
              {t('record.draft_drop')}
            </button>
          </p>
        )}
        {sections(shown).map((part) => (
          <section key={part.title} aria-label={part.title || undefined} className="pb-3">
            {part.title && <h3 className="mb-2 border-b border-line pb-1 pt-2 text-sm font-medium">{part.title}</h3>}
            <div className="grid grid-cols-2 gap-x-3 gap-y-3">
              {part.fields.map((f) => {
                const error = wrong[f.name] ?? Object.entries(wrong).find(([n]) => n.startsWith(`${f.name}.`))?.[1]
                const half =
                  numeric(f) ||
                  ['date', 'time', 'choice', 'bool', 'phone'].includes(f.type) ||
                  /(_no|_id|account|bank|code|serial|unit)$/.test(f.name)
                const className = half ? 'max-sm:col-span-2' : 'col-span-2'
                if (f.formula)
                  return (
                    <Computed key={f.name} className={className} label={fieldLabel(kind.kind, f)} formula={f.formula} help={f.help}>
                      <Value kind={kind.kind} field={f} value={draft[f.name]} />
                    </Computed>
                  )
                return (
                  <Row
                    key={f.name}
                    label={fieldLabel(kind.kind, f)}
                    required={wanted(f, draft)}
                    error={error && words(error)}
                    note={f.help}
                    className={className}
                  >
                    {(ids) => (
                      <span className="contents" ref={f === shown[0] ? focusFirst : undefined}>
                        <Input
                          kind={kind.kind}
                          field={f}
                          record={draft}
                          value={draft[f.name]}
                          onChange={(v) => {
                            touched.current = true
                            setDraft((d) => ({ ...d, [f.name]: v }))
                          }}
                          {...ids}
                        />
                      </span>
                    )}
                  </Row>
                )
              })}
            </div>
          </section>
        ))}
      </div>
      <footer className="flex h-12 shrink-0 items-center justify-end gap-2 border-t border-line px-4 max-md:h-16">
        <Button form onClick={() => leave(onCancel)}>
          {t('act.cancel')}
        </Button>
        <Button form tone="primary" type="submit" busy={busy} keys="Ctrl Enter">
          {t(from ? 'act.save' : 'act.create')}
        </Button>
      </footer>
      {conflict && from && (
        <Conflict
          kind={kind}
          mine={draft}
          theirs={conflict.theirs}
          fields={conflict.fields}
          onClose={() => setConflict(undefined)}
          onSave={(kept) => {
            const all = changed()
            for (const name of conflict.fields) if (!kept.includes(name)) delete all[name]
            const theirs = conflict.theirs
            setConflict(undefined)
            if (Object.keys(all).length === 0) leave(() => onDone(theirs))
            else save(all, theirs.version)
          }}
        />
      )}
    </form>
  )
}

/** A field that is computed from others: shown where it stands, and how it comes about. */
function Computed({
  label,
  formula,
  help,
  className,
  children,
}: {
  label: string
  formula: string
  help?: string
  className: string
  children: ReactNode
}) {
  const { t } = useTranslation()
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <span className="flex items-center gap-1.5 text-xs text-muted">
        {label}
        <Fx formula={formula} />
      </span>
      <output aria-label={label} className="flex min-h-8 items-center rounded-md border border-dashed border-line bg-ground px-2">
        {children}
      </output>
      <p className="text-xs text-muted">{help || t('form.computed')}</p>
    </div>
  )
}

/** What a new record holds to begin with. A reference's title is not known here: the server fills that in by itself. */
function defaults(kind: Kind): Record<string, unknown> {
  return Object.fromEntries(formFields(kind).flatMap((f) => (f.default === undefined || f.type === 'ref' ? [] : [[f.name, f.default]])))
}

function focusFirst(el: HTMLElement | null) {
  el?.querySelector<HTMLElement>('input,select,textarea')?.focus({ preventScroll: true })
}
