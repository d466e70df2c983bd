import i18next from 'i18next'
import type { Field, Kind } from '../client/types'

function first(keys: string[], otherwise: string): string {
  for (const key of keys) if (i18next.exists(key)) return i18next.t(key)
  return otherwise
}

/** A field's name for people: ours by kind, ours for every kind, else the one the workspace gave it. */
export function fieldLabel(kind: string, field: Pick<Field, 'name' | 'label'>): string {
  return first([`field.${kind}.${field.name}`, `field.any.${field.name}`], field.label || field.name)
}

export function choiceLabel(kind: string, field: string, value: string): string {
  return first([`choice.${kind}.${field}.${value}`, `choice.any.${field}.${value}`], value)
}

export function kindLabel(kind: Pick<Kind, 'kind' | 'label'>): string {
  return first([`kind.${kind.kind}`], kind.label || kind.kind)
}
