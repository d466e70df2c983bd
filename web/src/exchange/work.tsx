import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Download, ListChecks, Play, RotateCcw, TriangleAlert, Undo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { base, call, get, post, tell, words } from '../client/call'
import { cache, useKinds } from '../client/data'
import type { Job } from '../client/types'
import { choiceLabel, kindLabel } from '../field/label'
import { toneOf } from '../field/tone'
import { Bar, Space } from '../ui/bar'
import { Button } from '../ui/button'
import { State as Mark } from '../ui/tag'
import { warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { Columns } from './mapping'
import { Reasons, Sums, useReasons } from './result'
import { busy, type Counts, type Import, type Mapping, type Proposal } from './types'

/** One import: how it is read, a dry run, the run, what became of it, and the way back. */
export function Work({ id }: { id: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const kinds = useKinds()
  const [draft, setDraft] = useState<Mapping>()
  const [dirty, setDirty] = useState(false)
  const [acting, setActing] = useState(false)
  const one = useQuery({
    queryKey: ['import', 'one', id, 'proposal'],
    queryFn: ({ signal }) => get<Proposal>(`/imports/${id}/proposal`, signal),
    refetchInterval: (q) => (q.state.data && busy(q.state.data.import.state) ? 700 : false),
  })
  const imp = one.data?.import
  const reasons = useReasons(imp)
  useEffect(() => {
    if (one.data && !dirty) setDraft(one.data.mapping)
  }, [one.data, dirty])
  if (one.error)
    return (
      <Empty icon={TriangleAlert} title={t('error.title')} note={tell(one.error)}>
        <Button onClick={() => one.refetch()}>{t('act.again')}</Button>
      </Empty>
    )
  if (!imp || !draft || !one.data) return <Skeleton lines={10} />
  const act = async (verb: string, body?: unknown) => {
    setActing(true)
    try {
      if (dirty) {
        await call('PATCH', `/imports/${id}`, draft)
        setDirty(false)
      }
      await post(`/imports/${id}/${verb}`, body)
    } catch (e) {
      warn(tell(e))
    }
    setActing(false)
    cache.invalidateQueries({ queryKey: ['import'] })
  }
  const open = imp.state === 'mapping' || imp.state === 'failed'
  const of = kinds.find((k) => k.kind === imp.of)
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={<span className="block max-w-[40vw] truncate">{imp.name}</span>}>
        <Mark tone={toneOf('import', 'state', imp.state)}>{choiceLabel('import', 'state', imp.state)}</Mark>
        <Space />
        {open && (
          <>
            <Button icon={ListChecks} busy={acting} onClick={() => act('dry-run')}>
              {t('import.check')}
            </Button>
            <Button tone="primary" icon={Play} busy={acting} onClick={() => act('run')}>
              {t('import.run')}
            </Button>
          </>
        )}
        {(imp.state === 'done' || imp.state === 'undone') && imp.rejected > 0 && (
          <a
            href={`${base}/imports/${id}/rejects`}
            download
            className="inline-flex h-7 items-center gap-1.5 rounded-md border border-line px-2.5 hover:bg-hover max-md:h-11"
          >
            <Download size={14} aria-hidden />
            {t('import.rejects')}
          </a>
        )}
        {(imp.state === 'done' || imp.state === 'failed') && (
          <Button icon={Undo2} busy={acting} onClick={() => act('undo')}>
            {t('import.undo')}
          </Button>
        )}
        {imp.state === 'undone' && imp.kept > 0 && (
          <Button tone="danger" busy={acting} onClick={() => act('undo', { anyway: true })}>
            {t('import.undo_anyway')}
          </Button>
        )}
        {imp.state === 'undone' && (
          <Button icon={RotateCcw} busy={acting} onClick={() => act('redo')}>
            {t('import.redo')}
          </Button>
        )}
      </Bar>
      <section
        tabIndex={0}
        aria-label={imp.name}
        className="min-h-0 flex-1 overflow-auto bg-panel p-6 focus-visible:outline-none max-md:p-4"
      >
        <div className="mx-auto flex max-w-[1080px] flex-col gap-6">
          {imp.reason && (
            <p role="alert" className="rounded-md bg-bad-tint px-3 py-2 text-bad">
              {words(imp.reason)} {imp.detail}
            </p>
          )}
          {busy(imp.state) ? (
            <Running imp={imp} onResume={() => act(imp.state === 'checking' ? 'dry-run' : imp.state === 'running' ? 'run' : 'undo')} />
          ) : (
            imp.rows > 0 && (
              <>
                <Sums imp={imp} dry={imp.state === 'mapping'} />
                <Reasons tallies={reasons} id={id} />
              </>
            )
          )}
          {imp.state === 'done' && of && (
            <p>
              <Link to="/$plural" params={{ plural: of.plural }} className="text-accent hover:underline">
                {t('import.look', { kind: kindLabel(of) })}
              </Link>
            </p>
          )}
          {open && (
            <Columns
              proposal={one.data}
              mapping={draft}
              onChange={(m) => {
                setDraft(m)
                setDirty(true)
              }}
            />
          )}
        </div>
      </section>
      {open && (
        <p className="border-t border-line bg-panel px-6 py-2 text-xs text-muted max-md:px-4">
          {t('import.note')}
          <button
            type="button"
            className="ml-3 text-accent hover:underline"
            onClick={() => navigate({ to: '/imports', search: {} as never })}
          >
            {t('import.later')}
          </button>
        </p>
      )}
    </div>
  )
}

/** How far the server is; the bar follows the job, the numbers the rows. */
function Running({ imp, onResume }: { imp: Import; onResume: () => void }) {
  const { t } = useTranslation()
  const { data } = useQuery({
    queryKey: ['import', 'one', imp.id, 'progress'],
    refetchInterval: 700,
    queryFn: ({ signal }) => get<Counts>(`/imports/${imp.id}/progress`, signal),
  })
  const jobs = useQuery({
    queryKey: ['job', 'import', imp.id],
    refetchInterval: 700,
    queryFn: ({ signal }) => get<{ data: Job[] }>('/jobs?limit=5', signal),
  })
  const job = jobs.data?.data.find((j) => j.queue === 'import' && j.state === 'running')
  // Cancelled, or given up: the work stands still and may go on.
  const still =
    jobs.data !== undefined && !jobs.data.data.some((j) => j.queue === 'import' && (j.state === 'running' || j.state === 'waiting'))
  const part = job && job.total > 0 ? Math.min(1, job.done / job.total) : 0
  return (
    <div className="flex flex-col gap-4" aria-live="polite">
      <span
        role="progressbar"
        aria-label={choiceLabel('import', 'state', imp.state)}
        aria-valuenow={Math.round(part * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        className="block h-1 overflow-hidden rounded-full bg-line"
      >
        <span className="block h-full bg-accent transition-[width]" style={{ width: `${part * 100}%` }} />
      </span>
      {data && imp.state !== 'undoing' && <Sums imp={data} dry={imp.state === 'checking'} />}
      <p className="text-sm text-muted">{t('import.safe')}</p>
      {still && (
        <p>
          <Button icon={Play} onClick={onResume}>
            {t('import.resume')}
          </Button>
        </p>
      )}
    </div>
  )
}
