import { Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, post, tell } from '../client/call'
import { stale, useHistory, useTalk } from '../client/data'
import type { Comment, Kind, Rec } from '../client/types'
import { Button, IconButton } from '../ui/button'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { Composer } from './composer'
import { Ago, Entry } from './history'
import { blank, type Draft, pack, pieces, unpack } from './mention'

/** One timeline of a record: what people say about it and what was changed, newest first. */
export function Talk({ kind, record, draft, onDraft }: { kind: Kind; record: Rec; draft: Draft; onDraft: (d: Draft) => void }) {
  const { t } = useTranslation()
  const talk = useTalk(kind, record.id)
  const changes = useHistory(kind, record.id)
  const failed = talk.error ?? changes.error
  if (failed && !(talk.data && changes.data))
    return (
      <Empty title={t('error.title')} note={tell(failed)}>
        <Button
          onClick={() => {
            void talk.refetch()
            void changes.refetch()
          }}
        >
          {t('act.again')}
        </Button>
      </Empty>
    )
  const said = (talk.data?.pages.flatMap((p) => p.data) ?? []).map((c) => ({
    at: c.at,
    key: c.id,
    body: <Said c={c} open={!record.deleted_at} />,
  }))
  const changed = (changes.data?.pages.flatMap((p) => p.data) ?? []).map((c) => ({
    at: c.at,
    key: c.id,
    body: <Entry kind={kind} c={c} />,
  }))
  // Of two lists read by pages only so much is shown as both reach: what lies beyond may yet have something of the other between.
  const end = (more: boolean, list: { at: string }[]) => (more ? Date.parse(list.at(-1)?.at ?? '') || 0 : 0)
  const ends = { said: end(talk.hasNextPage, said), changed: end(changes.hasNextPage, changed) }
  const shown = [...said, ...changed]
    .filter((x) => Date.parse(x.at) >= Math.max(ends.said, ends.changed))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  const more = ends.said > ends.changed ? talk : changes
  const send = async () => {
    try {
      await post('/comments', { about: kind.kind, rec: record.id, body: pack(draft) }, { once: crypto.randomUUID() })
      onDraft(blank)
      stale('comment')
    } catch (e) {
      warn(tell(e))
    }
  }
  return (
    <div className="px-4 py-3">
      {!record.deleted_at && <Composer label={t('talk.write')} draft={draft} onDraft={onDraft} send={t('talk.send')} onSend={send} />}
      {talk.isPending || changes.isPending ? (
        <Skeleton lines={8} />
      ) : (
        <ol className="mt-4" aria-label={t('record.talk')}>
          {shown.map((x) => (
            <li key={x.key} className="relative border-l border-line pb-4 pl-4 last:pb-0">
              {x.body}
            </li>
          ))}
        </ol>
      )}
      {(talk.hasNextPage || changes.hasNextPage) && (
        <Button tone="quiet" busy={more.isFetchingNextPage} onClick={() => more.fetchNextPage()}>
          {t('act.more')}
        </Button>
      )}
    </div>
  )
}

async function put(c: Comment, body: string): Promise<Comment | undefined> {
  try {
    const next = await call<Comment>('PATCH', `/comments/${c.id}`, { body }, { version: c.version })
    stale('comment')
    return next
  } catch (e) {
    warn(tell(e))
  }
}

function Said({ c, open }: { c: Comment; open: boolean }) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState<Draft>()
  const save = async () => {
    const body = pack(draft!)
    if (body === c.body) return setDraft(undefined)
    const next = await put(c, body)
    if (!next) return
    setDraft(undefined)
    say(t('talk.changed'), { title: t('act.undo'), run: () => void put(next, c.body) })
  }
  const drop = async () => {
    try {
      await call('DELETE', `/comments/${c.id}`)
      say(t('talk.dropped'), {
        title: t('act.undo'),
        run: () =>
          void post(`/comments/${c.id}/restore`)
            .catch((e) => warn(tell(e)))
            .then(() => stale('comment')),
      })
    } catch (e) {
      warn(tell(e))
    }
    stale('comment')
  }
  return (
    <article>
      <i className="absolute -left-1 top-1.5 size-2 rounded-full bg-accent" />
      <p className="flex items-center gap-x-1">
        <span className="font-medium">{c.by?.title ?? t('change.system')}</span>
        <span className="flex-1" />
        {c.mine && open && !draft && (
          <span className="-my-1 flex max-md:-my-3">
            <IconButton icon={Pencil} size={13} label={t('talk.edit')} onClick={() => setDraft(unpack(c.body))} />
            <IconButton icon={Trash2} size={13} label={t('talk.drop')} onClick={() => void drop()} />
          </span>
        )}
        <Ago at={c.at} />
      </p>
      {draft ? (
        <div className="mt-1">
          <Composer
            label={t('talk.edit')}
            draft={draft}
            onDraft={setDraft}
            send={t('act.save')}
            onSend={save}
            onCancel={() => setDraft(undefined)}
          />
        </div>
      ) : (
        <p className="mt-0.5 whitespace-pre-wrap break-words text-sm leading-[22px]">
          {pieces(c.body, c.mentions).map((x, i) =>
            typeof x === 'string' ? (
              x
            ) : (
              <span key={i} className="rounded-[4px] bg-accent-tint px-1 font-medium">
                @{x.title}
              </span>
            ),
          )}
        </p>
      )}
    </article>
  )
}
