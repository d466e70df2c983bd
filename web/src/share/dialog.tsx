import { Copy, Download, Link2, Mail, MessageSquareText, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { callFile, post, Problem, tell, words } from '../client/call'
import { stale, useKind, useRecord, useSession } from '../client/data'
import type { Kind, Rec, Ref } from '../client/types'
import { moment, titleOf } from '../field/format'
import { fieldLabel } from '../field/label'
import { arranged } from '../record/arrange'
import { same } from '../record/write'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { Select } from '../ui/select'
import { keepFile } from '../ui/file'
import { say, warn } from '../ui/toast'
import { Empty, Skeleton } from '../ui/wait'
import { type Sharing, useSharing } from './data'
import { ShareLine } from './list'
import { bodyOf, type Given, mailable, mailto, subjectOf } from './text'

const days = [1, 7, 30, 365]
const times = [0, 1, 3, 10]

/** Hands a record to somebody outside while he is on the phone: a link, a mail, or words for a chat. */
export function ShareDialog({ kind, record, onClose }: { kind: Kind; record: Rec; onClose: () => void }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useSharing(kind, record)
  return (
    <Dialog open wide onClose={onClose} title={t('share.title')} note={titleOf(record)}>
      {error ? (
        <Empty title={t('error.title')} note={tell(error)}>
          <Button onClick={() => refetch()}>{t('act.again')}</Button>
        </Empty>
      ) : data ? (
        <Body kind={kind} record={record} sharing={data} />
      ) : (
        <Skeleton lines={8} />
      )}
    </Dialog>
  )
}

function Body({ kind, record, sharing }: { kind: Kind; record: Rec; sharing: Sharing }) {
  const { t } = useTranslation()
  const workspace = useSession().data?.workspace.name ?? ''
  const to = useAddress(kind, record)
  const [form, setForm] = useState({ receiver: to.name, day: 7, most: 0, password: '', original: false })
  const [touched, setTouched] = useState(false)
  const [chosen, setChosen] = useState(() => new Set(sharing.fields.filter((f) => f.usual).map((f) => f.name)))
  const [given, setGiven] = useState<Given>()
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  // Whom the record speaks of is known a moment later; what was typed stays.
  useEffect(() => {
    if (!touched && to.name) setForm((f) => ({ ...f, receiver: to.name }))
  }, [to.name, touched])
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part })
  const choose = (name: string) => {
    const next = new Set(chosen)
    if (!next.delete(name)) next.add(name)
    setChosen(next)
  }
  const make = async () => {
    setBusy(true)
    setWrong({})
    try {
      const until = new Date(Date.now() + form.day * 86_400_000).toISOString()
      const made = await post<{ link: string }>('/shares', {
        about: kind.kind,
        rec: record.id,
        receiver: form.receiver.trim(),
        fields: [...chosen],
        original: form.original,
        expires_at: until,
        most: form.most,
        password: form.password,
      })
      const link = new URL(made.link, location.origin).href
      setGiven({ link, password: form.password, until: moment(until) })
      stale('share')
    } catch (e) {
      setWrong(e instanceof Problem ? e.fields : {})
      warn(tell(e))
    }
    setBusy(false)
  }
  const subject = subjectOf(kind, record, workspace)
  const body = bodyOf(kind, record, chosen, form.receiver.trim(), workspace, given)
  const address = mailto(to.mail, subject, body)
  const copy = (text: string) =>
    navigator.clipboard.writeText(text).then(
      () => say(t('done.copied')),
      () => warn(t('share.no_clipboard')),
    )
  const draft = async () => {
    try {
      await save({ about: kind.kind, rec: record.id, to: to.mail, subject, body, original: sharing.original !== '' })
    } catch (e) {
      warn(tell(e))
    }
  }
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-x-4 gap-y-3 md:grid-cols-2">
        <Row label={t('share.receiver')} note={t('share.receiver_note')} error={wrong.receiver && words(wrong.receiver)}>
          {(ids) => (
            <input
              {...ids}
              className="control"
              maxLength={60}
              value={form.receiver}
              onChange={(e) => {
                setTouched(true)
                set({ receiver: e.target.value })
              }}
            />
          )}
        </Row>
        <Row label={t('share.password')} note={t('share.password_note')} error={wrong.password && words(wrong.password)}>
          {(ids) => (
            <input
              {...ids}
              className="control"
              autoComplete="off"
              spellCheck={false}
              maxLength={200}
              value={form.password}
              onChange={(e) => set({ password: e.target.value })}
            />
          )}
        </Row>
        <Row label={t('share.ends')} error={wrong.expires_at && words(wrong.expires_at)}>
          {(ids) => (
            <Select {...ids} value={String(form.day)} onChange={(e) => set({ day: Number(e.target.value) })}>
              {days.map((d) => (
                <option key={d} value={d}>
                  {t('share.days', { n: d })}
                </option>
              ))}
            </Select>
          )}
        </Row>
        <Row label={t('share.times')} error={wrong.most && words(wrong.most)}>
          {(ids) => (
            <Select {...ids} value={String(form.most)} onChange={(e) => set({ most: Number(e.target.value) })}>
              {times.map((n) => (
                <option key={n} value={n}>
                  {n ? t('share.times_n', { n }) : t('share.times_any')}
                </option>
              ))}
            </Select>
          )}
        </Row>
      </div>
      <Fields kind={kind} record={record} sharing={sharing} chosen={chosen} onChoose={choose} />
      {sharing.pages > 0 && <p className="text-xs text-muted">{t('share.pages', { n: sharing.pages })}</p>}
      {sharing.original && (
        <label className="flex items-start gap-2 max-md:py-2">
          <input type="checkbox" className="mt-[3px]" checked={form.original} onChange={(e) => set({ original: e.target.checked })} />
          <span>
            {t('share.original')} <span className="text-muted">{sharing.original}</span>
          </span>
        </label>
      )}
      {given ? (
        <Link given={given} onCopy={() => copy(given.link)} />
      ) : (
        <div className="flex flex-wrap items-center gap-2">
          <Button form tone="primary" icon={Link2} busy={busy} disabled={chosen.size === 0 && sharing.pages === 0} onClick={make}>
            {t('share.make')}
          </Button>
          <span className="text-xs text-muted">{t('share.make_note')}</span>
        </div>
      )}
      <section aria-label={t('share.ways')} className="border-t border-line pt-3">
        <h3 className="pb-2 text-xs font-medium text-muted">{t(given ? 'share.ways_link' : 'share.ways')}</h3>
        <div className="flex flex-wrap gap-2">
          <Button form icon={MessageSquareText} onClick={() => copy(body)}>
            {t('share.chat')}
          </Button>
          <Button
            form
            icon={Mail}
            disabled={address.length > mailable}
            title={address.length > mailable ? t('share.mail_long') : undefined}
            onClick={() => location.assign(address)}
          >
            {t('share.mail')}
          </Button>
          <Button form icon={Download} onClick={draft}>
            {t(sharing.original ? 'share.eml_file' : 'share.eml')}
          </Button>
        </div>
      </section>
      <section aria-label={t('share.made')} className="border-t border-line pt-3">
        <h3 className="pb-1 text-xs font-medium text-muted">{t('share.made')}</h3>
        {sharing.data.length === 0 ? (
          <p className="text-xs text-muted">{t('share.none')}</p>
        ) : (
          <ul>
            {sharing.data.map((s) => (
              <ShareLine key={s.id} share={s} />
            ))}
          </ul>
        )}
      </section>
    </div>
  )
}

