import { ArrowDown, ArrowUp, Ellipsis, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, post, Problem, tell, words } from '../client/call'
import { stale } from '../client/data'
import type { Category, Dimension } from '../client/types'
import { CategoryOptions } from '../field/category'
import { fieldLabel } from '../field/label'
import { ordered } from '../field/tree'
import { Button, IconButton } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { composing } from '../ui/key'
import { Menu } from '../ui/menu'
import { Select } from '../ui/select'
import { say, warn } from '../ui/toast'
import { Empty } from '../ui/wait'

/** A dimension's categories: add, rename in place, move among brothers or under another, remove. */
export function Tree({ dimension, fixed }: { dimension: Dimension; fixed: boolean }) {
  const { t } = useTranslation()
  const [naming, setNaming] = useState<string>()
  const [adding, setAdding] = useState<string>()
  const [moving, setMoving] = useState<Category>()
  const rows = ordered(dimension.categories)
  const act = async (what: () => Promise<unknown>, done?: string) => {
    try {
      await what()
      if (done) say(done)
    } catch (e) {
      const used =
        e instanceof Problem ? Object.entries(e.fields).map(([k, v]) => `${fieldLabel('category', { name: k })} ${words(v)}`) : []
      warn(used.length > 0 ? used.join(t('mark.comma')) : tell(e), used.length > 0 ? t('category.in_use') : undefined)
    }
    stale('dimension')
  }
  const add = (parent: string, title: string) =>
    act(() => post(`/dimensions/${dimension.id}/categories`, { title, parent: parent || null }))
  const brothers = (c: Category) => rows.map((r) => r.value).filter((x) => x.parent === c.parent)
  const shift = (c: Category, by: number) => {
    const list = brothers(c)
    const other = list[list.findIndex((x) => x.id === c.id) + by]
    if (other) act(() => call('PATCH', `/categories/${c.id}`, { position: other.position }))
  }
  return (
    <div>
      {rows.length === 0 && adding === undefined && (
        <Empty title={t('category.empty')} note={fixed ? undefined : t('category.empty_note')}>
          {!fixed && <Button onClick={() => setAdding('')}>{t('category.add')}</Button>}
        </Empty>
      )}
      <ul className="border-t border-line">
        {rows.map(({ value: c, depth }) => {
          const near = brothers(c)
          const i = near.findIndex((x) => x.id === c.id)
          return (
            <li key={c.id}>
              <div
                className="group flex h-9 items-center gap-1 border-b border-line hover:bg-hover max-md:h-12"
                style={{ paddingLeft: 8 + depth * 24 }}
              >
                {naming === c.id ? (
                  <Name
                    label={t('category.rename', { title: c.title })}
                    value={c.title}
                    onDone={(title) => {
                      setNaming(undefined)
                      if (title && title !== c.title) act(() => call('PATCH', `/categories/${c.id}`, { title }))
                    }}
                  />
                ) : (
                  <>
                    <span className="min-w-0 flex-1 truncate" onDoubleClick={() => !fixed && setNaming(c.id)}>
                      {c.title}
                    </span>
                    {c.aliases && c.aliases.length > 0 && (
                      <span className="truncate text-xs text-muted">{[c.aliases].flat().join(t('mark.comma'))}</span>
                    )}
                    {!fixed && (
                      <span className="flex items-center md:opacity-0 md:focus-within:opacity-100 md:group-hover:opacity-100">
                        <IconButton icon={Plus} label={t('category.add_under', { title: c.title })} onClick={() => setAdding(c.id)} />
                        <IconButton
                          className="max-md:hidden"
                          icon={ArrowUp}
                          label={t('act.move_up', { title: c.title })}
                          disabled={i === 0}
                          onClick={() => shift(c, -1)}
                        />
                        <IconButton
                          className="max-md:hidden"
                          icon={ArrowDown}
                          label={t('act.move_down', { title: c.title })}
                          disabled={i === near.length - 1}
                          onClick={() => shift(c, 1)}
                        />
                        <Menu
                          trigger={
                            <button
                              type="button"
                              aria-label={t('category.menu', { title: c.title })}
                              className="inline-grid size-7 place-items-center rounded-md text-muted hover:bg-tag hover:text-ink max-md:size-11"
                            >
                              <Ellipsis size={15} aria-hidden />
                            </button>
                          }
                          groups={[
                            [
                              { id: 'rename', title: t('act.rename'), run: () => setNaming(c.id) },
                              { id: 'move', title: t('category.move'), run: () => setMoving(c) },
                            ],
                            [
                              {
                                id: 'delete',
                                title: t('act.delete'),
                                danger: true,
                                run: () => act(() => call('DELETE', `/categories/${c.id}`), t('done.removed', { title: c.title })),
                              },
                            ],
                          ]}
                        />
                      </span>
                    )}
                  </>
                )}
              </div>
              {adding === c.id && <New depth={depth + 1} onAdd={(title) => add(c.id, title)} onEnd={() => setAdding(undefined)} />}
            </li>
          )
        })}
        {adding === '' && (
          <li>
            <New depth={0} onAdd={(title) => add('', title)} onEnd={() => setAdding(undefined)} />
          </li>
        )}
      </ul>
      {!fixed && rows.length > 0 && adding !== '' && (
        <Button tone="quiet" icon={Plus} className="mt-2" onClick={() => setAdding('')}>
          {t('category.add')}
        </Button>
      )}
      {moving && (
        <Move
          dimension={dimension}
          category={moving}
          onClose={() => setMoving(undefined)}
          onMove={(parent) => {
            const c = moving
            setMoving(undefined)
            act(() => call('PATCH', `/categories/${c.id}`, { parent: parent || null }))
          }}
        />
      )}
    </div>
  )
}

