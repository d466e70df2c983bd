import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useKinds, useMayRule } from '../client/data'
import { choiceLabel, kindLabel } from '../field/label'
import { Select } from '../ui/select'
import { Tag } from '../ui/tag'
import type { Column, Mapping, Proposal, Target } from './types'

export interface ColumnsProps {
  proposal: Proposal
  mapping: Mapping
  onChange: (m: Mapping) => void
}

/** The file's columns, what stands in them, and where each goes. */
export function Columns({ proposal, mapping, onChange }: ColumnsProps) {
  const { t, i18n } = useTranslation()
  const mayAdd = useMayRule()
  const label = (x: Target) => x.label[i18n.language] ?? x.label.en ?? x.field
  const by = (field: string) => proposal.targets.find((x) => x.field === field.replace(/\.id$/, ''))
  const set = (at: number, change: Partial<Column>) =>
    onChange({ ...mapping, columns: mapping.columns.map((c, i) => (i === at ? { ...c, why: 'person', ...change } : c)) })
  const used = new Set([...mapping.columns, ...(mapping.constants ?? [])].map((c) => c.field))
  // An amount's sign or column says its direction.
  if ([...used].some((f) => f === 'amount' || f.startsWith('amount.'))) used.add('direction')
  const keys = proposal.targets.filter((x) => x.key && (used.has(x.field) || used.has(`${x.field}.first`)))
  const kinds = useKinds()
  const like = kinds.find((k) => k.kind === mapping.like)
  const wanted = proposal.targets.filter((x) => x.required && ![...used].some((f) => f === x.field || f.startsWith(`${x.field}.`)))
  return (
    <>
      <section className="grid grid-cols-4 gap-4 max-lg:grid-cols-2 max-md:grid-cols-1">
        <div className="flex flex-col gap-1">
          <span aria-hidden className="text-sm text-muted">
            {t('import.key')}
          </span>
          <Select
            aria-label={t('import.key')}
            value={mapping.key}
            onChange={(e) =>
              onChange({
                ...mapping,
                key: e.target.value,
                mode: e.target.value === '' ? 'create' : mapping.key === '' ? 'upsert' : mapping.mode,
              })
            }
          >
            <option value="">{t('import.no_key')}</option>
            {keys.map((x) => (
              <option key={x.field} value={x.field}>
                {label(x)}
              </option>
            ))}
            {mapping.key !== '' && !keys.some((x) => x.field === mapping.key) && (
              <option value={mapping.key}>{t('import.key_derived')}</option>
            )}
            {mapping.columns
              .filter((c) => c.field === '+field')
              .map((c) => (
                <option key={c.name} value={c.name}>
                  {c.name}
                </option>
              ))}
          </Select>
        </div>
        <div className="flex flex-col gap-1">
          <span aria-hidden className="text-sm text-muted">
            {t('import.mode')}
          </span>
          <Select
            aria-label={t('import.mode')}
            value={mapping.mode}
            disabled={mapping.key === ''}
            onChange={(e) => onChange({ ...mapping, mode: e.target.value as Mapping['mode'] })}
          >
            {(['upsert', 'create', 'update'] as const).map((m) => (
              <option key={m} value={m}>
                {t(`import.mode_${m}`)}
              </option>
            ))}
          </Select>
        </div>
        <div className="flex flex-col gap-1">
          <span aria-hidden className="text-sm text-muted">
            {t('import.twice')}
          </span>
          <Select
            aria-label={t('import.twice')}
            value={mapping.twice}
            disabled={mapping.key === ''}
            onChange={(e) => onChange({ ...mapping, twice: e.target.value as Mapping['twice'] })}
          >
            {(['skip', 'update', 'reject'] as const).map((m) => (
              <option key={m} value={m}>
                {t(`import.twice_${m}`)}
              </option>
            ))}
          </Select>
        </div>
        <div className="flex flex-col gap-1">
          <span aria-hidden className="text-sm text-muted">
            {t('import.profile')}
          </span>
          <input
            className="control"
            aria-label={t('import.profile')}
            placeholder={t('import.profile_hint')}
            value={mapping.profile}
            onChange={(e) => onChange({ ...mapping, profile: e.target.value })}
          />
        </div>
      </section>
      {wanted.length > 0 && (
        <p className="rounded-md bg-warn-tint px-3 py-2 text-warn">
          {t('import.wanted', { fields: wanted.map(label).join(t('mark.comma')) })}{' '}
          {like && (
            <Link to="/imports" search={{ start: like.kind } as never} className="text-accent underline">
              {t('import.like', { kind: kindLabel(like) })}
            </Link>
          )}
        </p>
      )}
      <div className="overflow-x-auto rounded-lg border border-line">
        <table className="w-full border-collapse text-left">
          <caption className="sr-only">{t('import.columns')}</caption>
          <thead>
            <tr className="border-b border-line text-xs text-muted">
              <th scope="col" className="px-3 py-2 font-normal">
                {t('import.column')}
              </th>
              <th scope="col" className="px-3 py-2 font-normal">
                {t('import.samples')}
              </th>
              <th scope="col" className="min-w-52 px-3 py-2 font-normal">
                {t('import.goes')}
              </th>
              <th scope="col" className="min-w-44 px-3 py-2 font-normal">
                {t('import.otherwise')}
              </th>
            </tr>
          </thead>
          <tbody>
            {mapping.columns.map((c, i) => {
              const target = by(c.field)
              return (
                <tr key={`${i} ${c.name}`} className="border-b border-line align-top last:border-0">
                  <th scope="row" className="max-w-56 break-words px-3 py-2 font-medium">
                    {c.name}
                  </th>
                  <td className="max-w-80 px-3 py-2 text-muted">
                    <span className="line-clamp-2 break-words">{(c.samples ?? []).join(t('mark.comma'))}</span>
                  </td>
                  <td className="px-3 py-2">
                    <span className="flex items-center gap-2">
                      <Select
                        className="min-w-0 flex-1"
                        aria-label={t('import.goes_of', { name: c.name })}
                        value={c.field}
                        onChange={(e) => {
                          const next = by(e.target.value)
                          set(i, {
                            field: e.target.value,
                            values: {},
                            missing: next?.type === 'ref' || next?.type === 'category' ? 'empty' : '',
                            several: next?.type === 'ref' ? 'empty' : '',
                          })
                        }}
                      >
                        <option value="">{t('import.leave')}</option>
                        {proposal.targets.some((x) => x.field === 'note') && <option value="+note">{t('import.to_note')}</option>}
                        {mayAdd && <option value="+field">{t('import.to_field')}</option>}
                        <optgroup label={t('import.fields')}>
                          {proposal.targets.map((x) => (
                            <option key={x.field} value={x.field} disabled={used.has(x.field) && x.field !== c.field}>
                              {label(x)}
                              {x.required ? ' *' : ''}
                            </option>
                          ))}
                          {c.field.endsWith('.id') && <option value={c.field}>{c.name}</option>}
                        </optgroup>
                      </Select>
                      {c.field !== '' && ['profile', 'contents', 'before'].includes(c.why) && <Tag>{t(`import.why_${c.why}`)}</Tag>}
                    </span>
                    {target?.type === 'choice' && (
                      <Values column={c} target={target} kind={proposal.import.of} onChange={(values) => set(i, { values })} />
                    )}
                  </td>
                  <td className="px-3 py-2">
                    {(target?.type === 'ref' || target?.type === 'category') && c.field !== 'id' ? (
                      <span className="flex flex-col gap-1">
                        <Select
                          className="w-full"
                          aria-label={t('import.otherwise_of', { name: c.name })}
                          value={c.missing || 'empty'}
                          onChange={(e) => set(i, { missing: e.target.value })}
                        >
                          <option value="empty">{t('import.missing_empty')}</option>
                          <option value="reject">{t('import.missing_reject')}</option>
                          {target.type === 'ref' && target.ref !== 'user' && target.ref !== 'department' && (
                            <option value="create">{t('import.missing_create')}</option>
                          )}
                        </Select>
                        {target.type === 'ref' && !c.field.endsWith('.id') && (
                          <Select
                            className="w-full"
                            aria-label={t('import.several_of', { name: c.name })}
                            value={c.several || 'empty'}
                            onChange={(e) => set(i, { several: e.target.value })}
                          >
                            <option value="empty">{t('import.several_empty')}</option>
                            <option value="reject">{t('import.several_reject')}</option>
                            <option value="first">{t('import.several_first')}</option>
                          </Select>
                        )}
                      </span>
                    ) : (
                      target && (
                        <Select
                          className="w-full"
                          aria-label={t('import.otherwise_of', { name: c.name })}
                          value={c.bad || 'reject'}
                          onChange={(e) => set(i, { bad: e.target.value })}
                        >
                          <option value="reject">{t('import.bad_reject')}</option>
                          <option value="empty">{t('import.bad_empty')}</option>
                        </Select>
                      )
                    )}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </>
  )
}

/** Words of the file and the choice that each stands for; what is left open is read by the house's own words. */
function Values({
  column,
  target,
  kind,
  onChange,
}: {
  column: Column
  target: Target
  kind: string
  onChange: (v: Record<string, string>) => void
}) {
  const { t } = useTranslation()
  const words = [...new Set([...Object.keys(column.values ?? {}), ...(column.samples ?? [])])].slice(0, 24)
  return (
    <details className="mt-1 text-sm">
      <summary className="cursor-pointer text-muted">{t('import.values')}</summary>
      <div className="mt-1 grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-center gap-1">
        {words.map((w) => (
          <div key={w} className="contents">
            <span aria-hidden className="truncate">
              {w}
            </span>
            <Select
              aria-label={w}
              value={column.values?.[w] ?? ''}
              onChange={(e) => {
                const values = { ...column.values, [w]: e.target.value }
                if (e.target.value === '') delete values[w]
                onChange(values)
              }}
            >
              <option value="">{t('import.auto')}</option>
              {(target.choices ?? []).map((c) => (
                <option key={c} value={c}>
                  {choiceLabel(kind, target.field, c)}
                </option>
              ))}
            </Select>
          </div>
        ))}
      </div>
    </details>
  )
}
