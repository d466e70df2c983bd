import type { Field } from '../client/types'

/** Between two fields there is room to put others without numbering all anew. */
export const gap = 100

/** Where a field stands: as the workspace says, else as the kind lists it. */
export function placeOf(fields: Field[], f: Field): number {
  return f.position || (fields.indexOf(f) + 1) * gap
}

export function arranged(fields: Field[]): Field[] {
  return [...fields].sort((a, b) => placeOf(fields, a) - placeOf(fields, b))
}

/** Fields by the section of the form that they stand in: those without one first, then in the order in which sections are met. */
export function sections(fields: Field[]): { title: string; fields: Field[] }[] {
  const titles = [...new Set(fields.map((f) => f.section ?? ''))].sort((a, b) => Number(a !== '') - Number(b !== ''))
  return titles.map((title) => ({ title, fields: fields.filter((f) => (f.section ?? '') === title) }))
}
