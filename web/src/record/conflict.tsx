import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field, Kind, Rec } from '../client/types'
import { fieldLabel, told } from '../field/label'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'

/** Somebody changed the same fields meanwhile: a person says, field by field, which value stays. */
export function Conflict({
  kind,
  mine,
  theirs,
  fields,
  onSave,
  onClose,
}: {
  kind: Kind
  mine: Record<string, unknown>
  theirs: Rec
  fields: string[]
  onSave: (kept: string[]) => void
  onClose: () => void
}) {
  const { t } = useTranslation()
  const [kept, setKept] = useState(fields)
  const choose = (name: string, own: boolean) => setKept((k) => (own ? [...new Set([...k, name])] : k.filter((n) => n !== name)))
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('conflict.title')}
      note={t('conflict.note')}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('conflict.back')}
          </Button>
          <Button form tone="primary" onClick={() => onSave(kept)}>
            {t('conflict.save')}
          </Button>
        </>
      }
    >
      {fields.map((name) => {
        const field: Field = kind.fields.find((f) => f.name === name) ?? { name, type: 'text' }
        const label = fieldLabel(kind.kind, field)
        return (
          <fieldset key={name} className="border-b border-line py-2 last:border-0">
            <legend className="float-left w-28 text-xs leading-6 text-muted">{label}</legend>
            <div className="flex flex-col">
              {[true, false].map((own) => (
                <label key={String(own)} className="flex min-h-6 cursor-pointer items-center gap-2 max-md:min-h-11">
                  <input type="radio" name={name} checked={kept.includes(name) === own} onChange={() => choose(name, own)} />
                  <span className="w-16 shrink-0 text-xs text-muted">{t(own ? 'conflict.mine' : 'conflict.theirs')}</span>
                  <span className="min-w-0 break-words">{told(kind.kind, field, own ? mine[name] : theirs[name])}</span>
                </label>
              ))}
            </div>
          </fieldset>
        )
      })}
    </Dialog>
  )
}
