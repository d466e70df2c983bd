import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import { useKinds } from '../client/data'
import type { By, Kind } from '../client/types'
import { Button, IconButton } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { Select } from '../ui/select'
import { say, warn } from '../ui/toast'
import { bringTree, dropTree, keepTree, keyOf, levelsOf, mostLevels, type Tree } from './trees'

/** Puts the levels of a tree in any order, and keeps it under a name of one's own. A ready one stays as it is: what is kept is a copy. */
export function Levels({
  document,
  tree,
  onClose,
  onChoose,
}: {
  document: Kind
  tree: Tree
  onClose: () => void
  onChoose: (id: string) => void
}) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const all = levelsOf(document, kinds)
  const [levels, setLevels] = useState(tree.levels)
  const [name, setName] = useState(tree.name ?? '')
  const [busy, setBusy] = useState(false)
  const label = (by: By) => {
    const found = all.find((l) => keyOf(l.by) === keyOf(by))
    const title = found?.path.label ?? by.field
    return by.unit ? t('cabinet.by_unit', { field: title, unit: t(`cabinet.unit_${by.unit}`) }) : title
  }
  const move = (i: number, to: number) => {
    const next = [...levels]
    next.splice(to, 0, ...next.splice(i, 1))
    setLevels(next)
  }
  const save = async (over: boolean) => {
    setBusy(true)
    try {
      const id = await keepTree(document, over ? tree.mine : undefined, name.trim(), levels)
      say(t('cabinet.kept', { name: name.trim() }))
      onChoose(id)
      onClose()
    } catch (e) {
      warn(tell(e))
    }
    setBusy(false)
  }
  const drop = async () => {
    try {
      await dropTree(tree.mine!)
    } catch (e) {
      return warn(tell(e))
    }
    say(t('view.dropped', { name: tree.name }), { title: t('act.undo'), run: () => bringTree(tree.id).catch((e) => warn(tell(e))) })
    onChoose('letters')
    onClose()
  }
  const fits = levels.length > 0 && name.trim() !== ''
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('cabinet.edit')}
      note={t('cabinet.edit_note')}
      foot={
        <>
          {tree.mine && (
            <Button form tone="danger" onClick={drop}>
              {t('act.trash')}
            </Button>
          )}
          <span className="flex-1" />
          {tree.mine && (
            <Button form busy={busy} disabled={!fits} onClick={() => save(false)}>
              {t('cabinet.keep_new')}
            </Button>
          )}
          <Button form tone="primary" busy={busy} disabled={!fits} onClick={() => save(!!tree.mine)}>
            {t('act.save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Row label={t('cabinet.name')} required>
          {(ids) => <input {...ids} className="control" maxLength={60} value={name} onChange={(e) => setName(e.target.value)} />}
        </Row>
        <ol aria-label={t('cabinet.levels')} className="flex flex-col">
          {levels.map((by, i) => (
            <li key={keyOf(by)} className="flex min-h-9 items-center gap-1 border-b border-line">
              <span className="w-5 shrink-0 text-xs text-muted">{i + 1}</span>
              <span className="min-w-0 flex-1 truncate">{label(by)}</span>
              <IconButton icon={ArrowUp} label={t('cabinet.up', { field: label(by) })} disabled={i === 0} onClick={() => move(i, i - 1)} />
              <IconButton
                icon={ArrowDown}
                label={t('cabinet.down', { field: label(by) })}
                disabled={i === levels.length - 1}
                onClick={() => move(i, i + 1)}
              />
              <IconButton
                icon={X}
                label={t('cabinet.remove', { field: label(by) })}
                onClick={() => setLevels(levels.filter((x) => x !== by))}
              />
            </li>
          ))}
        </ol>
        {levels.length < mostLevels && (
          <Row label={t('cabinet.add')}>
            {(ids) => (
              <Select
                {...ids}
                value=""
                onChange={(e) => {
                  const found = all.find((l) => keyOf(l.by) === e.target.value)
                  if (found) setLevels([...levels, found.by])
                }}
              >
                <option value="">{t('mark.choose')}</option>
                {all
                  .filter((l) => !levels.some((x) => keyOf(x) === keyOf(l.by)))
                  .map((l) => (
                    <option key={keyOf(l.by)} value={keyOf(l.by)}>
                      {label(l.by)}
                    </option>
                  ))}
              </Select>
            )}
          </Row>
        )}
      </div>
    </Dialog>
  )
}
