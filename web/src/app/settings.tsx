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

/** How the app looks to this person, on this device. */
export function Settings() {
  const { t, i18n } = useTranslation()
  const session = useSession().data
  const may = useMayRule()
  const lessons = useKind('lesson')
  const [theme, setTheme] = useState(localStorage.getItem('guike.theme') ?? 'system')
  const [density, setDensity] = useKept('guike.density', 'normal')
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
          {may && (
            <Line title={t('nav.shape')} note={t('shape.note')}>
              <Link to={'/shape' as never} className="text-accent hover:underline">
                {t('act.open')}
                <span className="sr-only">{t('nav.shape')}</span>
              </Link>
            </Line>
          )}
          <Line title={t('nav.views')} note={t('view.settings_note')}>
            <Link to={'/views' as never} className="text-accent hover:underline">
              {t('act.open')}
              <span className="sr-only">{t('nav.views')}</span>
            </Link>
          </Line>
          {lessons && (
            <Line title={t('nav.lessons')} note={t('lesson.settings_note')}>
              <Link to={'/lessons' as never} className="text-accent hover:underline">
                {t('act.open')}
              </Link>
            </Line>
          )}
          {session?.user.admin && (
            <Line title={t('settings.naming')} note={t('settings.naming_note')}>
              <Link to={'/cabinet/naming' as never} className="text-accent hover:underline">
                {t('act.open')}
              </Link>
            </Line>
          )}
          {session?.user.admin && (
            <Line title={t('nav.mailboxes')} note={t('mailbox.settings_note')}>
              <Link to={'/mailboxes' as never} className="text-accent hover:underline">
                {t('act.open')}
                <span className="sr-only">{t('nav.mailboxes')}</span>
              </Link>
            </Line>
          )}
          {session?.user.admin && (
            <Line title={t('nav.hooks')} note={t('hook.settings_note')}>
              <Link to={'/hooks' as never} className="text-accent hover:underline">
                {t('act.open')}
                <span className="sr-only">{t('nav.hooks')}</span>
              </Link>
            </Line>
          )}
          {session?.user.admin && (
            <Line title={t('nav.health')} note={t('health.settings_note')}>
              <Link to={'/health' as never} className="text-accent hover:underline">
                {t('act.open')}
                <span className="sr-only">{t('nav.health')}</span>
              </Link>
            </Line>
          )}
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
