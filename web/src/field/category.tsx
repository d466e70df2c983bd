import { useTranslation } from 'react-i18next'
import { useDimensions } from '../client/data'
import type { Category, Dimension } from '../client/types'
import { Select } from '../ui/select'
import { ordered } from './tree'

export function useDimension(kind: string, name: string): Dimension | undefined {
  return useDimensions().data?.data.find((d) => (d.kind === kind && d.name === name) || d.id === name)
}

/** A level is shown by an indent of wide spaces: options take no styles. */
export function CategoryOptions({ categories }: { categories: Category[] }) {
  return ordered(categories).map((n) => (
    <option key={n.value.id} value={n.value.id}>
      {'\u2003'.repeat(n.depth) + n.value.title}
    </option>
  ))
}

export function CategorySelect({
  categories,
  value,
  onChange,
  label,
  empty,
  bar,
  className,
  ...ids
}: {
  categories: Category[]
  value: string
  onChange: (id: string) => void
  label?: string
  empty?: string
  bar?: boolean
  className?: string
  id?: string
  'aria-invalid'?: boolean
}) {
  const { t } = useTranslation()
  return (
    <Select {...ids} bar={bar} className={className} aria-label={label} value={value} onChange={(e) => onChange(e.target.value)}>
      <option value="">{empty ?? t('mark.choose')}</option>
      <CategoryOptions categories={categories} />
    </Select>
  )
}
