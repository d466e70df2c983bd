import { Archive, ArchiveRestore, ArrowDown, ArrowUp, GripVertical, Pencil } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, tell } from '../client/call'
import type { Field, Kind } from '../client/types'
import { Fx } from '../field/fx'
import { fieldLabel } from '../field/label'
import { arranged, gap, placeOf, sections } from '../record/arrange'
import { IconButton } from '../ui/button'
import { cx } from '../ui/cx'
import { Tag } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { editField, reshaped, shownFields, useAdded } from './data'

/** The fields of a kind as its form has them: dragged by the handle, or moved with Alt and the arrows. */
export function FieldList({ kind, may, onEdit }: { kind: Kind; may: boolean; onEdit: (f: Field) => void }) {
  const { t } = useTranslation()
  const [dragged, setDragged] = useState<Field>()
  const [over, setOver] = useState('')
  const gone = useAdded('custom_field', kind.kind).data?.data ?? []
  const inForm = shownFields(kind)
  const shown = arranged(kind.fields).filter((f) => inForm.includes(f))

  const attempt = async (act: () => Promise<unknown>) => {
    try {
      await act()
    } catch (e) {
      warn(tell(e))
      reshaped()
    }
  }
  /** Puts a field before another of its section, or at the section's end. */
  const put = (f: Field, section: string, before: Field | undefined) =>
    attempt(async () => {
      const part = shown.filter((x) => (x.section ?? '') === section && x !== f)
      const i = before ? part.indexOf(before) : part.length
      const low = i > 0 ? placeOf(kind.fields, part[i - 1]!) : 0
      const high = i < part.length ? placeOf(kind.fields, part[i]!) : low + 2 * gap
      const middle = Math.floor((low + high) / 2)
      const moved = { ...((f.section ?? '') === section ? {} : { section }) }
      if (middle > low && middle < high) return editField(kind.kind, f.name, { ...moved, position: middle })
      // No room between the two: all are numbered anew.
      const next = [...part.slice(0, i), f, ...part.slice(i)]
      for (const [n, x] of next.entries())
        await call('PATCH', `/kinds/${kind.kind}/fields/${x.name}`, { ...(x === f ? moved : {}), position: (n + 1) * gap })
      return reshaped()
    })
  const retire = (name: string, title: string, retired: boolean): Promise<void> =>
    attempt(async () => {
      await editField(kind.kind, name, { retired })
      if (retired) say(t('shape.retired', { title }), { title: t('act.undo'), run: () => retire(name, title, false) })
      else say(t('shape.back', { title }))
    })

  return (
    <>
      {sections(shown).map((part) => (
        <section key={part.title} aria-label={part.title || t('shape.no_section')}>
          {part.title && <h3 className="pb-1 pt-4 text-xs font-medium text-muted">{part.title}</h3>}
          <ol className="border-t border-line">
            {part.fields.map((f, i) => {
              const title = fieldLabel(kind.kind, f)
              const move = (by: number) => {
                const to = i + by
                if (to < 0 || to >= part.fields.length) return
                put(f, part.title, part.fields[by < 0 ? to : to + 1])
              }
              return (
                <li
                  key={f.name}
                  onDragOver={(e) => {
                    if (!dragged) return
                    e.preventDefault()
                    setOver(f.name)
                  }}
                  onDrop={(e) => {
                    e.preventDefault()
                    setOver('')
                    if (dragged && dragged !== f) put(dragged, part.title, f)
                  }}
                  onKeyDown={(e) => {
                    if (!may || !e.altKey || (e.key !== 'ArrowUp' && e.key !== 'ArrowDown')) return
                    e.preventDefault()
                    move(e.key === 'ArrowUp' ? -1 : 1)
                  }}
                  className={cx(
                    'flex min-h-10 items-center gap-2 border-b border-line hover:bg-hover max-md:min-h-14',
                    dragged === f && 'opacity-40',
                    over === f.name && 'shadow-[0_-2px_var(--accent)]',
                  )}
                >
                  <span
                    draggable={may}
                    onDragStart={(e) => {
                      e.dataTransfer.effectAllowed = 'move'
                      setDragged(f)
                    }}
                    onDragEnd={() => {
                      setDragged(undefined)
                      setOver('')
                    }}
                    className={cx('grid h-7 w-5 shrink-0 cursor-grab place-items-center text-muted max-md:hidden', !may && 'invisible')}
                    aria-hidden
                  >
                    <GripVertical size={14} />
                  </span>
                  <button
                    type="button"
                    disabled={!may}
                    onClick={() => onEdit(f)}
                    className="flex min-w-0 flex-1 flex-col rounded-[4px] px-1 py-1 text-left"
                  >
                    <span className="flex max-w-full items-baseline gap-2">
                      <span className="truncate font-medium">
                        {title}
                        {(f.required || f.wanted) && (
                          <span aria-hidden className="ml-0.5 text-bad">
                            *
                          </span>
                        )}
                      </span>
                      <code className="truncate text-xs text-muted max-sm:hidden">{f.name}</code>
                    </span>
                    {f.help && <span className="max-w-full truncate text-xs text-muted">{f.help}</span>}
                  </button>
                  {f.formula && <Fx formula={f.formula} />}
                  {f.required_when && <Tag>{t('shape.required_when')}</Tag>}
                  {f.custom && <Tag tone="accent">{t('shape.added')}</Tag>}
                  <span className="w-24 shrink-0 truncate text-right text-xs text-muted">{t(`type.${f.type}`)}</span>
                  {may && (
                    <span className="flex shrink-0">
                      <span className="flex max-md:hidden">
                        <IconButton
                          icon={ArrowUp}
                          keys="Alt ↑"
                          label={t('act.move_up', { title })}
                          disabled={i === 0}
                          onClick={() => move(-1)}
                        />
                        <IconButton
                          icon={ArrowDown}
                          keys="Alt ↓"
                          label={t('act.move_down', { title })}
                          disabled={i === part.fields.length - 1}
                          onClick={() => move(1)}
                        />
                        <IconButton icon={Pencil} label={t('shape.edit', { title })} onClick={() => onEdit(f)} />
                      </span>
                      <IconButton
                        icon={Archive}
                        className={f.custom ? '' : 'invisible'}
                        disabled={!f.custom}
                        label={t('shape.retire_one', { title })}
                        onClick={() => retire(f.name, title, true)}
                      />
                    </span>
                  )}
                </li>
              )
            })}
          </ol>
        </section>
      ))}
      {gone.length > 0 && (
        <section aria-label={t('shape.off')}>
          <h3 className="pb-1 pt-5 text-xs font-medium text-muted">{t('shape.off')}</h3>
          <ul className="border-t border-line">
            {gone.map((g) => (
              <li key={g.id} className="flex min-h-10 items-center gap-2 border-b border-line pl-8 max-md:min-h-14 max-md:pl-1">
                <span className="min-w-0 flex-1 truncate text-muted">{g.title}</span>
                <span className="text-xs text-muted">{t(`type.${String(g.type)}`)}</span>
                {may && (
                  <IconButton
                    icon={ArchiveRestore}
                    label={t('shape.bring_back_one', { title: g.title })}
                    onClick={() => retire(String(g.name), g.title, false)}
                  />
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
