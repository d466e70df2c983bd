import i18next from 'i18next'
import type { Field, Kind } from '../client/types'
import { plain } from './format'

/** Names hold nothing to be filled in, and a list asks for thousands: they are taken as they stand. */
function first(keys: string[], otherwise: string): string {
  for (const key of keys) {
    const word: unknown = i18next.getResource(i18next.language, 'translation', key)
    if (typeof word === 'string') return word
  }
  return otherwise
}

/** A field's name for people: the one the workspace gave it, else ours by kind, ours for every kind. */
export function fieldLabel(kind: string, field: Pick<Field, 'name' | 'label'>): string {
  return field.label || first([`field.${kind}.${field.name}`, `field.any.${field.name}`], field.name)
}

type Choice = Pick<Field, 'name' | 'options' | 'kinds'>

/** A choice's word: the workspace's own, else ours. */
export function choiceLabel(kind: string, field: string | Choice, value: string, record?: Record<string, unknown>): string {
  const f = typeof field === 'string' ? { name: field } : field
  const own = (f as Choice).options?.find((o) => o.value === value)?.label
  if ((f as Choice).kinds) return kindLabel({ kind: value, label: own })
  const said = spoken(kind, f.name, value, record)
  return own ?? first([`choice.${kind}.${f.name}.${said}`, `choice.any.${f.name}.${said}`], value)
}

/** An invoice is issued or received; the same word of a slip means paid. */
export function spoken(kind: string, field: string, value: string, record?: Record<string, unknown>): string {
  return kind === 'receipt' && field === 'direction' && record?.type === 'invoice' ? `billed_${value}` : value
}

/** A choice's word where many records are spoken of: of invoices alone, of none, or of both sorts, which say it differently. */
export function choiceAmong(kind: string, field: Choice, value: string, types: string[] = []): string {
  if (kind !== 'receipt' || field.name !== 'direction') return choiceLabel(kind, field, value)
  if (types.length > 0 && types.every((x) => x === 'invoice')) return choiceLabel(kind, field, value, { type: 'invoice' })
  if (types.length > 0 && !types.includes('invoice')) return choiceLabel(kind, field, value)
  return first([`choice.receipt.direction.both_${value}`], value)
}

/** What a choice offers: all but what was retired, and what is chosen already. */
export function offered(field: Pick<Field, 'choices' | 'options'>, chosen: string[] = []): string[] {
  const retired = new Set(field.options?.filter((o) => o.retired).map((o) => o.value))
  return (field.choices ?? []).filter((c) => !retired.has(c) || chosen.includes(c))
}

/** Any value of a field in one line of plain text: choices by their words. */
export function told(kind: string, field: Field, value: unknown): string {
  if (field.type === 'choice' && typeof value === 'string' && value) return choiceLabel(kind, field, value)
  if (field.type === 'choices' && Array.isArray(value) && value.length > 0)
    return value.map((v) => choiceLabel(kind, field, String(v))).join(i18next.t('mark.comma'))
  return plain(value)
}

export function kindLabel(kind: Pick<Kind, 'kind' | 'label'>): string {
  return kind.label || first([`kind.${kind.kind}`], kind.kind)
}
