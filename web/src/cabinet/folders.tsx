import { useQuery } from '@tanstack/react-query'
import { Ellipsis, FolderPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, get, post, Problem, tell, words } from '../client/call'
import { stale, useKind, useMay } from '../client/data'
import type { Filter, Kind, Page, Rec, Ref } from '../client/types'
import { RefInput } from '../field/ref'
import { useBreakdown } from '../record/group'
import { trash } from '../record/write'
import { Button, IconButton } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { onEnter } from '../ui/key'
import { Menu } from '../ui/menu'
import { Row } from '../ui/row'
import { useKept } from '../ui/size'
import { say, warn } from '../ui/toast'
import { Skeleton } from '../ui/wait'
import { Drawer, Note } from './branch'
import { Plant } from './plant'

const most = 200

/** The folders below one, by name. */
function useFolders(parent: string) {
  return useQuery({
    queryKey: ['folder', 'below', parent],
    queryFn: ({ signal }) =>
      post<Page<Rec>>(
        '/folders:query',
        { filter: parent ? { field: 'parent', op: 'eq', value: parent } : { field: 'parent', op: 'empty' }, sort: 'name', limit: most },
        { signal },
      ),
  })
}

const inFolder = (f: Rec): Filter => ({ field: 'folder', op: 'eq', value: { id: f.id, title: f.title } })

type Asking = { what: 'new'; parent?: Rec } | { what: 'rename' | 'move'; folder: Rec }

/** The folders that people made, as a tree of their own. */
export function Folders({ document, at, onGo }: { document: Kind; at?: Filter; onGo: (within: Filter) => void }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState<Asking>()
  const may = useMay('folder', 'create')
  return (
    <section aria-label={t('cabinet.folders')} className="mt-2 border-t border-line">
      <div className="flex items-center gap-1 px-3 py-1.5">
        <h2 className="flex-1 text-xs font-medium text-muted">{t('cabinet.folders')}</h2>
        {may && <IconButton icon={FolderPlus} label={t('cabinet.folder_new')} onClick={() => setAsking({ what: 'new' })} />}
      </div>
      <Plant label={t('cabinet.folders')}>
        <Below parent="" depth={0} document={document} at={at} onGo={onGo} onAsk={setAsking} />
      </Plant>
      {asking && <Asked asking={asking} onClose={() => setAsking(undefined)} />}
    </section>
  )
}

interface BelowProps {
  parent: string
  depth: number
  document: Kind
  at?: Filter
  onGo: (within: Filter) => void
  onAsk: (a: Asking) => void
}

function Below(p: BelowProps) {
  const { t } = useTranslation()
  const { data, error, refetch } = useFolders(p.parent)
  const ids = data?.data.map((f) => f.id) ?? []
  // One question for all of them, asked anew when documents change.
  const counted = useBreakdown(
    p.document,
    { filter: { field: 'folder', op: 'in', value: ids } },
    [{ field: 'folder', limit: most }],
    [],
    undefined,
    ids.length > 0,
  ).data?.axes[0]?.groups
  if (error)
    return (
      <Note label={tell(error)}>
        <span className="text-bad">{tell(error)}</span>
        <Button onClick={() => refetch()}>{t('act.again')}</Button>
      </Note>
    )
  if (!data)
    return (
      <Note label={t('cabinet.counting')}>
        <Skeleton lines={2} className="flex w-full flex-col gap-2 p-2" />
      </Note>
    )
  if (ids.length === 0) return <Note depth={p.depth}>{t(p.parent ? 'cabinet.folder_empty' : 'cabinet.folders_none')}</Note>
  return (
    <>
      {data.data.map((f) => (
        <Folder key={f.id} {...p} folder={f} documents={counted && (counted.find((g) => g.id === f.id)?.count ?? 0)} />
      ))}
      {data.has_more && <Note depth={p.depth}>{t('cabinet.folders_more', { n: most })}</Note>}
    </>
  )
}

