import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../client/call'
import { useKind, useMayRule, useSession } from '../client/data'
import { languages, setLanguage } from '../locale/start'
import { Bar } from '../ui/bar'
import { Segments } from '../ui/segments'
import { useKept } from '../ui/size'
import { applyDensity, applyTheme } from './theme'

const way = (open: unknown, to: string, title: string, note: string): [string, string, string][] => (open ? [[to, title, note]] : [])

/** How the app looks to this person, on this device. */
export function Settings() {
  const { t, i18n } = useTranslation()
  const session = useSession().data
  const may = useMayRule()
  const lessons = useKind('lesson')
  const comments = useKind('comment')
  const [theme, setTheme] = useState(localStorage.getItem('guike.theme') ?? 'system')
  const [density, setDensity] = useKept('guike.density', 'normal')
  const admin = session?.user.admin
  const ways: [to: string, title: string, note: string][] = [
    ...way(may, '/shape', 'nav.shape', 'shape.note'),
    ...way(true, '/views', 'nav.views', 'view.settings_note'),
    ...way(comments, '/comments', 'kind.comment', 'comment.settings_note'),
    ...way(lessons, '/lessons', 'nav.lessons', 'lesson.settings_note'),
    ...way(admin, '/cabinet/naming', 'settings.naming', 'settings.naming_note'),
    ...way(admin, '/mailboxes', 'nav.mailboxes', 'mailbox.settings_note'),
    ...way(admin, '/hooks', 'nav.hooks', 'hook.settings_note'),
    ...way(admin, '/health', 'nav.health', 'health.settings_note'),
  ]
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Bar title={t('nav.settings')} />
      <section tabIndex={0} aria-label={t('nav.settings')} className="min-h-0 flex-1 overflow-auto bg-panel focus-visible:outline-none">
        <div className="max-w-[640px] px-6 py-4 max-md:px-4">
          <Line title={t('settings.language')} note={t('settings.language_note')}>
            <Segments
              label={t('settings.language')}
              value={i18n.language}
              options={languages.map((l) => [l, t(`settings.${l}`)])}
              onChange={(l) => {
                setLanguage(l)
                call('PATCH', '/session', { language: l }).catch(() => {})
              }}
            />
          </Line>
          <Line title={t('settings.theme')}>
            <Segments
              label={t('settings.theme')}
              value={theme}
              options={['light', 'dark', 'system'].map((v) => [v, t(`settings.${v}`)])}
              onChange={(v) => {
                setTheme(v)
                applyTheme(v)
              }}
            />
          </Line>
          <Line title={t('settings.density')} note={t('settings.density_note')}>
            <Segments
              label={t('settings.density')}
              value={density}
              options={['compact', 'normal', 'roomy'].map((v) => [v, t(`settings.${v}`)])}
              onChange={(v) => {
                setDensity(v)
                applyDensity(v)
              }}
            />
          </Line>
          {ways.map(([to, title, note]) => (
            <Line key={to} title={t(title)} note={t(note)}>
              <Link to={to as never} className="text-accent hover:underline">
                {t('act.open')}
                <span className="sr-only">{t(title)}</span>
              </Link>
            </Line>
          ))}
          {session && (
            <dl className="grid grid-cols-[120px_1fr] gap-y-1.5 pt-5 text-muted">
              <dt>{t('settings.workspace')}</dt>
              <dd className="text-ink">{session.workspace.name}</dd>
              <dt>{t('settings.zone')}</dt>
              <dd>{session.workspace.zone}</dd>
              <dt>{t('settings.account')}</dt>
              <dd>
                {session.user.name} ({session.user.login})
              </dd>
              <dt>{t('settings.version')}</dt>
              <dd>{session.version}</dd>
            </dl>
          )}
        </div>
      </section>
    </div>
  )
}

function Line({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-2 border-b border-line py-4">
      <div className="min-w-40 flex-1">
        <h2 className="text-base font-medium">{title}</h2>
        {note && <p className="text-xs text-muted">{note}</p>}
      </div>
      {children}
    </div>
  )
}
