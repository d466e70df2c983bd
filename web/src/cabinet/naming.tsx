import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, post, Problem, tell, words } from '../client/call'
import { cache, stale, useSession } from '../client/data'
import { count } from '../field/format'
import { Bar } from '../ui/bar'
import { Button } from '../ui/button'
import { Row } from '../ui/row'
import { warn } from '../ui/toast'
import { Empty, Skeleton, useSettled } from '../ui/wait'
import { Places } from './places'

interface Preview {
  total: number
  looked: number
  changed: number
  clashes: number
  rows: { id: string; old: string; new: string; clash: boolean }[]
}

const parts = ['customer', 'year', 'month', 'date', 'type', 'amount', 'number', 'name']
const sample = 5

/** How documents are named in the cabinet. What another template would rename is shown before it does. */
export function Naming({ onBegun }: { onBegun: (operation: string) => void }) {
  const { t } = useTranslation()
  const admin = useSession().data?.user.admin !== false
  const settings = useQuery({
    queryKey: ['setting', 'all'],
    queryFn: ({ signal }) => get<{ naming: string }>('/settings', signal),
  })
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.cabinet')}>
        <Places />
      </Bar>
      <section
        tabIndex={0}
        aria-label={t('cabinet.page_naming')}
        className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none"
      >
        {settings.error ? (
          <Empty icon={TriangleAlert} title={t('error.title')} note={tell(settings.error)}>
            <Button onClick={() => settings.refetch()}>{t('act.again')}</Button>
          </Empty>
        ) : settings.data ? (
          <div className="flex max-w-[1100px] flex-col gap-4 px-6 py-4 max-md:px-4">
            {admin ? (
              <Editor key={settings.data.naming} now={settings.data.naming} onBegun={onBegun} />
            ) : (
              <>
                <p>
                  {t('cabinet.naming_now')} <code>{settings.data.naming}</code>
                </p>
                <p className="text-muted">{t('cabinet.naming_admin')}</p>
              </>
            )}
          </div>
        ) : (
          <Skeleton lines={6} />
        )}
      </section>
    </div>
  )
}

function Editor({ now, onBegun }: { now: string; onBegun: (operation: string) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [naming, setNaming] = useState(now)
  const [whole, setWhole] = useState('')
  const [busy, setBusy] = useState(false)
  const [once, setOnce] = useState(() => crypto.randomUUID())
  const still = useSettled(naming, 300)
  const ask = (template: string, n: number) => ({
    queryKey: ['document', 'naming', template, n],
    retry: false,
    queryFn: ({ signal }: { signal: AbortSignal }) => post<Preview>('/cabinet/naming:preview', { naming: template, sample: n }, { signal }),
  })
  const some = useQuery(ask(still, sample))
  const all = useQuery({ ...ask(whole, 0), enabled: whole !== '' && whole === naming })
  const wrong = some.error instanceof Problem ? words(some.error.fields.naming ?? some.error.detail) : undefined
  const put = (part: string) => {
    const at = input.current?.selectionStart ?? naming.length
    setNaming(`${naming.slice(0, at)}{${part}}${naming.slice(input.current?.selectionEnd ?? at)}`)
    input.current?.focus()
  }
  const apply = async () => {
    setBusy(true)
    try {
      const { id } = await post<{ id: string }>('/cabinet/naming:apply', { naming }, { once })
      onBegun(id)
      stale('operation')
      cache.invalidateQueries({ queryKey: ['setting', 'all'] })
    } catch (e) {
      warn(tell(e))
    }
    setOnce(crypto.randomUUID())
    setBusy(false)
  }
  const shown = whole === naming ? all.data : undefined
  return (
    <>
      <Row label={t('cabinet.template')} note={t('cabinet.template_note')} error={wrong}>
        {(ids) => (
          <input
            {...ids}
            ref={input}
            className="control font-mono"
            maxLength={200}
            spellCheck={false}
            value={naming}
            onChange={(e) => setNaming(e.target.value)}
          />
        )}
      </Row>
      <div role="group" aria-label={t('cabinet.parts')} className="flex flex-wrap gap-1.5">
        {parts.map((p) => (
          <Button key={p} onClick={() => put(p)}>
            {t(`cabinet.part_${p}`)}
          </Button>
        ))}
      </div>
      {!wrong && some.data && <Rows title={t('cabinet.sample')} rows={some.data.rows} />}
      <div className="flex flex-wrap items-center gap-2 border-t border-line pt-4">
        <Button form busy={all.isFetching} disabled={!!wrong} onClick={() => setWhole(naming)}>
          {t('cabinet.preview')}
        </Button>
        <Button form tone="primary" busy={busy} disabled={!shown || (shown.changed === 0 && naming === now)} onClick={apply}>
          {t('cabinet.rename')}
        </Button>
        <span className="text-xs text-muted">{t('cabinet.rename_note')}</span>
      </div>
      {whole === naming && all.error && <p role="alert">{tell(all.error)}</p>}
      {shown && (
        <>
          <p role="status">
            {shown.changed === 0
              ? t('cabinet.rename_none', { n: count(shown.looked) })
              : t('cabinet.rename_some', { n: count(shown.changed), total: count(shown.looked), clashes: count(shown.clashes) })}
            {shown.looked < shown.total && ` ${t('cabinet.rename_first', { n: count(shown.looked), total: count(shown.total) })}`}
          </p>
          {shown.rows.length > 0 && <Rows title={t('cabinet.rename_rows', { n: count(shown.rows.length) })} rows={shown.rows} />}
        </>
      )}
    </>
  )
}

function Rows({ title, rows }: { title: string; rows: Preview['rows'] }) {
  const { t } = useTranslation()
  return (
    <section aria-label={title}>
      <h2 className="pb-1 text-xs font-medium text-muted">{title}</h2>
      {rows.length === 0 ? (
        <p className="text-muted">{t('cabinet.no_documents')}</p>
      ) : (
        <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={title}>
          <table className="w-full table-fixed text-sm">
            <thead>
              <tr className="border-b border-line text-left text-xs text-muted">
                <th scope="col" className="py-1 pr-4 font-normal">
                  {t('cabinet.old_name')}
                </th>
                <th scope="col" className="py-1 font-normal">
                  {t('cabinet.new_name')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((r) => (
                <tr key={r.id} className="border-b border-line align-top">
                  <td className="break-all py-1 pr-4 align-top text-muted">{r.old}</td>
                  <td className="break-all py-1 align-top">
                    {r.new}
                    {r.clash && <span className="ml-2 text-xs text-warn">{t('cabinet.clash')}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
