import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronDown, ChevronUp, FileUp, RotateCw, Upload as UploadIcon, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post } from '../client/call'
import { useMay } from '../client/data'
import type { Page, Rec } from '../client/types'
import { bytes, percent } from '../field/format'
import { choiceLabel } from '../field/label'
import { toneOf } from '../field/tone'
import { Button, IconButton } from '../ui/button'
import { useCommands } from '../ui/command'
import { useNarrow } from '../ui/size'
import { State } from '../ui/tag'
import { clearDone, findUnfinished, forget, retry, type Sending, send, useSendings, useUnfinished } from './send'

let choose: (() => void) | undefined

/** The page's way to hand papers in; dropping files anywhere does the same. */
export function UploadButton() {
  const { t } = useTranslation()
  const narrow = useNarrow()
  if (!useMay('document', 'create')) return null
  return (
    <Button
      tone="primary"
      icon={UploadIcon}
      aria-label={t('upload.button')}
      className="max-md:w-11 max-md:px-0!"
      onClick={() => choose?.()}
    >
      {!narrow && t('upload.button')}
    </Button>
  )
}

/** Files dropped anywhere in the window are taken in. */
export function DropZone() {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const may = useMay('document', 'create')
  choose = () => input.current?.click()
  useCommands([
    {
      id: 'upload',
      title: t('upload.button'),
      alias: t('alias.upload'),
      keys: ['u'],
      icon: UploadIcon,
      group: 'app',
      disabled: !may,
      run: () => choose?.(),
    },
  ])
  useEffect(() => {
    if (!may) return
    findUnfinished()
    let depth = 0
    const files = (e: DragEvent) => e.dataTransfer?.types.includes('Files')
    // Some places take files for a purpose of their own.
    const elsewhere = (e: DragEvent) => e.target instanceof Element && e.target.closest('[data-drop]') !== null
    const enter = (e: DragEvent) => {
      if (!files(e)) return
      depth++
      setOver(!elsewhere(e))
    }
    const leave = (e: DragEvent) => {
      if (files(e) && --depth <= 0) {
        depth = 0
        setOver(false)
      }
    }
    const hover = (e: DragEvent) => files(e) && e.preventDefault()
    const drop = (e: DragEvent) => {
      if (!files(e)) return
      e.preventDefault()
      depth = 0
      setOver(false)
      if (!elsewhere(e)) send(e.dataTransfer!.files)
    }
    window.addEventListener('dragenter', enter)
    window.addEventListener('dragleave', leave)
    window.addEventListener('dragover', hover)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragenter', enter)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('dragover', hover)
      window.removeEventListener('drop', drop)
    }
  }, [may])
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('upload.button')}
        onChange={(e) => {
          send(e.target.files ?? [])
          e.target.value = ''
        }}
      />
      {over && (
        <div className="pointer-events-none fixed inset-0 z-60 grid place-items-center bg-veil p-6">
          <div className="flex flex-col items-center gap-2 rounded-lg border-2 border-dashed border-accent bg-panel px-16 py-12">
            <FileUp size={32} strokeWidth={1.5} aria-hidden className="text-accent" />
            <p className="text-lg font-medium">{t('upload.drop')}</p>
            <p className="text-muted">{t('upload.drop_note')}</p>
          </div>
        </div>
      )}
    </>
  )
}