function Name({ value, label, onDone }: { value: string; label: string; onDone: (title: string) => void }) {
  const [text, setText] = useState(value)
  return (
    <input
      className="control h-7! flex-1 max-md:h-11!"
      aria-label={label}
      autoFocus
      value={text}
      onFocus={(e) => e.target.select()}
      onChange={(e) => setText(e.target.value)}
      onBlur={() => onDone(text.trim())}
      onKeyDown={(e) => {
        if (composing(e)) return
        if (e.key === 'Enter') onDone(text.trim())
        if (e.key === 'Escape') onDone(value)
      }}
    />
  )
}

/** Enter adds and waits for the next, so that a list is typed in one go; an empty line ends it. */
function New({ depth, onAdd, onEnd }: { depth: number; onAdd: (title: string) => void; onEnd: () => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const add = () => {
    const title = text.trim()
    if (!title) return onEnd()
    onAdd(title)
    setText('')
  }
  return (
    <div className="flex h-9 items-center border-b border-line pr-2 max-md:h-12" style={{ paddingLeft: 8 + depth * 24 }}>
      <input
        className="control h-7! flex-1 max-md:h-11!"
        aria-label={t('category.add')}
        placeholder={t('category.new_hint')}
        autoFocus
        value={text}
        onChange={(e) => setText(e.target.value)}
        onBlur={() => (text.trim() ? add() : onEnd())}
        onKeyDown={(e) => {
          if (composing(e)) return
          if (e.key === 'Enter') add()
          if (e.key === 'Escape') onEnd()
        }}
      />
    </div>
  )
}

function Move({
  dimension,
  category,
  onClose,
  onMove,
}: {
  dimension: Dimension
  category: Category
  onClose: () => void
  onMove: (parent: string) => void
}) {
  const { t } = useTranslation()
  const [parent, setParent] = useState(category.parent)
  // Nothing moves under itself.
  const below = new Set([category.id])
  for (const { value: c } of ordered(dimension.categories)) if (below.has(c.parent)) below.add(c.id)
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('category.move_title', { title: category.title })}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" onClick={() => onMove(parent)}>
            {t('category.move')}
          </Button>
        </>
      }
    >
      <Select aria-label={t('category.parent')} className="w-full" value={parent} onChange={(e) => setParent(e.target.value)}>
        <option value="">{t('category.top')}</option>
        <CategoryOptions categories={dimension.categories.filter((c) => !below.has(c.id))} />
      </Select>
    </Dialog>
  )
}
