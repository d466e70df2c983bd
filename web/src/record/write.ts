import i18next from 'i18next'
import { call, post, tell } from '../client/call'
import { keep, stale } from '../client/data'
import type { Field, Kind, Rec } from '../client/types'
import { isRef, titleOf } from '../field/format'
import { say, warn } from '../ui/toast'

/** References are answered with their title but written as an id. */
export function toWrite(field: Field, value: unknown): unknown {
  if (value === undefined || value === '')
    return field.type === 'text' ||
      field.type === 'longtext' ||
      field.type === 'choice' ||
      field.type === 'choices' ||
      field.type === 'phone' ||
      field.type === 'email' ||
      field.type === 'url'
      ? ''
      : null
  if (isRef(value)) return value.id
  if (field.type === 'lines' && Array.isArray(value))
    return value.map((row: Record<string, unknown>) =>
      Object.fromEntries(
        (field.lines ?? []).filter((f) => !f.system && row[f.name] !== undefined).map((f) => [f.name, toWrite(f, row[f.name])]),
      ),
    )
  return value
}

export function same(a: unknown, b: unknown): boolean {
  const empty = (v: unknown) => v === undefined || v === null || v === '' || (Array.isArray(v) && v.length === 0)
  if (empty(a) && empty(b)) return true
  if (isRef(a) && isRef(b)) return a.id === b.id
  return JSON.stringify(a) === JSON.stringify(b)
}

const machinery = ['status', 'owner', 'department']

/** Fields a person fills in a form. Categories are set where their reason stands, not here. */
export function formFields(kind: Kind): Field[] {
  const skip = kind.kind === 'receipt' ? [...machinery, 'document', 'page', 'paper'] : machinery
  return kind.fields.filter((f) => !skip.includes(f.name) && !f.system && f.type !== 'category' && f.type !== 'json')
}

export async function create(kind: Kind, draft: Record<string, unknown>, once: string): Promise<Rec> {
  const body: Record<string, unknown> = {}
  for (const f of formFields(kind)) if (!same(draft[f.name], undefined)) body[f.name] = toWrite(f, draft[f.name])
  const made = await post<Rec>(`/${kind.plural}`, body, { once })
  stale(kind.kind)
  return made
}

export async function update(kind: Kind, from: Rec, changed: Record<string, unknown>, version = from.version): Promise<Rec> {
  const next = await patch(kind, from, changed, version)
  keep(kind.kind, next)
  stale(kind.kind)
  return next
}

/** Writes some fields and answers the record; what is shown elsewhere stays for the caller to renew. */
export async function patch(kind: Kind, from: Rec, changed: Record<string, unknown>, version = from.version): Promise<Rec> {
  const body: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(changed)) {
    const f = kind.fields.find((x) => x.name === name)
    body[name] = f ? toWrite(f, value) : value
  }
  const { proposed, ...next } = await call<Rec & { proposed?: string[] }>('PATCH', `/${kind.plural}/${from.id}`, body, { version })
  // Fields that somebody reviews stay as they are until he agrees.
  if (proposed) {
    say(i18next.t('proposal.sent'))
    stale('proposal')
  }
  return next as Rec
}

/** Moves to the trash and offers ten seconds to think again, instead of asking first. */
export async function trash(kind: Kind, record: Rec): Promise<boolean> {
  try {
    await call('DELETE', `/${kind.plural}/${record.id}`)
  } catch (e) {
    warn(tell(e))
    return false
  }
  stale(kind.kind)
  say(i18next.t('done.trashed', { title: titleOf(record) }), { title: i18next.t('act.undo'), run: () => restore(kind, record) })
  return true
}

export async function restore(kind: Kind, record: Rec): Promise<void> {
  try {
    await post(`/${kind.plural}/${record.id}/restore`)
    say(i18next.t('done.restored', { title: titleOf(record) }))
  } catch (e) {
    warn(tell(e))
  }
  stale(kind.kind)
}
