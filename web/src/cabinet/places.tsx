import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

const all = ['', '/missing', '/retention', '/checklist', '/naming']

/** The pages of the cabinet. */
export function Places() {
  const { t } = useTranslation()
  return (
    <nav
      aria-label={t('nav.cabinet')}
      className="hide-scroll flex min-w-0 shrink-0 @max-[1000px]/bar:shrink items-center gap-0.5 overflow-x-auto max-md:max-w-full"
    >
      {all.map((p) => (
        <Link
          key={p}
          to={`/cabinet${p}` as never}
          className="flex h-7 shrink-0 items-center rounded-md px-2 text-muted hover:bg-hover hover:text-ink max-md:h-11"
          activeProps={{ className: 'bg-picked font-medium text-accent!' }}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          {t(`cabinet.page_${p.slice(1) || 'documents'}`)}
        </Link>
      ))}
    </nav>
  )
}
