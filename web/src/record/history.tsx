import { ArrowRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useHistory } from '../client/data'
import type { Field, Kind } from '../client/types'
import { moment } from '../field/format'
import { fieldLabel, told } from '../field/label'
import { Button } from '../ui/button'
import { Skeleton } from '../ui/wait'

/** Every change of a record: who, when, why, and each field before and after. */
export function History({ kind, id }: { kind: Kind; id: string }) {
  const { t, i18n } = useTranslation()
  const list = useHistory(kind, id)
  const fieldOf = (name: string): Field => kind.fields.find((f) => f.name === name) ?? { name, type: 'text' }
  if (list.isPending) return <Skeleton lines={8} />
  const changes = list.data?.pages.flatMap((p) => p.data) ?? []
  return (
    <ol className="px-4 py-3">
      {changes.map((c) => {
        const cause = `cause.${c.cause}`
        return (
          <li key={c.id} className="relative border-l border-line pb-4 pl-4 last:pb-0">
            <i className="absolute -left-1 top-1.5 size-2 rounded-full border border-edge bg-panel" />
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-medium">{t(`change.${c.op}`)}</span>
              <span>{c.by?.title ?? t('change.system')}</span>
              {c.cause && c.cause !== 'request' && <span className="text-xs text-muted">{i18n.exists(cause) ? t(cause) : c.cause}</span>}
              <time dateTime={c.at} className="ml-auto text-xs text-muted">
                {moment(c.at)}
              </time>
            </p>
            {c.op === 'update' && (
              <ul className="mt-1 flex flex-col gap-0.5">
                {Object.entries(c.fields ?? {}).map(([name, [before, after]]) => (
                  <li key={name} className="grid grid-cols-[80px_1fr] gap-2">
                    <span className="truncate text-xs leading-5 text-muted">{fieldLabel(kind.kind, fieldOf(name))}</span>
                    <span className="min-w-0 break-words">
                      <del className="text-muted no-underline">{told(kind.kind, fieldOf(name), before)}</del>
                      <ArrowRight size={12} aria-label={t('change.to')} className="mx-1.5 inline text-muted" />
                      <ins className="no-underline">{told(kind.kind, fieldOf(name), after)}</ins>
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </li>
        )
      })}
      {list.hasNextPage && (
        <Button tone="quiet" busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          {t('act.more')}
        </Button>
      )}
    </ol>
  )
}
