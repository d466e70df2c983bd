import { useQuery } from '@tanstack/react-query'
import { Download, GitCompareArrows, PencilLine, RotateCcw, Undo2, Upload } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { base, call, get, post, tell } from '../client/call'
import { stale, useSession } from '../client/data'
import type { Rec, Version } from '../client/types'
import { bytes, moment, titleOf } from '../field/format'
import { takenBy } from '../field/taken'
import { Button, IconButton } from '../ui/button'
import { cx } from '../ui/cx'
import { Tag } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { Skeleton } from '../ui/wait'
import { Compare } from './compare'
import { PutBack, Replace, TakeOut } from './replace'

/** On a document's page: the files that it has been, a new one in its place, and who is working on it. */
export function Versions({ record, may }: { record: Rec; may: boolean }) {
  const { t } = useTranslation()
  const me = useSession().data?.user
  const edition = Number(record.edition ?? 1)
  const [file, setFile] = useState<File>()
  const [back, setBack] = useState<Version>()
  const [pair, setPair] = useState<[number, number]>()
  const [taking, setTaking] = useState(false)
  const [over, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const can = may && !record.deleted_at
  const list = useQuery({
    queryKey: ['document', 'versions', record.id, edition],
    enabled: edition > 1,
    queryFn: ({ signal }) => get<{ data: Version[] }>(`/documents/${record.id}/versions`, signal),
  })
  const by = takenBy(record)
  const giveBack = async () => {
    try {
      await post(`/documents/${record.id}/return`)
      say(t('taken.returned'))
    } catch (e) {
      warn(tell(e))
    }
    stale('document')
  }
  const drop = can && {
    'data-drop': true,
    onDragOver: (e: DragEvent) => {
      if (!e.dataTransfer.types.includes('Files')) return
      e.preventDefault()
      setOver(true)
    },
    onDragLeave: () => setOver(false),
    onDrop: (e: DragEvent) => {
      e.preventDefault()
      setOver(false)
      setFile(e.dataTransfer.files[0])
    },
  }
  return (
    <section
      aria-label={t('version.title')}
      className={cx('border-t border-line px-4 py-2', over && 'bg-picked outline-2 -outline-offset-2 outline-dashed outline-accent')}
      {...drop}
    >
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="text-xs font-medium text-muted">{t('version.title')}</h3>
        <span className="flex-1 text-xs text-muted">{over ? t('version.drop') : t('version.now', { n: edition })}</span>
        {can && !by && (
          <Button icon={PencilLine} onClick={() => setTaking(true)}>
            {t('taken.take')}
          </Button>
        )}
        {can && (
          <Button icon={Upload} onClick={() => input.current?.click()}>
            {t('version.new')}
          </Button>
        )}
        <input
          ref={input}
          type="file"
          hidden
          aria-label={t('version.new')}
          onChange={(e) => {
            setFile(e.target.files?.[0])
            e.target.value = ''
          }}
        />
      </div>
      {by && (
        <div className="flex flex-wrap items-center gap-2 py-1.5">
          <PencilLine size={14} aria-hidden className="shrink-0 text-warn" />
          <p className="min-w-0 flex-1 text-warn">
            {t(by.id === me?.id ? 'taken.mine' : 'taken.by', { name: by.title, day: String(record.taken_until) })}
            {record.taken_for ? `${t('mark.colon')}${String(record.taken_for)}` : ''}
          </p>
          {can && by.id === me?.id && <Button onClick={() => setTaking(true)}>{t('taken.longer')}</Button>}
          {can && (by.id === me?.id || me?.admin !== false) && (
            <Button icon={Undo2} onClick={giveBack}>
              {t(by.id === me?.id ? 'taken.return' : 'taken.end')}
            </Button>
          )}
        </div>
      )}
      {edition > 1 && list.isPending && <Skeleton lines={2} />}
      {list.error && (
        <p className="flex items-center gap-2 py-1 text-bad">
          <span className="flex-1">{tell(list.error)}</span>
          <Button onClick={() => list.refetch()}>{t('act.again')}</Button>
        </p>
      )}
      {list.data && (
        <ul className="max-h-72 overflow-auto pt-1">
          {list.data.data.map((v) => (
            <li key={v.version} className="flex items-center gap-1 border-t border-line py-1 first:border-t-0">
              <div className="min-w-0 flex-1">
                <p className="flex items-center gap-1.5">
                  <span className="shrink-0 font-medium">{t('version.nth', { n: v.version })}</span>
                  {v.current && <Tag>{t('version.current')}</Tag>}
                  <span className="min-w-0 truncate" title={v.name}>
                    {v.name}
                  </span>
                </p>
                <p className="flex flex-wrap gap-x-2 text-xs text-muted">
                  <span>{v.by?.title ?? t('version.nobody')}</span>
                  <time className="figures">{moment(v.at)}</time>
                  <span className="figures">{bytes(v.size)}</span>
                  {v.of > 0 && <span>{t('version.of', { n: v.of })}</span>}
                </p>
                {v.note && <p className="break-words text-sm">{v.note}</p>}
              </div>
              <IconButton
                icon={GitCompareArrows}
                label={t('version.compare_nth', { n: v.version })}
                onClick={() => setPair(v.version > 1 ? [v.version - 1, v.version] : [1, edition])}
              />
              <a
                href={`${base}/documents/${record.id}/versions/${v.version}/original`}
                download
                aria-label={t('version.save_nth', { n: v.version })}
                title={t('paper.original')}
                className="grid size-7 shrink-0 place-items-center rounded-md text-muted hover:bg-hover hover:text-ink max-md:size-11"
              >
                <Download size={15} aria-hidden />
              </a>
              {can && !v.current && (
                <IconButton icon={RotateCcw} label={t('version.restore_nth', { n: v.version })} onClick={() => setBack(v)} />
              )}
            </li>
          ))}
        </ul>
      )}
      {file && (
        <Replace
          title={titleOf(record)}
          file={file}
          onClose={() => setFile(undefined)}
          send={async (note, force, once) => {
            const form = new FormData()
            form.set('note', note)
            if (force) form.set('force', 'true')
            form.set('file', file)
            await call('POST', `/documents/${record.id}/replace`, undefined, { form, once, version: record.version })
          }}
        />
      )}
      {back && <PutBack record={record} version={back} onClose={() => setBack(undefined)} />}
      {pair && list.data && (
        <Compare document={record.id} versions={list.data.data} from={pair[0]} to={pair[1]} onClose={() => setPair(undefined)} />
      )}
      {taking && <TakeOut record={record} onClose={() => setTaking(false)} />}
    </section>
  )
}
