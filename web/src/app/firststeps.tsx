import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronRight, Circle, CircleCheckBig } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { get, post } from '../client/call'
import { useSession } from '../client/data'
import type { Count, Filter } from '../client/types'
import { cx } from '../ui/cx'

const own: Filter = { field: 'own', op: 'eq', value: true }

/** What makes an empty workspace useful, for who sets it up; what is done is ticked. */
export function FirstSteps() {
  const { t } = useTranslation()
  const admin = useSession().data?.user.admin
  const { data } = useQuery({
    queryKey: ['account', 'first'],
    enabled: !!admin,
    queryFn: async ({ signal }) => {
      const some = async (plural: string, filter?: Filter) => (await post<Count>(`/${plural}:count`, { filter }, { signal })).count > 0
      const users = async () => (await get<{ data: unknown[] }>('/users', signal)).data.length > 1
      const [accounts, customers, people] = await Promise.all([some('accounts', own), some('customers'), users()])
      return { accounts, customers, people }
    },
  })
  if (!admin || !data) return null
  const steps = [
    { id: 'accounts', done: data.accounts, to: '/accounts', search: { id: 'new' } },
    { id: 'customers', done: data.customers, to: '/imports', search: {} },
    { id: 'people', done: data.people, to: '/people', search: {} },
    { id: 'rules', done: undefined, to: '/rules', search: {} },
  ]
  return (
    <section aria-label={t('first.title')} className="mt-6 w-[min(420px,calc(100vw-48px))] text-left">
      <h2 className="pb-1 text-xs font-medium text-muted">{t('first.title')}</h2>
      <ul className="rounded-lg border border-line bg-panel">
        {steps.map((s) => {
          const Mark = s.done ? CircleCheckBig : Circle
          return (
            <li key={s.id} className="border-t border-line first:border-t-0">
              <Link to={s.to as never} search={s.search as never} className="flex min-h-12 items-center gap-3 px-3 py-2 hover:bg-hover">
                {s.done === undefined ? (
                  <span className="w-4" />
                ) : (
                  <Mark size={16} aria-label={t(s.done ? 'first.done' : 'first.open')} className={s.done ? 'text-ok' : 'text-muted'} />
                )}
                <span className="min-w-0 flex-1">
                  <span className={cx('block', s.done && 'text-muted')}>{t(`first.${s.id}`)}</span>
                  <span className="block text-xs text-muted">{t(`first.${s.id}_note`)}</span>
                </span>
                <ChevronRight size={16} aria-hidden className="shrink-0 text-muted" />
              </Link>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
