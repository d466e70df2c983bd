import { ChevronDown, Eye, Pencil, Plus, Save, Star, Trash2, Users } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../client/call'
import type { Kind } from '../client/types'
import { kindLabel } from '../field/label'
import { Button, IconButton } from '../ui/button'
import { cx } from '../ui/cx'
import { Popover } from '../ui/popover'
import { say, warn } from '../ui/toast'
import type { Layout } from './columns'
import { Naming } from './naming'
import { addressOf, forget, keepView, renameView, type Saved, saveView, strayed, useViews } from './saved'
import type { View } from './view'

/** Which view the list shows, the way to another, and what may be done with it. */
export function ViewPicker({
  kind,
  view,
  onChange,
  columns,
  layout,
}: {
  kind: Kind
  view: View
  onChange: (v: Partial<View>) => void
  columns: string[]
  layout: Layout
}) {
  const { t } = useTranslation()
  const all = useViews(kind).data?.data ?? []
  const [open, setOpen] = useState(false)
  const [asking, setAsking] = useState<Saved | 'new'>()
  const now = all.find((v) => v.id === view.view)
  const astray = !!now && strayed(now, view)
  const ask = (of: Saved | 'new') => {
    setOpen(false)
    setAsking(of)
  }
  const take = (v: Saved | undefined) => {
    setOpen(false)
    onChange(addressOf(v))
  }
  const save = async (v: Saved) => {
    setOpen(false)
    try {
      await saveView(kind, v, view, columns, layout)
      // From now on the address says what the view does.
      onChange({ cols: columns })
      say(t('view.saved', { name: v.name }))
    } catch (e) {
      warn(tell(e))
    }
  }
  const drop = async (v: Saved) => {
    setOpen(false)
    try {
      await forget(v)
    } catch (e) {
      return warn(tell(e))
    }
    if (v === now) onChange(addressOf(undefined))
  }
  const groups = [
    { title: t('view.mine'), views: all.filter((v) => !v.shared) },
    { title: t('view.shared'), views: all.filter((v) => v.shared) },
  ].filter((g) => g.views.length > 0)
  return (
    <>
      <Popover
        title={t('view.title')}
        open={open}
        onOpenChange={setOpen}
        className="w-80"
        trigger={
          <button
            type="button"
            className="flex h-7 min-w-0 max-w-56 shrink-0 items-center gap-1 rounded-md px-2 text-muted hover:bg-hover hover:text-ink data-[popup-open]:bg-hover max-md:h-11 max-md:max-w-36"
          >
            <span className="truncate">{now ? now.name : t('view.all')}</span>
            {astray && (
              <span className="shrink-0 text-xs text-warn">
                <span aria-hidden>•</span> <span className="max-md:sr-only">{t('view.strayed')}</span>
              </span>
            )}
            <ChevronDown size={13} aria-hidden className="shrink-0" />
          </button>
        }
      >
        <ul className="p-1">
          <Line on={!now} onClick={() => take(undefined)}>
            {t('view.all_of', { kind: kindLabel(kind) })}
          </Line>
        </ul>
        {groups.map((g) => (
          <section key={g.title} aria-label={g.title} className="border-t border-line p-1">
            <h2 className="px-2 py-1 text-xs font-medium text-muted">{g.title}</h2>
            <ul>
              {g.views.map((v) => (
                <Line
                  key={v.id}
                  on={v === now}
                  onClick={() => take(v)}
                  side={
                    v.mine && (
                      <>
                        <IconButton icon={Pencil} size={13} label={t('view.edit', { name: v.name })} onClick={() => ask(v)} />
                        <IconButton icon={Trash2} size={13} label={t('view.drop', { name: v.name })} onClick={() => drop(v)} />
                      </>
                    )
                  }
                >
                  <span className="min-w-0 truncate">{v.name}</span>
                  {v.first && (
                    <span title={t('view.first')} className="shrink-0 text-accent">
                      <Star size={12} role="img" aria-label={t('view.first')} />
                    </span>
                  )}
                  {v.shared && (v.roles?.length || v.departments?.length) ? (
                    <span title={t('view.some')} className="shrink-0 text-muted">
                      <Users size={12} role="img" aria-label={t('view.some')} />
                    </span>
                  ) : null}
                </Line>
              ))}
            </ul>
          </section>
        ))}
        <div className="flex flex-wrap gap-1 border-t border-line p-1">
          {now?.mine && astray && (
            <Button tone="quiet" icon={Save} onClick={() => save(now)}>
              {t('view.save')}
            </Button>
          )}
          {astray && now && (
            <Button tone="quiet" icon={Eye} onClick={() => take(now)}>
              {t('view.back')}
            </Button>
          )}
          <Button tone="quiet" icon={Plus} onClick={() => ask('new')}>
            {t('view.save_as')}
          </Button>
        </div>
      </Popover>
      {asking && (
        <Naming
          of={asking === 'new' ? undefined : asking}
          title={t(asking === 'new' ? 'view.save_as' : 'view.edit_title')}
          standard
          onClose={() => setAsking(undefined)}
          onKeep={async (a) => {
            if (asking !== 'new') await renameView(asking, a)
            else {
              const id = await keepView(kind, a, view, columns, layout)
              onChange({ view: id, cols: columns })
            }
            say(t('view.saved', { name: a.name }))
            setAsking(undefined)
          }}
        />
      )}
    </>
  )
}

function Line({ on, onClick, side, children }: { on: boolean; onClick: () => void; side?: React.ReactNode; children: React.ReactNode }) {
  return (
    <li className="flex items-center rounded-md hover:bg-hover">
      <button
        type="button"
        aria-current={on || undefined}
        onClick={onClick}
        className={cx(
          'flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left focus-visible:-outline-offset-2 max-md:h-11',
          on && 'font-medium text-accent',
        )}
      >
        {children}
      </button>
      {side}
    </li>
  )
}
