import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { By, Face, Kind, Unit } from '../client/types'
import { useDimension } from '../field/category'
import { fieldLabel } from '../field/label'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { Menu } from '../ui/menu'
import { Select } from '../ui/select'
import { faceNames, fieldsOf, forms, isDated, measureOf, measures, startFace, units } from './face'
import { faceIcons } from './faceicon'

/** Shows the same records with another face. */
export function FaceMenu({ kind, face, onChange }: { kind: Kind; face?: Face; onChange: (face: Face | undefined) => void }) {
  const { t } = useTranslation()
  const now = face?.as ?? 'grid'
  const possible = faceNames.filter((as) => startFace(kind, as))
  const label = t('face.title', { face: t(`face.${now}`) })
  return (
    <Menu
      trigger={
        <Button fold icon={faceIcons[now]} aria-label={label} className={cx(face && 'border-accent bg-accent-tint text-accent')}>
          {t(`face.${now}`)}
        </Button>
      }
      groups={[
        [
          { id: 'grid', title: t('face.grid'), icon: faceIcons.grid, checked: !face, run: () => onChange(undefined) },
          ...possible.map((as) => ({
            id: as,
            title: t(`face.${as}`),
            icon: faceIcons[as],
            checked: now === as,
            run: () => now !== as && onChange(startFace(kind, as)),
          })),
        ],
      ]}
    />
  )
}

/** What a face stands on, above it. */
export function FaceHead({
  kind,
  face,
  onChange,
  children,
}: {
  kind: Kind
  face: Face
  onChange: (face: Face) => void
  children?: ReactNode
}) {
  const { t } = useTranslation()
  const by = face.by ?? []
  const set = (i: number, b: By | undefined) => onChange({ ...face, by: b ? [...by.slice(0, i), b, ...by.slice(i + 1)] : by.slice(0, i) })
  const many = face.as === 'chart' || face.as === 'pivot'
  const all = measures(kind)
  const m = measureOf(kind, face)
  const across = face.as === 'pivot' || face.form === 'bar' || face.form === 'line'
  return (
    <div className="hide-scroll flex min-h-11 shrink-0 items-center gap-2 overflow-x-auto border-b border-line bg-panel px-3 max-md:min-h-14 print:hidden">
      {face.as === 'chart' && (
        <Select
          bar
          aria-label={t('face.form')}
          value={face.form}
          onChange={(e) =>
            onChange({ ...face, form: e.target.value as Face['form'], by: ['pie', 'map'].includes(e.target.value) ? by.slice(0, 1) : by })
          }
          className="shrink-0"
        >
          {forms.map((f) => (
            <option key={f} value={f}>
              {t(`face.form_${f}`)}
            </option>
          ))}
        </Select>
      )}
      <Axis
        kind={kind}
        face={face}
        by={by[0]}
        label={t(face.as === 'pivot' ? 'face.rows' : face.as === 'chart' ? 'face.axis' : 'face.by')}
        onChange={(b) => set(0, b)}
      />
      {many && across && (
        <Axis
          kind={kind}
          face={face}
          by={by[1]}
          none
          label={t(face.as === 'pivot' ? 'face.columns' : 'face.series')}
          onChange={(b) => set(1, b)}
        />
      )}
      {many && (
        <Labelled label={t('face.measure')}>
          <Select
            bar
            aria-label={t('face.measure')}
            value={m.key}
            onChange={(e) => {
              const to = all.find((x) => x.key === e.target.value)
              onChange({ ...face, sum: to?.sum, part: to?.part, average: to?.average })
            }}
          >
            {all.map((x) => (
              <option key={x.key} value={x.key}>
                {x.label}
              </option>
            ))}
          </Select>
        </Labelled>
      )}
      {children}
    </div>
  )
}

function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span className="flex shrink-0 items-center gap-1.5">
      <span aria-hidden className="text-xs text-muted">
        {label}
      </span>
      {children}
    </span>
  )
}

/** A field and how finely. */
function Axis({
  kind,
  face,
  by,
  label,
  none,
  onChange,
}: {
  kind: Kind
  face: Face
  by?: By
  label: string
  none?: boolean
  onChange: (by: By | undefined) => void
}) {
  const { t } = useTranslation()
  const fields = fieldsOf(kind, face.as)
  const field = fields.find((f) => f.name === by?.field)
  const depth = useDepth(kind, by?.field ?? '')
  const finely = face.as === 'chart' || face.as === 'pivot'
  return (
    <Labelled label={label}>
      <Select
        bar
        aria-label={label}
        value={by?.field ?? ''}
        onChange={(e) => onChange(e.target.value ? { field: e.target.value } : undefined)}
      >
        {none && <option value="">{t('face.no_axis')}</option>}
        {fields.map((f) => (
          <option key={f.name} value={f.name}>
            {fieldLabel(kind.kind, f)}
          </option>
        ))}
      </Select>
      {by && finely && isDated(field) && (
        <Select
          bar
          aria-label={t('face.unit')}
          value={by.unit ?? 'month'}
          onChange={(e) => onChange({ ...by, unit: e.target.value as Unit })}
        >
          {units.map((u) => (
            <option key={u} value={u}>
              {t(`unit.${u}`)}
            </option>
          ))}
        </Select>
      )}
      {by && finely && depth > 1 && (
        <Select
          bar
          aria-label={t('face.level')}
          value={by.level ?? 0}
          onChange={(e) => onChange({ field: by.field, level: Number(e.target.value) || undefined })}
        >
          <option value={0}>{t('face.level_all')}</option>
          {Array.from({ length: depth - 1 }, (_, i) => (
            <option key={i} value={i + 1}>
              {t('face.level_n', { n: i + 1 })}
            </option>
          ))}
        </Select>
      )}
    </Labelled>
  )
}

/** How many levels a dimension's tree has. */
function useDepth(kind: Kind, name: string): number {
  const categories = useDimension(kind.kind, name)?.categories ?? []
  const up = new Map(categories.map((c) => [c.id, c.parent]))
  let most = 0
  for (const c of categories) {
    let n = 1
    for (let p: string | undefined = c.parent ?? undefined; p && up.has(p) && n < 32; p = up.get(p) ?? undefined) n++
    most = Math.max(most, n)
  }
  return most
}
