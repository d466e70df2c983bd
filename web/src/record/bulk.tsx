import { Tags, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, post, tell } from '../client/call'
import { type Ask, stale, useDimensions } from '../client/data'
import type { Kind, Page, Rec } from '../client/types'
import { CategorySelect } from '../field/category'
import { count } from '../field/format'
import { kindLabel } from '../field/label'
import { Button, IconButton } from '../ui/button'
import { Popover } from '../ui/popover'
import { Select } from '../ui/select'
import { say, warn } from '../ui/toast'
import type { Selection } from './select'

const atOnce = 4

/** Takes the bar's place while rows are selected: the same act for each of them, with progress. */
export function Bulk({ kind, ask, selection, total }: { kind: Kind; ask: Ask; selection: Selection; total?: number }) {
  const { t } = useTranslation()
  const [progress, setProgress] = useState<{ done: number; of: number }>()
  const n = selection.count(total)

  const ids = async (): Promise<string[]> => {
    if (!selection.all) return [...selection.ids]
    const found: string[] = []
    let cursor = ''
    do {
      const page = await post<Page<Rec>>(`/${kind.plural}:query`, { ...ask, limit: 200, cursor })
      for (const r of page.data) if (!selection.ids.has(r.id)) found.push(r.id)
      cursor = page.has_more ? (page.next_cursor ?? '') : ''
    } while (cursor)
    return found
  }
  const each = async (act: (id: string) => Promise<unknown>): Promise<string[]> => {
    const todo = await ids()
    const done: string[] = []
    let next = 0
    let failed: unknown
    setProgress({ done: 0, of: todo.length })
    const worker = async () => {
      while (next < todo.length && !failed) {
        const id = todo[next++]!
        try {
          await act(id)
          done.push(id)
          setProgress({ done: done.length, of: todo.length })
        } catch (e) {
          failed = e
        }
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    setProgress(undefined)
    stale(kind.kind)
    if (failed) warn(tell(failed), t('bulk.part', { done: count(done.length), of: count(todo.length) }))
    return done
  }
  const trash = async () => {
    const done = await each((id) => call('DELETE', `/${kind.plural}/${id}`))
    selection.clear()
    if (done.length > 0)
      say(t('bulk.trashed', { n: count(done.length) }), {
        title: t('act.undo'),
        run: async () => {
          for (const id of done) await post(`/${kind.plural}/${id}/restore`).catch(() => {})
          stale(kind.kind)
        },
      })
  }
  const classify = async (field: string, category: string | null) => {
    const done = await each((id) => post(`/${kind.plural}/${id}/classify`, { set: { [field]: category } }))
    selection.clear()
    if (done.length > 0) say(t('bulk.classified', { n: count(done.length) }))
  }
  return (
    <div
      role="toolbar"
      aria-label={t('bulk.label')}
      className="flex h-11 shrink-0 items-center gap-2 border-b border-line bg-picked px-4 max-md:h-13"
    >
      <h1 className="sr-only">{kindLabel(kind)}</h1>
      <strong className="font-medium text-accent">{t('bulk.selected', { n: count(n) })}</strong>
      {progress ? (
        <span role="status" className="text-muted">
          {count(progress.done)} / {count(progress.of)}
        </span>
      ) : (
        <>
          <Classify kind={kind} onSet={classify} />
          {(kind.can?.includes('delete') ?? true) && (
            <Button icon={Trash2} onClick={trash}>
              {t('act.trash')}
            </Button>
          )}
        </>
      )}
      <span className="flex-1" />
      <IconButton icon={X} label={t('bulk.clear')} keys="Esc" onClick={selection.clear} />
    </div>
  )
}

function Classify({ kind, onSet }: { kind: Kind; onSet: (field: string, category: string | null) => void }) {
  const { t } = useTranslation()
  const all = useDimensions().data?.data.filter((d) => d.kind === kind.kind && d.by === 'rules') ?? []
  const [name, setName] = useState('')
  const [category, setCategory] = useState('')
  const [open, setOpen] = useState(false)
  const dimension = all.find((d) => d.name === name) ?? all[0]
  if (!dimension) return null
  return (
    <Popover
      title={t('bulk.classify')}
      open={open}
      onOpenChange={setOpen}
      className="flex w-72 flex-col gap-2 p-3"
      trigger={<Button icon={Tags}>{t('bulk.classify')}</Button>}
    >
      <Select
        aria-label={t('classify.dimension')}
        value={dimension.name}
        onChange={(e) => {
          setName(e.target.value)
          setCategory('')
        }}
      >
        {all.map((d) => (
          <option key={d.id} value={d.name}>
            {d.title}
          </option>
        ))}
      </Select>
      <CategorySelect
        label={t('classify.category')}
        categories={dimension.categories}
        value={category}
        onChange={setCategory}
        empty={t('facet.none')}
      />
      <Button
        form
        tone="primary"
        onClick={() => {
          setOpen(false)
          onSet(dimension.name, category || null)
        }}
      >
        {t('bulk.set')}
      </Button>
    </Popover>
  )
}