/** The link, shown this once: the server keeps only its hash. */
function Link({ given, onCopy }: { given: Given; onCopy: () => void }) {
  const { t } = useTranslation()
  const host = new URL(given.link).hostname
  const here = host === 'localhost' || host === '[::1]' || host.startsWith('127.')
  return (
    <section aria-label={t('share.link')} className="flex flex-col gap-2 rounded-md border border-line bg-ground p-3">
      <div className="flex gap-2">
        <input className="control flex-1" readOnly aria-label={t('share.link')} value={given.link} onFocus={(e) => e.target.select()} />
        <Button form tone="primary" icon={Copy} onClick={onCopy}>
          {t('act.copy')}
        </Button>
      </div>
      <p className="text-xs text-muted">{t('share.once')}</p>
      {here && (
        <p role="note" className="flex items-center gap-1.5 text-xs text-warn">
          <TriangleAlert size={13} aria-hidden className="shrink-0" />
          {t('share.only_here')}
        </p>
      )}
    </section>
  )
}

interface FieldsProps {
  kind: Kind
  record: Rec
  sharing: Sharing
  chosen: Set<string>
  onChoose: (name: string) => void
}

/** What of the record goes along. Only fields with a value are offered; what speaks of ourselves is not ticked. */
function Fields({ kind, record, sharing, chosen, onChoose }: FieldsProps) {
  const { t } = useTranslation()
  const offered = new Set(sharing.fields.map((f) => f.name))
  const fields = arranged(kind.fields).filter((f) => offered.has(f.name) && !same(record[f.name], undefined))
  if (fields.length === 0) return null
  return (
    <fieldset>
      <legend className="pb-1 text-xs text-muted">{t('share.fields')}</legend>
      <div className="grid max-h-44 grid-cols-2 gap-x-4 gap-y-0.5 overflow-auto rounded-md border border-line p-2 md:grid-cols-4">
        {fields.map((f) => (
          <label key={f.name} className="flex min-w-0 items-center gap-2 py-0.5 max-md:py-2">
            <input type="checkbox" checked={chosen.has(f.name)} onChange={() => onChoose(f.name)} />
            <span className="truncate">{fieldLabel(kind.kind, f)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

/** Whom it is for: the contact or customer that the record speaks of, and his mail address. */
function useAddress(kind: Kind, record: Rec): { name: string; mail: string } {
  const ref = (record.contact ?? record.customer) as Ref | null | undefined
  const of = useKind(record.contact ? 'contact' : 'customer')
  const other = useRecord(of ?? kind, of && ref && !ref.gone ? ref.id : undefined).data
  const own = typeof record.email === 'string' ? record.email : ''
  const name = ref?.gone ? '' : (ref?.title ?? (own ? titleOf(record) : ''))
  return { name, mail: own || (ref && typeof other?.email === 'string' ? other.email : '') }
}

/** A draft that the reader's own mail program opens, with the file attached. */
async function save(mail: { about: string; rec: string; to: string; subject: string; body: string; original: boolean }) {
  keepFile(await callFile('/drafts:mail', mail), `${mail.subject.slice(0, 60)}.eml`)
}
