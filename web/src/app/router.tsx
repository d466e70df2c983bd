import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import { Login, Setup } from '../access/door'
import { cleanView } from '../record/view'
import { Shell } from './shell'

// The map of the app: which address shows what. What is not needed at once is fetched when it is first visited.

const root = createRootRoute({ component: Outlet })
const login = createRoute({ getParentRoute: () => root, path: '/login', component: Login })
const setup = createRoute({ getParentRoute: () => root, path: '/setup', component: Setup })
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: Shell })

const page = <P extends string>(path: P, load: () => Promise<Record<string, unknown>>, name: string) =>
  createRoute({
    getParentRoute: () => inside,
    path,
    validateSearch: (s: Record<string, unknown>) => s,
    component: lazyRouteComponent(load as () => Promise<Record<string, never>>, name as never),
  })

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/$plural', params: { plural: 'receipts' }, replace: true })
  },
})
const list = createRoute({
  getParentRoute: () => inside,
  path: '/$plural',
  validateSearch: cleanView as (s: Record<string, unknown>) => Record<string, unknown>,
  component: lazyRouteComponent(() => import('./list'), 'List'),
})
// A record's own address, as people write it down: the list with the record in its panel.
const one = createRoute({
  getParentRoute: () => inside,
  path: '/$plural/$id',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$plural', params: { plural: params.plural }, search: { id: params.id } as never, replace: true })
  },
})
// What goes on paper stands alone, without what the app is worked with.
const paper = createRoute({
  getParentRoute: () => root,
  path: '/print/$plural',
  validateSearch: (s: Record<string, unknown>) => s,
  component: lazyRouteComponent(() => import('./print'), 'Print'),
})
const lost = createRoute({
  getParentRoute: () => inside,
  path: '/$',
  component: lazyRouteComponent(() => import('./lost'), 'Lost'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    login,
    setup,
    paper,
    inside.addChildren([
      home,
      page('/queue', () => import('../ingest/queue'), 'Queue'),
      page('/matching', () => import('./matching'), 'Matching'),
      page('/dashboards', () => import('../dashboard/page'), 'Dashboards'),
      page('/dimensions', () => import('../classify/dimensions'), 'Dimensions'),
      page('/rules', () => import('../classify/rules'), 'Rules'),
      page('/shape', () => import('../shape/shape'), 'Shape'),
      page('/people', () => import('../access/people'), 'People'),
      page('/imports', () => import('../exchange/imports'), 'Imports'),
      page('/health', () => import('./health'), 'Health'),
      page('/lessons', () => import('../ingest/lessons'), 'LearntLabels'),
      page('/mailboxes', () => import('../message/mailboxes'), 'Mailboxes'),
      page('/hooks', () => import('../message/hooks'), 'Hooks'),
      page('/views', () => import('../record/viewlist'), 'Views'),
      page('/cabinet', () => import('./cabinet'), 'Cabinet'),
      page('/cabinet/missing', () => import('./gaps'), 'Gaps'),
      page('/cabinet/naming', () => import('./naming'), 'Naming'),
      page('/cabinet/retention', () => import('./retention'), 'Retention'),
      page('/cabinet/checklist', () => import('../cabinet/checklist'), 'Checklist'),
      page('/jobs', () => import('./jobs'), 'Jobs'),
      page('/operations', () => import('./operations'), 'Operations'),
      page('/notices', () => import('./notices'), 'Notices'),
      page('/reviews', () => import('./reviews'), 'Reviews'),
      page('/shares', () => import('../share/shares'), 'Shares'),
      page('/trash', () => import('./trash'), 'Trash'),
      page('/settings', () => import('./settings'), 'Settings'),
      page('/more', () => import('./more'), 'More'),
      list,
      one,
      lost,
    ]),
  ]),
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