/** What is being sent and what became of it. It stays while pages change. */
export function Tray() {
  const { t } = useTranslation()
  const list = useSendings()
  const unfinished = useUnfinished()
  const [fold, setFolded] = useState<boolean>()
  // What an earlier tab left asks for one line; what is being sent now is shown.
  const folded = fold ?? list.length === 0
  const [hidden, setHidden] = useState(false)
  const busy = list.filter((s) => s.state === 'queued' || s.state === 'sending')
  useEffect(() => {
    if (list.length > 0) setHidden(false)
  }, [list.length])
  useEffect(() => {
    if (busy.length === 0) return
    const stay = (e: BeforeUnloadEvent) => e.preventDefault()
    window.addEventListener('beforeunload', stay)
    return () => window.removeEventListener('beforeunload', stay)
  }, [busy.length > 0])
  const failed = list.filter((s) => s.state === 'failed').length
  const states = useStates(list)
  if (hidden || (list.length === 0 && unfinished.length === 0)) return null
  const size = list.reduce((n, s) => n + s.file.size, 0)
  const sent = list.reduce((n, s) => n + s.sent, 0)
  const title =
    busy.length > 0
      ? t('upload.sending', { done: list.length - busy.length, of: list.length, percent: size > 0 ? percent(sent / size) : '' })
      : failed > 0
        ? t('upload.failed', { n: failed, of: list.length })
        : list.length > 0
          ? t('upload.sent', { n: list.length })
          : t('upload.unfinished', { n: unfinished.length })
  return (
    <aside
      aria-label={t('upload.tray')}
      className="popup fixed bottom-[60px] right-4 z-30 flex max-h-[50vh] w-[360px] flex-col max-md:inset-x-2 max-md:bottom-32 max-md:w-auto"
    >
      <header className="flex h-10 shrink-0 items-center gap-1 pl-3 pr-1 max-md:h-12">
        <h2 className="min-w-0 flex-1 truncate text-sm">
          <span role="status">{title}</span>
        </h2>
        <IconButton
          icon={folded ? ChevronUp : ChevronDown}
          label={t(folded ? 'upload.unfold' : 'upload.fold')}
          onClick={() => setFolded(!folded)}
        />
        {busy.length === 0 && (
          <IconButton
            icon={X}
            label={t('act.close')}
            onClick={() => {
              clearDone()
              setHidden(true)
            }}
          />
        )}
      </header>
      {busy.length > 0 && <Meter value={size > 0 ? sent / size : 0} label={title} />}
      {!folded && (
        <ul tabIndex={0} aria-label={t('upload.tray')} className="min-h-0 flex-1 overflow-auto border-t border-line py-1">
          {unfinished.map((u) => (
            <li key={u.id} className="flex min-h-11 items-center gap-2 px-3">
              <div className="min-w-0 flex-1">
                <p className="truncate">{u.name}</p>
                <p className="text-xs text-muted">
                  {t('upload.stopped', { at: percent(u.size > 0 ? u.offset / u.size : 0), size: bytes(u.size) })}
                </p>
              </div>
              <Button onClick={() => choose?.()}>{t('upload.go_on')}</Button>
              <IconButton icon={X} label={t('upload.forget', { name: u.name })} onClick={() => forget(u)} />
            </li>
          ))}
          {[...list].reverse().map((s) => (
            <Item key={s.key} sending={s} state={s.document ? states.get(s.document.id) : undefined} />
          ))}
        </ul>
      )}
    </aside>
  )
}

function Item({ sending: s, state }: { sending: Sending; state?: string }) {
  const { t } = useTranslation()
  return (
    <li className="flex min-h-11 items-center gap-2 px-3">
      <div className="min-w-0 flex-1">
        <p className="truncate">{s.file.name}</p>
        {s.state === 'failed' ? (
          <p className="text-xs text-bad">{s.error}</p>
        ) : s.state === 'sending' ? (
          <Meter value={s.file.size > 0 ? s.sent / s.file.size : 0} label={s.file.name} />
        ) : (
          <p className="text-xs text-muted">{bytes(s.file.size)}</p>
        )}
      </div>
      {s.state === 'failed' && <IconButton icon={RotateCw} label={t('act.again')} onClick={() => retry(s)} />}
      {s.state === 'queued' && <span className="text-xs text-muted">{t('upload.queued')}</span>}
      {s.state === 'already' && s.document && (
        <Link
          to="/$plural"
          params={{ plural: 'documents' }}
          search={{ id: s.document.id } as never}
          className="text-xs text-accent hover:underline"
        >
          {s.version ? t('upload.already_version', { n: s.version }) : t('upload.already')}
        </Link>
      )}
      {s.state === 'done' &&
        (state === 'waiting' || state === 'failed' ? (
          <Link to="/queue" search={{ doc: s.document!.id } as never} className="text-xs text-accent hover:underline">
            {t('upload.look')}
          </Link>
        ) : (
          <State tone={toneOf('document', 'state', state ?? 'received')}>{choiceLabel('document', 'state', state ?? 'received')}</State>
        ))}
    </li>
  )
}

function Meter({ value, label }: { value: number; label: string }) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(value * 100)}
      className="my-1 h-[3px] overflow-hidden rounded-full bg-line"
    >
      <div className="h-full bg-accent transition-[width]" style={{ width: `${value * 100}%` }} />
    </div>
  )
}

/** How far the server is with what was sent; asked again as its changes come in. */
function useStates(list: Sending[]): Map<string, string> {
  const ids = list.flatMap((s) => (s.state === 'done' && s.document ? [s.document.id] : [])).slice(-100)
  const { data } = useQuery<Page<Rec>>({
    queryKey: ['document', 'states', ids],
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: (q) => (q.state.data?.data.some((r) => r.state === 'received' || r.state === 'reading') ? 2500 : false),
    queryFn: ({ signal }) => post<Page<Rec>>('/documents:query', { filter: { field: 'id', op: 'in', value: ids }, limit: 100 }, { signal }),
  })
  return new Map((data?.data ?? []).map((r) => [r.id, String(r.state)]))
}
