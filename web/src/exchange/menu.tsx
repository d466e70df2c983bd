import { useNavigate } from '@tanstack/react-router'
import { ArrowDownUp, CalendarClock, Download, FileInput } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { base, callFile, tell } from '../client/call'
import { type Ask, useSession } from '../client/data'
import type { Kind } from '../client/types'
import { IconButton } from '../ui/button'
import { keepFile } from '../ui/file'
import { type Item, Menu } from '../ui/menu'
import { warn } from '../ui/toast'

const formats = ['xlsx', 'csv', 'ndjson'] as const

/** Takes rows of a kind in, and gives out those that the list shows. */
export function ExchangeMenu({ kind, ask }: { kind: Kind; ask: Ask }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const admin = useSession().data?.user.admin === true
  const may = (what: string) => kind.can?.includes(what) ?? true
  const bring: Item[] = may('create')
    ? [
        {
          id: 'import',
          title: t('import.new'),
          icon: FileInput,
          run: () => navigate({ to: '/imports', search: { start: kind.kind } as never }),
        },
      ]
    : []
  const give: Item[] = may('export')
    ? formats.map((format) => ({
        id: format,
        title: t(`export.${format}`),
        icon: Download,
        run: () => save(kind, ask, format, i18n.language),
      }))
    : []
  // What the clock writes is an administrator's.
  const clock: Item[] =
    give.length > 0 && admin
      ? [
          {
            id: 'schedule',
            title: t('schedule.export'),
            icon: CalendarClock,
            run: () =>
              navigate({
                to: '/jobs',
                search: { tab: 'schedules', make: { kind: kind.kind, filter: ask.filter, q: ask.q, sort: ask.sort } } as never,
              }),
          },
        ]
      : []
  if (bring.length + give.length === 0) return null
  return <Menu trigger={<IconButton icon={ArrowDownUp} label={t('export.menu')} />} groups={[bring, give, clock]} />
}

/** A short question goes as an address, so that the browser saves the answer as it comes; a long one cannot. */
async function save(kind: Kind, ask: Ask, format: string, lang: string) {
  const name = `${kind.plural}.${format}`
  const query = new URLSearchParams({ format, lang })
  if (ask.q) query.set('q', ask.q)
  if (ask.filter) query.set('filter', JSON.stringify(ask.filter))
  const address = `/${kind.plural}:export`
  if (query.toString().length < 6000) return keepFile(`${base}${address}?${query}`, name)
  try {
    keepFile(await callFile(address, { filter: ask.filter, q: ask.q, format, lang }), name)
  } catch (e) {
    warn(tell(e))
  }
}
