import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field, Kind, Rec, Ref } from '../client/types'
import { numeric } from '../field/cell'
import { CategorySelect, useDimension } from '../field/category'
import { Toggles } from '../field/input'
import { choiceLabel, fieldLabel, offered } from '../field/label'
import { RefInput } from '../field/ref'
import { cx } from '../ui/cx'
import { composing } from '../ui/key'
import { Select } from '../ui/select'
import type { Cells, Edit } from './cells'
import { next } from './range'

interface Box {
  top: number
  left: number
  width: number
  height: number
}

/**
 * Where a cell is typed into. It has the focus for as long as a cell is held, unseen until something is typed: an input method can begin a word in it,
 * which it could not in a cell.
 */
export function CellEditor({
  kind,
  columns,
  rows,
  cells,
  box,
  trap,
  count,
  onKeyDown,
}: {
  kind: Kind
  columns: Field[]
  rows: { at: (i: number) => Rec | undefined }
  cells: Cells
  box: Box
  trap: RefObject<HTMLTextAreaElement | null>
  count: number
  /** What a key does while nothing is being written. */
  onKeyDown: (e: React.KeyboardEvent) => void
}) {
  const { t } = useTranslation()
  const { edit, spot } = cells
  const field = columns[spot?.col ?? -1]
  const record = rows.at(spot?.row ?? -1)
  const open = !!edit
  // What stops being written gives the focus back, or the next key would go nowhere.
  useEffect(() => {
    if (!edit?.own) trap.current?.focus({ preventScroll: true })
  }, [edit?.own, spot?.row, spot?.col])
  useEffect(() => {
    const el = trap.current
    if (open && el && !edit.own) el.setSelectionRange(el.value.length, el.value.length)
  }, [open])
  if (!spot || !field) return null
  const name = t('cell.at', { column: fieldLabel(kind.kind, field), row: spot.row + 1 })

  const done = async (e: Edit, value?: { value: unknown }, to?: 'down' | 'right' | 'left') => {
    if (!(await cells.commit(e, value))) return
    if (to === 'down') cells.hold({ row: spot.row + 1, col: spot.col })
    const beside = to === 'right' || to === 'left' ? next(spot, to === 'left', count, columns.length) : undefined
    if (beside) cells.hold(beside)
  }
  const keys = (e: React.KeyboardEvent, value?: () => { value: unknown }) => {
    if (!edit || composing(e)) return
    const to = e.key === 'Enter' && !e.altKey && !e.shiftKey ? 'down' : e.key === 'Tab' ? (e.shiftKey ? 'left' : 'right') : undefined
    if (e.key === 'Escape') {
      e.preventDefault()
      cells.setEdit(null)
    } else if (to) {
      e.preventDefault()
      void done(edit, value?.(), to)
    } else if (e.key === 'Enter' && e.altKey && !value) {
      e.preventDefault()
      cells.setEdit({ ...edit, text: `${edit.text}\n` })
    }
    e.stopPropagation()
  }
  const tallText = field.type === 'longtext'
  return (
    <div
      className="absolute z-20"
      style={{ top: box.top, left: box.left, width: box.width, height: box.height, pointerEvents: open ? undefined : 'none' }}
    >
      <textarea
        ref={trap}
        aria-label={name}
        aria-invalid={!!edit?.wrong}
        aria-describedby={edit?.wrong ? 'cell-wrong' : undefined}
        tabIndex={-1}
        rows={1}
        readOnly={edit?.own || !cells.may(field)}
        value={edit && !edit.own ? edit.text : ''}
        onCompositionStart={() => !edit && cells.begin(spot, '')}
        onChange={(e) => {
          const text = e.target.value
          if (edit) cells.setEdit({ ...edit, text, wrong: undefined })
          else if (text !== '') cells.begin(spot, text)
        }}
        onKeyDown={(e) => (edit && !edit.own ? keys(e) : onKeyDown(e))}
        onBlur={() => edit && !edit.own && !edit.wrong && void done(edit)}
        // A single line stands in the middle of its cell.
        style={{
          paddingTop: Math.max(2, (box.height - 20) / 2),
          height: open && tallText ? Math.max(96, box.height) : box.height,
          minWidth: open && tallText ? 280 : undefined,
        }}
        className={cx(
          'absolute inset-x-0 top-0 w-full resize-none overflow-hidden whitespace-pre bg-panel px-2 leading-5 outline-2 -outline-offset-2 outline-accent focus-visible:outline-2 focus-visible:-outline-offset-2',
          open && !edit.own ? 'shadow-lift' : 'opacity-0',
          open && edit.wrong && 'outline-bad focus-visible:outline-bad',
          numeric(field) && 'figures text-right',
          open && tallText && 'whitespace-pre-wrap overflow-auto',
        )}
      />
      {edit?.own && record && (
        <Own
          kind={kind}
          field={field}
          record={record}
          edit={edit}
          label={name}
          onDone={done}
          onKeys={keys}
          onCancel={() => cells.setEdit(null)}
        />
      )}
      {edit?.wrong && (
        <p
          id="cell-wrong"
          role="alert"
          className="popup absolute left-0 top-full mt-1 w-max max-w-72 rounded-md border-bad px-2 py-1 text-xs text-bad"
        >
          {edit.wrong}
        </p>
      )}
    </div>
  )
}

