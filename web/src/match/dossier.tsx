import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Download, FileText, FolderPlus, Search, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { base, call, get, post, tell } from '../client/call'
import { cache, useKind, useMay } from '../client/data'
import type { Filter, Kind, Money, Page, Rec, Ref } from '../client/types'
import { count, money } from '../field/format'
import { RefInput } from '../field/ref'
import { Button, IconButton } from '../ui/button'
import { cx } from '../ui/cx'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { State, Tag } from '../ui/tag'
import { say, warn } from '../ui/toast'
import { Skeleton, useSettled } from '../ui/wait'

interface Sheet {
  role: string
  by: 'order' | 'match' | 'hand' | 'found'
  found: string
  receipt: Ref | null
  document: Ref | null
  page: number
  on: string
  number: string
  amount: Money | null
  draft: boolean
}

interface Binder {
  about: Ref | null
  kind: 'order' | 'receipt' | ''
  amount: Money | null
  paid: Money | null
  sheets: Sheet[]
  lacks: string[]
  whole: boolean
  others: Ref[]
  more: boolean
  may: boolean
}

const plurals = { order: 'orders', receipt: 'receipts', '': '' }

/** The papers that tell the transaction a record belongs to: what is there, what is wanting, and the way to take them along. */
export function Dossier({ kind, record }: { kind: Kind; record: Rec }) {
  const { t, i18n } = useTranslation()
  const [adding, setAdding] = useState(false)
  const [busy, setBusy] = useState('')
  const exports = useMay('document', 'export')
  const key = ['match', 'dossier', record.id, record.version]
  const { data: d, error } = useQuery({
    queryKey: key,
    enabled: !record.deleted_at,
    queryFn: ({ signal }) => get<Binder>(`/dossiers/${record.id}`, signal),
  })
  if (record.deleted_at || !d) {
    return error ? (
      <p role="alert" className="border-b border-line px-4 py-2 text-bad">
        {tell(error)}
      </p>
    ) : null
  }
  const at = d.about?.id ?? record.id
  const put = async (method: 'PUT' | 'DELETE', doc: Ref, again?: boolean): Promise<void> => {
    setBusy(doc.id)
    try {
      cache.setQueryData(key, await call<Binder>(method, `/dossiers/${at}/documents/${doc.id}`))
      cache.invalidateQueries({ queryKey: ['match', 'dossier'] })
      const undo = () => void put(method === 'PUT' ? 'DELETE' : 'PUT', doc, true)
      say(t(method === 'PUT' ? 'dossier.added' : 'dossier.removed'), again ? undefined : { title: t('act.undo'), run: undo })
    } catch (e) {
      warn(tell(e))
    }
    setBusy('')
  }
  if (!d.about)
    return (
      <section aria-label={t('dossier.title')} className="border-b border-line px-4 pb-3 pt-2">
        <header className="flex min-h-8 flex-wrap items-center gap-x-3">
          <h3 className="text-xs font-medium text-muted">{t('dossier.title')}</h3>
          <span className="text-muted">{t('dossier.none')}</span>
          <span className="flex-1" />
          <Button icon={FolderPlus} tone="quiet" onClick={() => setAdding(true)}>
            {t('dossier.choose')}
          </Button>
        </header>
        {adding && <Choose document={record} onClose={() => setAdding(false)} />}
      </section>
    )
  return (
    <section aria-label={t('dossier.title')} className="border-b border-line pb-2">
      <header className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-1">
        <h3 className="text-xs font-medium text-muted">{t('dossier.title')}</h3>
        {d.about.id !== record.id && (
          <Link
            to={`/${plurals[d.kind]}` as never}
            search={{ id: d.about.id } as never}
            className="min-w-0 truncate text-accent hover:underline"
          >
            {d.about.title}
          </Link>
        )}
        {d.whole && <State tone="ok">{t('dossier.whole')}</State>}
        {d.lacks.map((x) => (
          <State key={x} tone="warn">
            {t(`dossier.lacks_${x}`)}
          </State>
        ))}
        {d.amount && d.paid && kind.kind !== 'order' && (
          <span className="figures text-xs text-muted">{t('dossier.paid', { paid: money(d.paid), amount: money(d.amount) })}</span>
        )}
        <span className="ml-auto flex flex-wrap justify-end">
          {d.may && (
            <Button icon={FolderPlus} tone="quiet" onClick={() => setAdding(true)}>
              {t('dossier.add')}
            </Button>
          )}
          {exports && d.sheets.length > 0 && (
            <a
              href={`${base}/dossiers/${at}/file?lang=${i18n.language === 'en' ? 'en' : 'zh-CN'}`}
              download
              className="inline-flex h-7 items-center gap-1.5 rounded-md px-2.5 text-muted hover:bg-hover hover:text-ink max-md:h-11"
            >
              <Download size={14} aria-hidden />
              {t('dossier.export')}
            </a>
          )}
        </span>
      </header>
      {d.sheets.length === 0 && <p className="border-t border-line px-4 py-2 text-muted">{t('dossier.empty')}</p>}
      <ol>
        {d.sheets.map((s) => (
          <One
            key={(s.receipt ?? s.document)!.id}
            sheet={s}
            here={record.id}
            busy={busy === s.document?.id}
            onRemove={d.may && !s.receipt && s.document ? () => put('DELETE', s.document!) : undefined}
          />
        ))}
      </ol>
      {d.more && <p className="px-4 py-1 text-xs text-muted">{t('dossier.more')}</p>}
      {d.others.length > 0 && (
        <p className="flex flex-wrap gap-x-3 px-4 py-1 text-xs text-muted">
          {t('dossier.others')}
          {d.others.map((o) => (
            <Link key={o.id} to={'/orders' as never} search={{ id: o.id } as never} className="text-accent hover:underline">
              {o.title}
            </Link>
          ))}
        </p>
      )}
      {adding && (
        <Add
          record={record}
          about={d.about}
          has={d.sheets.flatMap((s) => (s.document ? [s.document.id] : []))}
          onPick={(doc) => put('PUT', doc)}
          onClose={() => setAdding(false)}
        />
      )}
    </section>
  )
}

