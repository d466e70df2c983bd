import { useNavigate } from '@tanstack/react-router'
import { FileInput } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, tell } from '../client/call'
import { useKinds } from '../client/data'
import { kindLabel } from '../field/label'
import { Bar } from '../ui/bar'
import { Button } from '../ui/button'
import { cx } from '../ui/cx'
import { Select } from '../ui/select'
import { warn } from '../ui/toast'
import type { Proposal } from './types'

const most = 512 * 1024 * 1024

/** Choose what the rows are and give the file; dropping it here does the same. */
export function Start({ kind }: { kind: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const kinds = useKinds().filter((k) => k.can?.includes('create') && k.kind !== 'document')
  const [chosen, choose] = useState(kind)
  const of = kinds.some((k) => k.kind === chosen) ? chosen : kinds.some((k) => k.kind === 'customer') ? 'customer' : (kinds[0]?.kind ?? '')
  const [over, setOver] = useState(false)
  const [sending, setSending] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const take = async (file: File | undefined) => {
    if (!file || sending) return
    if (file.size > most) return warn(t('error.table_too_large'))
    setSending(true)
    try {
      const p = await post<Proposal>(`/imports?kind=${of}&name=${encodeURIComponent(file.name)}`, undefined, { raw: file })
      navigate({ to: '/imports', search: { id: p.import.id } as never, replace: true })
    } catch (e) {
      warn(tell(e))
      setSending(false)
    }
  }
  // What is dropped here is a table, not a paper: it must not reach the window's own drop zone.
  const mine = (e: React.DragEvent, on: boolean) => {
    e.preventDefault()
    e.stopPropagation()
    setOver(on)
  }
  return (
    <div
      className="flex h-full min-h-0 flex-col"
      onDragEnter={(e) => mine(e, true)}
      onDragOver={(e) => mine(e, true)}
      onDragLeave={(e) => mine(e, false)}
      onDrop={(e) => {
        mine(e, false)
        take(e.dataTransfer.files[0])
      }}
    >
      <Bar title={t('import.new')} />
      <div className="min-h-0 flex-1 overflow-auto bg-panel p-6 max-md:p-4">
        <div className="mx-auto flex max-w-[560px] flex-col gap-5">
          <div className="flex flex-col gap-1">
            <span aria-hidden className="text-sm text-muted">
              {t('import.what')}
            </span>
            <Select aria-label={t('import.what')} value={of} onChange={(e) => choose(e.target.value)}>
              {kinds.map((k) => (
                <option key={k.kind} value={k.kind}>
                  {kindLabel(k)}
                </option>
              ))}
            </Select>
          </div>
          <div
            className={cx(
              'flex flex-col items-center gap-3 rounded-lg border border-dashed px-6 py-14 text-center',
              over ? 'border-accent bg-accent-tint' : 'border-line',
            )}
          >
            <FileInput size={24} aria-hidden strokeWidth={1.6} className="text-muted" />
            <p>{t('import.drop')}</p>
            <p className="text-sm text-muted">{t('import.drop_note')}</p>
            <Button form tone="primary" busy={sending} onClick={() => input.current?.click()}>
              {t('import.choose')}
            </Button>
            <input
              ref={input}
              type="file"
              hidden
              accept=".csv,.tsv,.txt,.xlsx,.xlsm,.xml,.sta,.mt940,.mt942,.940"
              onChange={(e) => {
                take(e.target.files?.[0])
                e.target.value = ''
              }}
            />
          </div>
        </div>
      </div>
    </div>
  )
}
