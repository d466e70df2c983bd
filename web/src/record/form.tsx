import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, Problem, tell, words } from '../client/call'
import type { Kind, Rec } from '../client/types'
import { numeric } from '../field/cell'
import { Input } from '../field/input'
import { fieldLabel } from '../field/label'
import { Button } from '../ui/button'
import { composing } from '../ui/key'
import { Row } from '../ui/row'
import { warn } from '../ui/toast'
import { Conflict } from './conflict'
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
  const [from] = useState(record)
  const [draft, setDraft] = useState<Record<string, unknown>>(() => ({ ...(record ?? preset ?? {}) }))
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const [conflict, setConflict] = useState<{ theirs: Rec; fields: string[] }>()
  const once = useRef(crypto.randomUUID())
  const fields = formFields(kind)

  const changed = () => Object.fromEntries(fields.filter((f) => !same(draft[f.name], from?.[f.name])).map((f) => [f.name, draft[f.name]]))

  const save = async (change = changed(), version = from?.version) => {
    const missing = Object.fromEntries(fields.filter((f) => f.required && same(draft[f.name], undefined)).map((f) => [f.name, 'required']))
    setWrong(missing)
    if (Object.keys(missing).length > 0 && from?.status !== 'draft') return
    setBusy(true)
    try {
      if (!from) onDone(await create(kind, draft, once.current))
      else if (Object.keys(change).length === 0) onCancel()
      else onDone(await update(kind, from, change, version))
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
        <div className="grid grid-cols-2 gap-x-3 gap-y-3">
          {fields.map((f, i) => {
            const error = wrong[f.name] ?? Object.entries(wrong).find(([n]) => n.startsWith(`${f.name}.`))?.[1]
            const half =
              numeric(f) ||
              ['date', 'time', 'choice', 'bool', 'phone'].includes(f.type) ||
              /(_no|_id|account|bank|code|serial|unit)$/.test(f.name)
            return (
              <Row
                key={f.name}
                label={fieldLabel(kind.kind, f)}
                required={f.required}
                error={error && words(error)}
                className={half ? 'max-sm:col-span-2' : 'col-span-2'}
              >
                {(ids) => (
                  <span className="contents" ref={i === 0 ? focusFirst : undefined}>
                    <Input
                      kind={kind.kind}
                      field={f}
                      value={draft[f.name]}
                      onChange={(v) => setDraft((d) => ({ ...d, [f.name]: v }))}
                      {...ids}
                    />
                  </span>
                )}
              </Row>
            )
          })}
        </div>
      </div>
      <footer className="flex h-12 shrink-0 items-center justify-end gap-2 border-t border-line px-4 max-md:h-16">
        <Button form onClick={onCancel}>
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
            if (Object.keys(all).length === 0) onDone(theirs)
            else save(all, theirs.version)
          }}
        />
      )}
    </form>
  )
}

function focusFirst(el: HTMLElement | null) {
  el?.querySelector<HTMLElement>('input,select,textarea')?.focus({ preventScroll: true })
}
