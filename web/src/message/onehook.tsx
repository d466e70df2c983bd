import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, post, tell, words } from '../client/call'
import { cache, stale } from '../client/data'
import type { Kind } from '../client/types'
import { choiceLabel } from '../field/label'
import { Bar, Space } from '../ui/bar'
import { Button, IconButton } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Row } from '../ui/row'
import { say, warn } from '../ui/toast'
import { Deliveries } from './deliveries'
import type { Hook, Secret, Standing } from './hook'
import { Copied, Editor, Told } from './hookedit'
import { HookState, Pause, useBecomes } from './hooks'

/** One address: where it is, what comes there, and what became of it. */
export function OneHook({ kind, hook: h, stands, onBack }: { kind: Kind; hook: Hook; stands?: Standing; onBack: () => void }) {
  const { t } = useTranslation()
  const becomes = useBecomes()
  const [doing, setDoing] = useState<'edit' | 'try' | 'rotate' | 'remove'>()
  const [secret, setSecret] = useState<Secret>()
  const [busy, setBusy] = useState(false)
  const close = () => setDoing(undefined)
  const act = async (what: () => Promise<void>) => {
    setBusy(true)
    try {
      await what()
      close()
    } catch (e) {
      warn(tell(e))
    }
    setBusy(false)
    stale('hook')
  }
  const rotate = () => act(async () => setSecret(await post<Secret>(`/hooks/${h.id}/rotate`)))
  const remove = () =>
    act(async () => {
      await call('DELETE', `/hooks/${h.id}`)
      say(t('hook.removed', { name: h.title }))
      onBack()
    })
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={h.title}>
        <IconButton icon={ArrowLeft} label={t('nav.hooks')} onClick={onBack} className="order-first" />
        <HookState hook={h} stands={stands} />
        <Space />
        <Pause hook={h} />
        <Button tone="primary" onClick={() => setDoing('try')}>
          {t('hook.try')}
        </Button>
      </Bar>
      <section tabIndex={0} aria-label={h.title} className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none">
        <div className="flex max-w-[900px] flex-col gap-4 px-6 py-4 max-md:px-4">
          <p className="text-muted">
            {[becomes(h), choiceLabel('hook', kind.fields.find((f) => f.name === 'scheme')!, h.scheme), h.user?.title]
              .filter(Boolean)
              .join(' · ')}
          </p>
          {stands && <Copied label={t('hook.address')} text={stands.address} />}
          {stands && (
            <details>
              <summary className="w-fit cursor-default text-accent max-md:min-h-11">{t('hook.example')}</summary>
              <p className="py-1.5 text-xs text-muted">{t('hook.example_note')}</p>
              <Copied label={t('hook.example')} text={stands.example} long />
            </details>
          )}
          <Deliveries hook={h} onTry={() => setDoing('try')} />
          <footer className="flex flex-wrap gap-2 border-t border-line pt-4">
            <Button onClick={() => setDoing('edit')}>{t('act.edit')}</Button>
            <Button onClick={() => setDoing('rotate')}>{t('hook.rotate')}</Button>
            <Button tone="danger" onClick={() => setDoing('remove')}>
              {t('hook.remove')}
            </Button>
          </footer>
        </div>
      </section>
      {doing === 'edit' && <Editor kind={kind} hook={h} onClose={close} />}
      {doing === 'try' && <Try hook={h} onClose={close} />}
      {(doing === 'rotate' || doing === 'remove') && (
        <Dialog
          open
          onClose={close}
          title={t(`hook.${doing}`)}
          note={t(`hook.${doing}_sure`, { name: h.title })}
          foot={
            <>
              <Button form onClick={close}>
                {t('act.cancel')}
              </Button>
              <Button form tone={doing === 'remove' ? 'danger' : 'primary'} busy={busy} onClick={doing === 'remove' ? remove : rotate}>
                {t(`hook.${doing}`)}
              </Button>
            </>
          }
        />
      )}
      {secret && <Told secret={secret} title={t('hook.rotated')} onClose={() => setSecret(undefined)} />}
    </div>
  )
}

const samples: Record<string, string> = {
  customer: '{\n  "name": "ACME",\n  "phone": "13800000000"\n}',
  order: '{\n  "number": "SO-1001",\n  "customer": "ACME",\n  "ordered_on": "2026-11-23",\n  "amount": "1200.00"\n}',
  receipt:
    '{\n  "type": "slip",\n  "slip_no": "20261123001",\n  "paid_on": "2026-11-23",\n  "amount": "1200.00",\n  "payer_name": "ACME"\n}',
}

/** Sends what a person writes as if the other system had sent it. Rows are judged and none is written; a file is kept. */
function Try({ hook: h, onClose }: { hook: Hook; onClose: () => void }) {
  const { t } = useTranslation()
  const rows = h.target === 'records'
  const [body, setBody] = useState(rows ? (samples[h.of] ?? '{\n  "name": "ACME"\n}') : t('hook.try_text'))
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  const send = async () => {
    setBusy(true)
    setWrong('')
    try {
      const a = await post<{ reason?: string }>(`/hooks/${h.id}/try`, { body, name: rows ? '' : 'test.txt' })
      if (a.reason) setWrong(words(a.reason))
      else {
        say(t('hook.tried'))
        onClose()
      }
    } catch (e) {
      setWrong(tell(e))
    }
    setBusy(false)
    cache.invalidateQueries({ queryKey: ['hook'] })
  }
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('hook.try')}
      note={t(rows ? 'hook.try_rows' : 'hook.try_file')}
      foot={
        <>
          <Button form onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button form tone="primary" busy={busy} disabled={!body.trim()} onClick={send}>
            {t('hook.try_send')}
          </Button>
        </>
      }
    >
      <Row label={t(rows ? 'hook.try_json' : 'hook.try_words')} error={wrong}>
        {(ids) => (
          <textarea
            {...ids}
            rows={9}
            spellCheck={false}
            className="control h-auto w-full py-1.5 font-mono text-xs leading-[18px]"
            value={body}
            onChange={(e) => setBody(e.target.value)}
          />
        )}
      </Row>
    </Dialog>
  )
}
