import { useNavigate, useSearch } from '@tanstack/react-router'
import { ArchiveRestore, Flame, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, tell } from '../client/call'
import { stale, useCount, useKinds, useList } from '../client/data'
import type { Kind, Rec } from '../client/types'
import { count, moment, titleOf } from '../field/format'
import { kindLabel } from '../field/label'
import { watch } from '../record/operating'
import { begin } from '../record/operation'
import { restore } from '../record/write'
import { Bar, Space } from '../ui/bar'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Select } from '../ui/select'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'

/** What was thrown away, by kind: brought back with a click, or ended for ever after one question. */
export function Trash() {
  const { t } = useTranslation()
  // What only its own verbs write is not thrown away here.
  const kinds = useKinds().filter((k) => !k.verbs)
  const search = useSearch({ strict: false }) as { kind?: string }
  const navigate = useNavigate()
  const kind = kinds.find((k) => k.kind === search.kind) ?? kinds.find((k) => k.kind === 'receipt') ?? kinds[0]
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.trash')}>
        <Select
          bar
          aria-label={t('trash.kind')}
          value={kind?.kind ?? ''}
          onChange={(e) => navigate({ to: '.', search: { kind: e.target.value } as never, replace: true })}
        >
          {kinds.map((k) => (
            <option key={k.kind} value={k.kind}>
              {kindLabel(k)}
            </option>
          ))}
        </Select>
        <Space />
        <span className="text-xs text-muted max-md:hidden">{t('trash.note')}</span>
      </Bar>
      <section tabIndex={0} aria-label={t('nav.trash')} className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none">
        {kind ? <Gone key={kind.kind} kind={kind} /> : <Skeleton />}
      </section>
    </div>
  )
}

function Gone({ kind }: { kind: Kind }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const list = useList(kind, { trash: true })
  const total = useCount(kind, { trash: true }, []).data?.count
  const [ending, setEnding] = useState<Rec>()
  const rows = list.data?.pages.flatMap((p) => p.data) ?? []
  const purge = async (r: Rec) => {
    setEnding(undefined)
    try {
      await post(`/${kind.plural}/${r.id}/purge`)
      say(t('done.purged', { title: titleOf(r) }))
    } catch (e) {
      warn(tell(e))
    }
    stale(kind.kind)
  }
  const all = async () => {
    const id = await begin(kind, {}, { restore: true })
    if (id) watch(id, (id) => navigate({ to: '/operations', search: { id } as never }))
  }
  if (list.isPending) return <Skeleton lines={8} />
  if (list.error)
    return (
      <Empty title={t('error.title')} note={tell(list.error)}>
        <Button onClick={() => list.refetch()}>{t('act.again')}</Button>
      </Empty>
    )
  if (rows.length === 0) return <Empty icon={Trash2} title={t('trash.empty')} note={t('trash.empty_note')} />
  return (
    <div className="px-6 py-2 max-md:px-4">
      <ul>
        {rows.map((r) => (
          <li key={r.id} className="flex min-h-11 items-center gap-3 border-b border-line max-md:flex-wrap max-md:py-2">
            <span className="min-w-0 flex-1 truncate">{titleOf(r)}</span>
            <time className="shrink-0 text-xs text-muted">{moment(r.deleted_at)}</time>
            <Button icon={ArchiveRestore} onClick={() => restore(kind, r)}>
              {t('act.restore')}
            </Button>
            {(kind.can?.includes('purge') ?? true) && (
              <Button tone="danger" icon={Flame} onClick={() => setEnding(r)}>
                {t('act.purge')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className="flex items-center gap-3 py-3 text-xs text-muted">
        {total !== undefined && t('total.count', { n: count(total) })}
        {rows.length > 1 && (kind.can?.includes('delete') ?? true) && (
          <Button icon={ArchiveRestore} onClick={all}>
            {t('trash.restore_all')}
          </Button>
        )}
        {list.hasNextPage && (
          <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {t('act.more')}
          </Button>
        )}
      </div>
      {ending && (
        <Dialog
          open
          onClose={() => setEnding(undefined)}
          title={t('trash.purge_title')}
          note={t('trash.purge_note', { title: titleOf(ending) })}
          foot={
            <>
              <Button form onClick={() => setEnding(undefined)}>
                {t('act.cancel')}
              </Button>
              <Button form tone="danger" onClick={() => purge(ending)}>
                {t('act.purge')}
              </Button>
            </>
          }
        />
      )}
    </div>
  )
}
