import { ListTree } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useKinds } from '../client/data'
import type { Kind } from '../client/types'
import { useView } from '../record/view'
import { Button, IconButton } from '../ui/button'
import { Select } from '../ui/select'
import { useKept } from '../ui/size'
import { Empty } from '../ui/wait'
import { Branch } from './branch'
import { Folders } from './folders'
import { Levels } from './levels'
import { Plant } from './plant'
import { useTrees } from './trees'

const mostOpen = 200

/** What stands beside the list of the cabinet: drawers made of what documents are, and the folders that people made. */
export function Drawers({ document, onGone }: { document: Kind; onGone: () => void }) {
  const { t } = useTranslation()
  const kinds = useKinds()
  const [view, change] = useView()
  const { trees, settled } = useTrees(document, kinds)
  const [last, setLast] = useKept('guike.cabinet.tree', '')
  const [editing, setEditing] = useState(false)
  const tree = trees.find((x) => x.id === view.tree) ?? trees.find((x) => x.id === last) ?? trees[0]
  const [kept, setKept] = useKept(`guike.cabinet.open.${tree?.id}`, '[]')
  const opened = new Set(known(kept))
  const open = (key: string, on: boolean) => {
    const next = new Set(opened)
    if (on) next.add(key)
    else next.delete(key)
    setKept(JSON.stringify([...next].slice(-mostOpen)))
  }
  const choose = (id: string) => {
    setLast(id)
    change({ tree: id, in: undefined }, false)
  }
  // A link that names an order of drawers which is not this person's falls back to one that is.
  useEffect(() => {
    if (settled && view.tree && tree && tree.id !== view.tree) change({ tree: undefined })
  }, [settled, view.tree, tree?.id])
  const go = (within: typeof view.in) => {
    change({ in: within, id: undefined }, false)
    onGone()
  }
  if (!tree) return <Empty title={t('cabinet.none')} />
  return (
    <div className="flex flex-col pb-4">
      <section aria-label={t('cabinet.projections')}>
        <div className="flex items-center gap-1 p-2">
          <Select bar aria-label={t('cabinet.by')} className="min-w-0 flex-1" value={tree.id} onChange={(e) => choose(e.target.value)}>
            {trees.map((x) => (
              <option key={x.id} value={x.id}>
                {x.name ?? t(`cabinet.tree_${x.id}`)}
              </option>
            ))}
          </Select>
          <IconButton icon={ListTree} label={t('cabinet.edit')} onClick={() => setEditing(true)} />
        </div>
        <div className="px-1">
          <Button
            tone="quiet"
            className={view.in ? 'w-full justify-start!' : 'w-full justify-start! bg-picked font-medium text-accent!'}
            aria-pressed={!view.in}
            onClick={() => go(undefined)}
          >
            {t('cabinet.all')}
          </Button>
        </div>
        <Plant label={t('cabinet.projections')}>
          <Branch key={tree.id} document={document} levels={tree.levels} depth={0} at={view.in} opened={opened} onOpen={open} onGo={go} />
        </Plant>
      </section>
      <Folders document={document} at={view.in} onGo={go} />
      {editing && <Levels document={document} tree={tree} onClose={() => setEditing(false)} onChoose={choose} />}
    </div>
  )
}

function known(text: string): string[] {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list.map(String) : []
  } catch {
    return []
  }
}
