import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { ChevronDown, ChevronsLeft, ChevronsRight, CloudOff, Ellipsis, HeartPulse, ListChecks, Search, TriangleAlert } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, post, tell } from '../client/call'
import { cache, useKinds, useSession, useUnread } from '../client/data'
import { follow, useReached } from '../client/live'
import type { Count, Kind } from '../client/types'
import { count } from '../field/format'
import { DropZone, Tray } from '../ingest/upload'
import { setLanguage } from '../locale/start'
import { Button, Hint, IconButton, Kbd } from '../ui/button'
import { keyName, listen, useCommands } from '../ui/command'
import { cx } from '../ui/cx'
import { forgetDrafts } from '../ui/draft'
import { Menu } from '../ui/menu'
import { useKept, useMedia, useNarrow } from '../ui/size'
import { Empty, Skeleton } from '../ui/wait'
import { type Place, places } from './nav'
import { Palette } from './palette'
import { Shortcuts } from './shortcuts'
import { Invitation, Tour } from './tour'
import { applyTheme } from './theme'

export const waiting = { field: 'state', op: 'in', value: ['waiting', 'failed'] }

export function Shell() {
  const { t } = useTranslation()
  const session = useSession()
  const navigate = useNavigate()
  useEffect(() => listen(), [])
  useEffect(() => {
    const out = () => cache.setQueryData(['session'], null)
    window.addEventListener('guike:out', out)
    return () => window.removeEventListener('guike:out', out)
  }, [])
  useEffect(() => {
    if (session.data === null) {
      const here = location.pathname + location.search
      navigate({ to: '/login', search: (here === '/' ? {} : { back: here }) as never, replace: true })
    }
  }, [session.data, navigate])
  if (session.error)
    return (
      <Empty icon={TriangleAlert} title={t('error.title')} note={tell(session.error)}>
        <Button onClick={() => session.refetch()}>{t('act.again')}</Button>
      </Empty>
    )
  return session.data ? <Inside /> : <Frame />
}

/** What stands while it is asked who is here, as index.html painted it. */
function Frame() {
  const narrow = useNarrow()
  const wide = useMedia('(min-width: 1100px)')
  const [nav] = useKept('guike.nav', 'open')
  const folded = nav !== 'open' || !wide
  return (
    <div className="flex h-full">
      {!narrow && (
        <div className={cx('shrink-0 border-r border-line bg-ground', folded ? 'w-12' : 'w-[200px]')}>
          <Brand folded={folded} />
        </div>
      )}
      <div className="min-w-0 flex-1 md:bg-panel">
        <Skeleton lines={12} />
      </div>
    </div>
  )
}

function Brand({ folded, demo }: { folded: boolean; demo?: boolean }) {
  const { t } = useTranslation()
  return (
    <div className={cx('flex h-11 shrink-0 items-center gap-2', folded ? 'justify-center' : 'px-3.5')}>
      <img src="/mark.svg" alt="" width={22} height={22} />
      {!folded && <span className="truncate text-[15px] font-semibold leading-5">{t('app.name')}</span>}
      {!folded && demo && <span className="rounded-[4px] bg-tag px-1.5 text-xs text-muted">{t('app.demo')}</span>}
    </div>
  )
}