/** The input of a field whose values are chosen and not typed. */
function Own({
  kind,
  field,
  record,
  edit,
  label,
  onDone,
  onKeys,
  onCancel,
}: {
  kind: Kind
  field: Field
  record: Rec
  edit: Edit
  label: string
  onDone: (e: Edit, value?: { value: unknown }, to?: 'down') => void
  onKeys: (e: React.KeyboardEvent, value?: () => { value: unknown }) => void
  onCancel: () => void
}) {
  const { t } = useTranslation()
  const [value, setValue] = useState<unknown>(record[field.name])
  const dimension = useDimension(kind.kind, field.name)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const first = box.current?.querySelector<HTMLElement>('select,input,button')
    first?.focus({ preventScroll: true })
    if (first instanceof HTMLInputElement) first.select()
    // The choices open with the cell where the browser lets them.
    try {
      if (first instanceof HTMLSelectElement) first.showPicker()
    } catch {}
  }, [])
  const cats = [value].flat() as (Ref | null | undefined)[]
  let input: React.ReactNode
  if (field.type === 'ref')
    input = (
      <RefInput
        kind={field.ref ?? ''}
        label={label}
        value={(value as Ref | null) ?? null}
        onChange={(v) => (v ? onDone(edit, { value: v }) : setValue(null))}
      />
    )
  else if (field.type === 'choices')
    input = (
      <div className="popup w-72 p-2">
        <Toggles kind={kind.kind} field={field} label={label} value={(value as string[] | null) ?? []} onChange={setValue} />
      </div>
    )
  else if (field.type === 'category' && field.multi)
    input = (
      <ul className="popup max-h-64 w-64 overflow-auto p-1">
        {(dimension?.categories ?? [])
          .filter((c) => !c.retired)
          .map((c) => {
            const on = cats.some((x) => x?.id === c.id)
            return (
              <li key={c.id}>
                <label className="flex h-8 cursor-pointer items-center gap-2 rounded-md px-2 hover:bg-hover">
                  <input
                    type="checkbox"
                    checked={on}
                    onChange={() =>
                      setValue(on ? cats.filter((x) => x?.id !== c.id) : [...cats.filter(Boolean), { id: c.id, title: c.title }])
                    }
                  />
                  <span className="truncate">{c.title}</span>
                </label>
              </li>
            )
          })}
      </ul>
    )
  else if (field.type === 'category')
    input = (
      <CategorySelect
        categories={dimension?.categories ?? []}
        label={label}
        empty={t('facet.none')}
        value={cats[0]?.id ?? ''}
        onChange={(id) => {
          const c = dimension?.categories.find((x) => x.id === id)
          setValue(c ? { id: c.id, title: c.title } : null)
        }}
      />
    )
  else
    input = (
      <Select
        aria-label={label}
        value={field.type === 'bool' ? String(value === true) : String(value ?? '')}
        onChange={(e) => setValue(field.type === 'bool' ? e.target.value === 'true' : e.target.value)}
      >
        {field.type === 'bool' ? (
          <>
            <option value="true">{t('mark.yes')}</option>
            <option value="false">{t('mark.no')}</option>
          </>
        ) : (
          <>
            <option value="">{t('mark.choose')}</option>
            {offered(field, [String(value ?? '')]).map((c) => (
              <option key={c} value={c}>
                {choiceLabel(kind.kind, field, c, record)}
              </option>
            ))}
          </>
        )}
      </Select>
    )
  return (
    <div
      ref={box}
      className="absolute left-0 top-0 h-full min-w-full [&>span]:h-full [&_.control]:h-full! [&_.control]:rounded-none [&_select]:w-full"
      onKeyDownCapture={(e) => {
        // Escape gives up: it must not reach an input that would take it for "clear".
        if (e.key !== 'Escape' || composing(e)) return
        e.preventDefault()
        e.stopPropagation()
        onCancel()
      }}
      onKeyDown={(e) => {
        // A list that is open takes Enter and Escape for itself.
        if ((e.target as HTMLElement).getAttribute('aria-expanded') === 'true') return e.stopPropagation()
        onKeys(e, () => ({ value }))
      }}
      onBlur={(e) => {
        const to = e.relatedTarget as HTMLElement | null
        if (box.current?.contains(to) || to?.closest('[role=listbox],[role=dialog],[role=presentation]')) return
        if (field.type === 'ref') onDone(edit, { value: record[field.name] })
        else onDone(edit, { value })
      }}
    >
      {input}
    </div>
  )
}
