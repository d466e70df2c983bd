import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, Problem, tell, words } from '../client/call'
import type { Kind } from '../client/types'
import { customIcon, kindIcons } from '../field/kindicon'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { say } from '../ui/toast'
import { editKind, reshaped } from './data'

/** A kind's name and picture: given to a new one, or to one that was added before. */
export function KindEditor({ kind, onClose, onMade }: { kind?: Kind; onClose: () => void; onMade: (kind: string) => void }) {
  const { t } = useTranslation()
  const [label, setLabel] = useState(kind?.label ?? '')
  const [icon, setIcon] = useState(kind?.icon ?? '')
  const [name, setName] = useState('')
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      if (kind) {
        await editKind(kind.kind, { label, icon })
        onMade(kind.kind)
      } else {
        const made = await post<{ kind: string }>('/kinds', { label, name: name || undefined, icon: icon || undefined })
        await reshaped()
        say(t('shape.kind_made', { title: label }))
        onMade(made.kind)
      }
    } catch (e) {
      setWrong(e instanceof Problem ? e.fields : {})
      setError(tell(e))
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={kind ? t('shape.kind_rename') : t('shape.kind_new')}
      note={kind ? undefined : t('shape.kind_new_note')}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" busy={busy} disabled={!label.trim()} onClick={save}>
            {t(kind ? 'act.save' : 'act.create')}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(e) => {
          e.preventDefault()
          if (label.trim()) save()
        }}
      >
        {error && (
          <p role="alert" className="text-bad">
            {error}
          </p>
        )}
        <Row label={t('shape.label')} required error={wrong.label && words(wrong.label)}>
          {(ids) => <input {...ids} className="control" maxLength={60} value={label} onChange={(e) => setLabel(e.target.value)} />}
        </Row>
        {!kind && (
          <Row label={t('shape.name')} note={t('shape.name_note')} error={wrong.name && words(wrong.name)}>
            {(ids) => (
              <input
                {...ids}
                className="control"
                spellCheck={false}
                value={name}
                onChange={(e) => setName(e.target.value.toLowerCase().replace(/[^a-z0-9_]/g, ''))}
              />
            )}
          </Row>
        )}
        <fieldset>
          <legend className="pb-1 text-xs text-muted">{t('shape.icon')}</legend>
          <div className="grid grid-cols-[repeat(auto-fill,minmax(36px,1fr))] gap-1 max-md:grid-cols-[repeat(auto-fill,minmax(44px,1fr))]">
            {['', ...Object.keys(kindIcons)].map((name) => {
              const Icon = customIcon({ icon: name })
              return (
                <label
                  key={name}
                  title={t(`icon.${name || 'none'}`)}
                  className={cx(
                    'grid h-9 cursor-pointer place-items-center rounded-md border outline-offset-2 has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent max-md:h-11',
                    name === icon
                      ? 'border-accent bg-accent-tint text-accent'
                      : 'border-transparent text-muted hover:bg-hover hover:text-ink',
                  )}
                >
                  <input
                    type="radio"
                    name="icon"
                    className="sr-only"
                    aria-label={t(`icon.${name || 'none'}`)}
                    checked={name === icon}
                    onChange={() => setIcon(name)}
                  />
                  <Icon size={17} aria-hidden strokeWidth={1.8} />
                </label>
              )
            })}
          </div>
        </fieldset>
        <input type="submit" hidden />
      </form>
    </Dialog>
  )
}
