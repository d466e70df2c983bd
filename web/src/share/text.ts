import i18next from 'i18next'
import type { Field, Kind, Rec } from '../client/types'
import { titleOf } from '../field/format'
import { fieldLabel, kindLabel, told } from '../field/label'
import { arranged } from '../record/arrange'
import { same } from '../record/write'

/** The chosen facts of a record in words, a line each: for a mail or a chat. */
export function factsOf(kind: Kind, record: Rec, chosen: Set<string>): string[] {
  const name = (f: Field, v: unknown) =>
    f.type === 'choice' ? told(kind.kind, f, v) : f.type === 'lines' ? linesOf(f, v as Record<string, unknown>[]) : told(kind.kind, f, v)
  return arranged(kind.fields)
    .filter((f) => chosen.has(f.name) && !same(record[f.name], undefined))
    .map((f) => i18next.t('share.fact', { label: fieldLabel(kind.kind, f), value: name(f, record[f.name]) }))
}

function linesOf(field: Field, rows: Record<string, unknown>[]): string {
  return rows
    .map((row) =>
      (field.lines ?? [])
        .filter((f) => f.type !== 'ref' && !same(row[f.name], undefined))
        .map((f) => told('', f, row[f.name]))
        .join(' '),
    )
    .map((line) => `\n  ${line}`)
    .join('')
}

export const subjectOf = (kind: Kind, record: Rec, workspace: string) =>
  i18next.t('share.subject', { workspace, kind: kindLabel(kind), title: titleOf(record) })

export interface Given {
  link: string
  password: string
  until: string
}

/** What is written to the receiver: facts, and the link where one was made. A password goes by another way. */
export function bodyOf(kind: Kind, record: Rec, chosen: Set<string>, receiver: string, workspace: string, given?: Given): string {
  const t = i18next.t
  return [
    receiver ? t('share.dear', { name: receiver }) : t('share.dear_all'),
    '',
    ...factsOf(kind, record, chosen),
    ...(given ? ['', t('share.see', { link: given.link }), t('share.until', { at: given.until })] : []),
    ...(given?.password ? [t('share.password_apart')] : []),
    '',
    workspace,
  ].join('\n')
}

/** Mail programs take addresses up to about 2,000 characters; what is longer goes as a file. */
export const mailable = 1900

export function mailto(to: string, subject: string, body: string): string {
  return `mailto:${encodeURIComponent(to).replaceAll('%40', '@')}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body.replaceAll('\n', '\r\n'))}`
}
