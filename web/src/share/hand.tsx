import { useNavigate } from '@tanstack/react-router'
import { Printer, Share2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Ask } from '../client/data'
import type { Kind, Rec } from '../client/types'
import { IconButton } from '../ui/button'
import { useCommands } from '../ui/command'
import { ShareDialog } from './dialog'

/** In a record's panel: hand it over, by link, mail, chat or on paper. */
export function Hand({ kind, record }: { kind: Kind; record: Rec }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [open, setOpen] = useState('')
  const may = (kind.can?.includes('share') ?? false) && !record.deleted_at
  const print = () => navigate({ to: '/print/$plural', params: { plural: kind.plural }, search: { id: record.id, now: true } as never })
  useCommands([
    {
      id: 'record.share',
      title: t('share.title'),
      alias: t('alias.share'),
      icon: Share2,
      keys: ['s'],
      group: 'record',
      disabled: !may,
      run: () => setOpen(record.id),
    },
    { id: 'record.print', title: t('print.record'), alias: t('alias.print'), icon: Printer, keys: ['p'], group: 'record', run: print },
  ])
  return (
    <>
      {may && <IconButton icon={Share2} label={t('share.title')} keys="S" onClick={() => setOpen(record.id)} />}
      <IconButton icon={Printer} label={t('print.record')} keys="P" onClick={print} className="max-md:hidden" />
      {may && open === record.id && <ShareDialog kind={kind} record={record} onClose={() => setOpen('')} />}
    </>
  )
}

/** Beside a list or a selection: all of it on paper. */
export function PrintRows({ kind, ask }: { kind: Kind; ask: Ask }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const print = () => navigate({ to: '/print/$plural', params: { plural: kind.plural }, search: { ask, now: true } as never })
  useCommands([
    { id: 'list.print', title: t('print.rows'), alias: t('alias.print'), icon: Printer, keys: ['Shift+p'], group: 'list', run: print },
  ])
  return <IconButton icon={Printer} label={t('print.rows')} keys="Shift P" onClick={print} className="max-md:hidden" />
}
