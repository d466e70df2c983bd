import { Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, post, tell } from '../client/call'
import { stale } from '../client/data'
import type { Comment } from '../client/types'
import { IconButton } from '../ui/button'
import { say, warn } from '../ui/toast'
import { Composer } from './composer'
import { Ago } from './history'
import { type Draft, pack, pieces, unpack } from './mention'

async function put(c: Comment, body: string): Promise<Comment | undefined> {
  try {
    const next = await call<Comment>('PATCH', `/comments/${c.id}`, { body }, { version: c.version })
    stale('comment')
    return next
  } catch (e) {
    warn(tell(e))
  }
}

/** What somebody said; its author may change it and take it back. */
export function Said({ c, open }: { c: Comment; open: boolean }) {
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