function One({ sheet: s, here, busy, onRemove }: { sheet: Sheet; here: string; busy: boolean; onRemove?: () => void }) {
  const { t } = useTranslation()
  const [broken, setBroken] = useState(false)
  const of = s.receipt ?? s.document!
  const at = of.id === here || s.document?.id === here
  const title = of.title || t(`dossier.role_${s.role}`)
  return (
    <li className={cx('flex min-h-14 items-center gap-3 border-t border-line px-4 py-1.5', at && 'bg-hover')}>
      <span className="grid h-11 w-9 shrink-0 place-items-center overflow-hidden rounded-[4px] border border-line bg-ground text-muted">
        {s.document && !broken ? (
          <img
            src={`${base}/documents/${s.document.id}/pages/${s.page || 1}?width=160`}
            alt=""
            loading="lazy"
            className="size-full object-cover object-top"
            onError={() => setBroken(true)}
          />
        ) : (
          <FileText size={15} aria-hidden />
        )}
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <Tag className="shrink-0">{t(`dossier.role_${s.role}`)}</Tag>
          <Link
            to={(s.receipt ? '/receipts' : '/documents') as never}
            search={{ id: of.id } as never}
            aria-current={at ? 'true' : undefined}
            className="min-w-0 truncate font-medium hover:underline"
          >
            {title}
          </Link>
        </span>
        <span className="block truncate text-xs text-muted">
          {[
            s.on,
            s.number,
            s.by === 'found' ? t('dossier.by_found', { number: s.found }) : t(`dossier.by_${s.by}`),
            s.draft && t('dossier.draft'),
            !s.document && t('dossier.no_original'),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      {s.amount && <span className="figures shrink-0">{money(s.amount)}</span>}
      {onRemove && <IconButton icon={X} label={t('dossier.remove_one', { name: title })} disabled={busy} onClick={onRemove} />}
    </li>
  )
}

const where = (field: string, op: string, value: unknown): Filter => ({ field, op, value }) as Filter

/** Finds a document to put into the dossier; before anything is typed, those of the same customer. */
function Add({
  record,
  about,
  has,
  onPick,
  onClose,
}: {
  record: Rec
  about: Ref
  has: string[]
  onPick: (doc: Ref) => Promise<void>
  onClose: () => void
}) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState('')
  const q = useSettled(typed.trim(), 250)
  const customer = (record.customer as Ref | null)?.id
  const found = useQuery({
    queryKey: ['document', 'dossier', about.id, customer, q],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      post<Page<Rec>>(
        '/documents:query',
        q ? { q, limit: 20 } : { filter: customer ? where('customer', 'eq', customer) : undefined, limit: 20 },
        { signal },
      ),
  })
  const rows = (found.data?.data ?? []).filter((r) => !has.includes(r.id))
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('dossier.add')}
      note={`${t('dossier.of', { name: about.title })} · ${t('dossier.add_note')}`}
    >
      <label className="relative block">
        <Search size={14} aria-hidden className="absolute left-2.5 top-1/2 -translate-y-1/2 text-muted" />
        <input
          className="control w-full pl-8"
          aria-label={t('dossier.document')}
          placeholder={t('act.find')}
          value={typed}
          onChange={(e) => setTyped(e.target.value)}
        />
      </label>
      {found.error ? (
        <p role="alert" className="py-3 text-bad">
          {tell(found.error)}
        </p>
      ) : found.isPending ? (
        <Skeleton lines={4} />
      ) : (
        <>
          <p role="status" className="py-2 text-xs text-muted">
            {t('dossier.found', { n: count(rows.length) })}
          </p>
          <ul>
            {rows.map((r) => (
              <li key={r.id} className="flex min-h-11 items-center gap-3 border-t border-line py-1">
                <FileText size={15} aria-hidden className="shrink-0 text-muted" />
                <span className="min-w-0 flex-1">
                  <span className="block truncate">{r.title}</span>
                  <span className="block truncate text-xs text-muted">
                    {[(r.customer as Ref | null)?.title, r.dated_on as string | null].filter(Boolean).join(' · ')}
                  </span>
                </span>
                <Button
                  form
                  busy={busy === r.id}
                  aria-label={`${t('dossier.put')} ${r.title}`}
                  onClick={async () => {
                    setBusy(r.id)
                    await onPick({ id: r.id, title: r.title })
                    onClose()
                  }}
                >
                  {t('dossier.put')}
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  )
}

/** Puts a document that is in no dossier into an order's. */
function Choose({ document: doc, onClose }: { document: Rec; onClose: () => void }) {
  const { t } = useTranslation()
  const order = useKind('order')
  const [to, setTo] = useState<Ref | null>(null)
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      await call('PUT', `/dossiers/${to!.id}/documents/${doc.id}`)
      cache.invalidateQueries({ queryKey: ['match', 'dossier'] })
      say(t('dossier.added'))
      onClose()
    } catch (e) {
      warn(tell(e))
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('dossier.choose')}
      note={t('dossier.none_note')}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" busy={busy} disabled={!to} onClick={save}>
            {t('dossier.put')}
          </Button>
        </>
      }
    >
      {order && <Row label={t('dossier.order')}>{(ids) => <RefInput {...ids} kind="order" value={to} onChange={setTo} />}</Row>}
    </Dialog>
  )
}