function Inside() {
  const { t } = useTranslation()
  const session = useSession().data!
  const kinds = useKinds()
  const narrow = useNarrow()
  const wide = useMedia('(min-width: 1100px)')
  const [nav, setNav] = useKept('guike.nav', 'open')
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  const [touring, setTouring] = useState(false)
  const [shown, setShown] = useKept('guike.tour', '')
  const navigate = useNavigate()
  const folded = nav !== 'open' || !wide
  const groups = places(kinds, t, session.user)
  const document = kinds.find((k) => k.kind === 'document')
  const queued = useQueued(document)

  useEffect(() => {
    if (session.user.language && !localStorage.getItem('guike.language')) setLanguage(session.user.language)
    return follow(() => cache.getQueryData<{ data: Kind[] }>(['kinds'])?.data ?? [])
  }, [])
  const theme = (name: 'light' | 'dark') => applyTheme(name)
  useCommands([
    { id: 'palette', title: t('palette.title'), keys: ['Mod+k'], always: true, group: 'app', run: () => setPalette((o) => !o) },
    { id: 'help', title: t('shortcut.title'), keys: ['?'], group: 'app', run: () => setHelp(true) },
    {
      id: 'nav',
      title: t('nav.toggle'),
      keys: ['Mod+b'],
      always: true,
      group: 'app',
      run: () => setNav(nav === 'open' ? 'folded' : 'open'),
    },
    {
      id: 'operations',
      title: t('nav.operations'),
      alias: t('alias.operations'),
      icon: ListChecks,
      group: 'app',
      run: () => navigate({ to: '/operations', search: {} as never }),
    },
    { id: 'views', title: t('nav.views'), alias: t('alias.views'), group: 'app', run: () => navigate({ to: '/views' as never }) },
    { id: 'lessons', title: t('nav.lessons'), alias: t('alias.lessons'), group: 'app', run: () => navigate({ to: '/lessons' as never }) },
    {
      id: 'mailboxes',
      title: t('nav.mailboxes'),
      alias: t('alias.mailboxes'),
      group: 'app',
      disabled: session.user.admin === false,
      run: () => navigate({ to: '/mailboxes' as never }),
    },
    {
      id: 'hooks',
      title: t('nav.hooks'),
      alias: t('alias.hooks'),
      group: 'app',
      disabled: session.user.admin === false,
      run: () => navigate({ to: '/hooks' as never }),
    },
    {
      id: 'health',
      title: t('nav.health'),
      alias: t('alias.health'),
      icon: HeartPulse,
      group: 'app',
      disabled: session.user.admin === false,
      run: () => navigate({ to: '/health' as never }),
    },
    { id: 'tour', title: t('tour.title'), alias: t('alias.tour'), group: 'app', run: () => setTouring(true) },
    { id: 'light', title: t('command.light'), alias: t('alias.light'), group: 'app', run: () => theme('light') },
    { id: 'dark', title: t('command.dark'), alias: t('alias.dark'), group: 'app', run: () => theme('dark') },
    { id: 'out', title: t('door.out'), alias: t('alias.out'), group: 'app', run: logOut },
  ])
  async function logOut() {
    await call('DELETE', '/session').catch(() => {})
    cache.clear()
    forgetDrafts()
    cache.setQueryData(['session'], null)
    navigate({ to: '/login' })
  }
  const told = useUnread()
  const live = useReached()
  const badge = (p: Place) => (p.to === '/queue' ? queued : p.to === '/notices' ? told : 0)
  return (
    <div className="flex h-full flex-col">
      {session.insecure && (
        <p role="note" className="flex shrink-0 items-center gap-2 bg-bad-tint px-4 py-1 text-xs text-bad">
          <TriangleAlert size={13} aria-hidden />
          {t('app.insecure')}
        </p>
      )}
      <p role="status" className={cx('flex shrink-0 items-center gap-2 bg-warn-tint px-4 py-1 text-xs text-warn', live && 'sr-only')}>
        {!live && (
          <>
            <CloudOff size={13} aria-hidden />
            {t('app.unreached')}
          </>
        )}
      </p>
      <div className="flex min-h-0 flex-1">
        {!narrow && (
          <nav
            aria-label={t('nav.label')}
            className={cx('flex shrink-0 flex-col border-r border-line bg-ground transition-[width]', folded ? 'w-12' : 'w-[200px]')}
          >
            <Brand folded={folded} demo={session.demo} />
            <div className={cx('shrink-0 pb-2', folded ? 'px-2' : 'px-2')}>
              {folded ? (
                <IconButton
                  icon={Search}
                  side="right"
                  label={t('palette.title')}
                  keys={keyName('Mod+k')}
                  onClick={() => setPalette(true)}
                  className="size-8"
                />
              ) : (
                <button
                  type="button"
                  onClick={() => setPalette(true)}
                  className="flex h-7 w-full items-center gap-2 rounded-md border border-line bg-panel px-2 text-muted hover:bg-hover"
                >
                  <Search size={14} aria-hidden />
                  <span className="flex-1 text-left">{t('palette.short')}</span>
                  <Kbd>{keyName('Mod+k')}</Kbd>
                </button>
              )}
            </div>
            <div className="min-h-0 flex-1 overflow-y-auto overflow-x-hidden px-2">
              {groups.map((group, i) => (
                <NavGroup key={i} name={i > 0 ? sections[i - 1] : undefined} group={group} folded={folded} badge={badge} />
              ))}
            </div>
            <div className={cx('flex shrink-0 items-center gap-1 border-t border-line p-2', folded && 'flex-col')}>
              <Menu
                align="start"
                side="top"
                trigger={
                  <button
                    type="button"
                    aria-label={folded ? session.user.name : undefined}
                    className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-1.5 text-left hover:bg-hover"
                  >
                    <span
                      aria-hidden
                      className="grid size-6 shrink-0 place-items-center rounded-full bg-accent-tint text-xs font-medium text-accent"
                    >
                      {[...session.user.name][0]}
                    </span>
                    {!folded && <span className="truncate">{session.user.name}</span>}
                  </button>
                }
                groups={[
                  [
                    { id: 'settings', title: t('nav.settings'), run: () => navigate({ to: '/settings' }) },
                    { id: 'help', title: t('shortcut.title'), keys: '?', run: () => setHelp(true) },
                    { id: 'tour', title: t('tour.title'), run: () => setTouring(true) },
                  ],
                  [{ id: 'out', title: t('door.out'), run: logOut }],
                ]}
              />
              {wide && (
                <IconButton
                  icon={folded ? ChevronsRight : ChevronsLeft}
                  label={t('nav.toggle')}
                  side="right"
                  keys={keyName('Mod+b')}
                  onClick={() => setNav(nav === 'open' ? 'folded' : 'open')}
                />
              )}
            </div>
          </nav>
        )}
        <main className="min-w-0 flex-1">
          <Outlet />
        </main>
      </div>
      {narrow && <Bottom groups={groups} badge={badge} />}
      <DropZone />
      <Tray />
      {palette && <Palette groups={groups} onClose={() => setPalette(false)} />}
      {session.demo && !shown && !touring && (
        <Invitation
          onNo={() => setShown('asked')}
          onStart={() => {
            setShown('asked')
            setTouring(true)
          }}
        />
      )}
      {touring && <Tour onEnd={() => setTouring(false)} />}
      {help && <Shortcuts onClose={() => setHelp(false)} />}
    </div>
  )
}

