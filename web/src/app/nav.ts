import {
  ArrowLeftRight,
  Bell,
  Archive,
  FileInput,
  FolderTree,
  LayoutDashboard,
  ListOrdered,
  type LucideIcon,
  ScanSearch,
  Settings,
  Share2,
  Shapes,
  Stamp,
  Trash2,
  UsersRound,
  Workflow,
} from 'lucide-react'
import type { Kind } from '../client/types'
import { kindIcon } from '../field/kindicon'
import { kindLabel } from '../field/label'

export interface Place {
  to: string
  title: string
  icon: LucideIcon
  alias?: string
}

const order = ['receipt', 'customer', 'order', 'case', 'activity', 'task', 'contact', 'product', 'document', 'folder', 'entry', 'account']

type T = (key: string) => string

export function places(kinds: Kind[], t: T, who: { admin?: boolean; rules?: boolean; share?: boolean } = {}): Place[][] {
  const rank = (k: Kind) => order.indexOf(k.kind) + 1 || 99
  // What only its own verbs write has a page of its own, or stands beside the record it speaks of.
  const records = kinds
    .filter((k) => !k.verbs)
    .sort((a, b) => rank(a) - rank(b))
    .map((k) => ({
      to: `/${k.plural}`,
      title: kindLabel(k),
      icon: kindIcon(k),
      alias: `${k.plural} ${k.custom ? kindLabel(k) : t(`alias.${k.kind}`)}`,
    }))
  const page = (to: string, icon: LucideIcon): Place => ({ to: `/${to}`, title: t(`nav.${to}`), icon, alias: `${to} ${t(`alias.${to}`)}` })
  return [
    [
      page('queue', ScanSearch),
      page('cabinet', Archive),
      page('matching', ArrowLeftRight),
      page('notices', Bell),
      page('dashboards', LayoutDashboard),
    ],
    records,
    [page('dimensions', FolderTree), page('rules', ListOrdered), ...(who.rules === false ? [] : [page('shape', Shapes)])],
    [
      ...(who.admin !== false ? [page('people', UsersRound)] : []),
      page('imports', FileInput),
      page('reviews', Stamp),
      ...(who.share === false ? [] : [page('shares', Share2)]),
      page('jobs', Workflow),
      page('trash', Trash2),
      page('settings', Settings),
    ],
  ]
}