function Folder({ folder, documents, ...p }: BelowProps & { folder: Rec; documents?: number }) {
  const { t } = useTranslation()
  const kind = useKind('folder')
  const [open, setOpen] = useKept(`guike.folder.${folder.id}`, '')
  const within = inFolder(folder)
  const update = useMay('folder', 'update')
  const create = useMay('folder', 'create')
  const remove = useMay('folder', 'delete')
  const file = useMay('document', 'update')
  const take = async (id: string) => {
    try {
      const was = await get<Rec>(`/documents/${id}`)
      const old = was.folder as Ref | null
      if (old?.id === folder.id) return
      const now = await call<Rec>('PATCH', `/documents/${id}`, { folder: folder.id }, { version: was.version })
      say(t('cabinet.moved_one', { title: was.title, folder: folder.title }), {
        title: t('act.undo'),
        run: () =>
          void call('PATCH', `/documents/${id}`, { folder: old?.id ?? null }, { version: now.version })
            .catch((e) => warn(tell(e)))
            .then(renewed),
      })
    } catch (e) {
      warn(tell(e))
    }
    renewed()
  }
  const drop = async () => {
    const below = await post<{ count: number }>('/folders:count', { filter: { field: 'parent', op: 'eq', value: folder.id } }).catch(
      () => undefined,
    )
    if (documents !== 0 || (below?.count ?? 1) > 0) return warn(t('cabinet.folder_full', { title: folder.title }))
    if (kind) await trash(kind, folder)
  }
  return (
    <Drawer
      title={folder.title}
      count={documents}
      depth={p.depth}
      on={!!p.at && JSON.stringify(p.at) === JSON.stringify(within)}
      open={!!open}
      onOpen={(on) => setOpen(on ? 'open' : '')}
      onGo={() => p.onGo(within)}
      onTake={file ? take : undefined}
      menu={
        (update || create || remove) && (
          // What is done with the folder does not open it.
          <span className="shrink-0" onClick={(e) => e.stopPropagation()}>
            <Menu
              align="start"
              trigger={
                <button
                  type="button"
                  aria-label={t('cabinet.folder_menu', { title: folder.title })}
                  className="grid size-6 place-items-center rounded-md text-muted opacity-0 hover:bg-tag focus-visible:opacity-100 group-hover/drawer:opacity-100 data-[popup-open]:opacity-100 [@media(hover:none)]:opacity-100"
                >
                  <Ellipsis size={14} aria-hidden />
                </button>
              }
              groups={[
                [
                  {
                    id: 'new',
                    title: t('cabinet.folder_below'),
                    disabled: !create,
                    run: () => {
                      setOpen('open')
                      p.onAsk({ what: 'new', parent: folder })
                    },
                  },
                  { id: 'rename', title: t('cabinet.folder_rename'), disabled: !update, run: () => p.onAsk({ what: 'rename', folder }) },
                  { id: 'move', title: t('cabinet.folder_move'), disabled: !update, run: () => p.onAsk({ what: 'move', folder }) },
                ],
                [{ id: 'drop', title: t('act.trash'), danger: true, disabled: !remove, run: () => void drop() }],
              ]}
            />
          </span>
        )
      }
    >
      {open && <Below {...p} parent={folder.id} depth={p.depth + 1} />}
    </Drawer>
  )
}

function renewed() {
  stale('folder')
  stale('document')
}

/** Asks for a folder's name, or for where it is to lie. */
function Asked({ asking, onClose }: { asking: Asking; onClose: () => void }) {
  const { t } = useTranslation()
  const was = asking.what === 'new' ? undefined : asking.folder
  const [name, setName] = useState(asking.what === 'rename' ? (was?.title ?? '') : '')
  const [parent, setParent] = useState<Ref | null>((was?.parent as Ref | null) ?? null)
  const [once] = useState(() => crypto.randomUUID())
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    setWrong('')
    try {
      if (asking.what === 'new') await post('/folders', { name: name.trim(), parent: asking.parent?.id ?? null }, { once })
      else
        await call('PATCH', `/folders/${was!.id}`, asking.what === 'rename' ? { name: name.trim() } : { parent: parent?.id ?? null }, {
          version: was!.version,
        })
      renewed()
      onClose()
    } catch (e) {
      const field = e instanceof Problem ? Object.values(e.fields)[0] : undefined
      setWrong(field ? words(field) : tell(e))
    }
    setBusy(false)
  }
  const titles = { new: t('cabinet.folder_new'), rename: t('cabinet.folder_rename'), move: t('cabinet.folder_move') }
  return (
    <Dialog
      open
      onClose={onClose}
      title={titles[asking.what]}
      note={asking.what === 'new' ? asking.parent?.title : was?.title}
      foot={
        <Button form tone="primary" busy={busy} disabled={asking.what !== 'move' && name.trim() === ''} onClick={save}>
          {t('act.save')}
        </Button>
      }
    >
      {asking.what === 'move' ? (
        <Row label={t('cabinet.folder_to')} note={t('cabinet.folder_top')} error={wrong}>
          {(ids) => <RefInput {...ids} kind="folder" value={parent} onChange={setParent} />}
        </Row>
      ) : (
        <Row label={t('field.folder.name')} required error={wrong}>
          {(ids) => (
            <input
              {...ids}
              className="control"
              maxLength={120}
              value={name}
              onChange={(e) => setName(e.target.value)}
              onKeyDown={onEnter(() => void (name.trim() && save()))}
            />
          )}
        </Row>
      )}
    </Dialog>
  )
}