function useQueued(document?: Kind): number {
  const { data } = useQuery({
    queryKey: ['document', 'queued'],
    enabled: !!document,
    queryFn: ({ signal }) => post<Count>('/documents:count', { filter: waiting }, { signal }),
  })
  return data?.count ?? 0
}

/** What the groups below the first are called. */
const sections = ['records', 'classes', 'house']

/** Some places of the navigation. Those with a name can be put away, on this device; the place where one is stays in sight. */
function NavGroup({ name, group, folded, badge }: { name?: string; group: Place[]; folded: boolean; badge: (p: Place) => number }) {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const id = useId()
  const [kept, setKept] = useKept(`guike.nav.${name}`, 'open')
  const open = !name || folded || kept === 'open'
  const shown = open ? group : group.filter((p) => p.to === pathname)
  return (
    <div className={cx(name && (folded ? 'mt-2 border-t border-line pt-2' : 'mt-1 border-t border-line pt-1'))}>
      {name && !folded && (
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setKept(open ? 'shut' : 'open')}
          className="flex h-[22px] w-full items-center gap-1 rounded-md px-2 text-xs text-muted hover:bg-hover hover:text-ink"
        >
          <span className="flex-1 text-left">{t(`nav.section_${name}`)}</span>
          <ChevronDown size={12} aria-hidden className={cx('transition-transform', !open && '-rotate-90')} />
        </button>
      )}
      <ul id={id} className="flex flex-col gap-px">
        {shown.map((p) => (
          <li key={p.to}>
            <NavLink place={p} folded={folded} badge={badge(p)} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function NavLink({ place, folded, badge }: { place: Place; folded: boolean; badge: number }) {
  const link = (
    <Link
      to={place.to as never}
      aria-label={folded ? place.title : undefined}
      className={cx(
        'flex h-[30px] items-center rounded-md hover:bg-hover [@media(max-height:940px)]:h-[27px]',
        folded ? 'w-8 justify-center' : 'gap-2.5 px-2',
      )}
      activeProps={{ className: 'bg-picked text-accent font-medium [&_svg]:text-accent' }}
      activeOptions={{ includeSearch: false }}
    >
      <place.icon size={16} strokeWidth={1.7} aria-hidden className="shrink-0 text-muted" />
      {!folded && <span className="flex-1 truncate">{place.title}</span>}
      {!folded && badge > 0 && <span className="text-xs font-normal text-muted">{count(badge)}</span>}
    </Link>
  )
  return folded ? (
    <Hint text={place.title} side="right">
      {link}
    </Hint>
  ) : (
    link
  )
}

/** Four places and "more": what a thumb reaches. */
function Bottom({ groups, badge }: { groups: Place[][]; badge: (p: Place) => number }) {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const all = groups.flat()
  const main = ['/receipts', '/queue', '/customers', '/orders'].flatMap((to) => all.find((p) => p.to === to) ?? [])
  const items: Place[] = [...main, { to: '/more', title: t('nav.more'), icon: Ellipsis }]
  return (
    <nav
      aria-label={t('nav.label')}
      className="grid h-14 shrink-0 grid-cols-5 border-t border-line bg-panel pb-[env(safe-area-inset-bottom)]"
    >
      {items.map((p) => {
        const on = pathname === p.to || (p.to === '/more' && !main.some((m) => m.to === pathname))
        return (
          <Link
            key={p.to}
            to={p.to as never}
            aria-current={on ? 'page' : undefined}
            className={cx(
              'relative flex flex-col items-center justify-center gap-0.5 text-xs',
              on ? 'font-medium text-accent' : 'text-muted',
            )}
          >
            <p.icon size={20} strokeWidth={1.6} aria-hidden />
            {p.title}
            {badge(p) > 0 && (
              <span className="absolute left-1/2 top-1 ml-2 rounded-full bg-accent px-1.5 text-[10px] leading-4 text-on-accent">
                {count(badge(p))}
              </span>
            )}
          </Link>
        )
      })}
    </nav>
  )
}
