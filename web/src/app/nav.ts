import {
  Bell,
  BookOpenText,
  Building2,
  CalendarClock,
  CircleCheckBig,
  ContactRound,
  FileInput,
  FileText,
  Folder,
  FolderTree,
  LayoutDashboard,
  LifeBuoy,
  ListOrdered,
  type LucideIcon,
  Package,
  ReceiptText,
  ScanSearch,
  Settings,
  Shapes,
  ShoppingCart,
  Stamp,
  Trash2,
  UsersRound,
  WalletCards,
  Workflow,
} from 'lucide-react'
import type { Kind } from '../client/types'
import { customIcon } from '../field/kindicon'
import { kindLabel } from '../field/label'

export interface Place {
  to: string
  title: string
  icon: LucideIcon
  alias?: string
}

const icons: Record<string, LucideIcon> = {
  customer: Building2,
  contact: ContactRound,
  product: Package,
  order: ShoppingCart,
  receipt: ReceiptText,
  case: LifeBuoy,
  activity: CalendarClock,
  task: CircleCheckBig,
  document: FileText,
  folder: Folder,
  entry: BookOpenText,
  account: WalletCards,
}
/** The picture that a kind and its records are shown by. */
export const kindIcon = (k: Kind): LucideIcon => icons[k.kind] ?? customIcon(k)

const order = ['receipt', 'customer', 'order', 'case', 'activity', 'task', 'contact', 'product', 'document', 'folder', 'entry', 'account']
/** Kinds whose work is done on pages of their own, or beside the record they speak of. */
const own = ['comment', 'notice', 'view', 'dashboard', 'import']

type T = (key: string) => string

export function places(kinds: Kind[], t: T, who: { admin?: boolean; rules?: boolean } = {}): Place[][] {
  const rank = (k: Kind) => order.indexOf(k.kind) + 1 || 99
  const records = kinds
    .filter((k) => !k.verbs && !own.includes(k.kind))
    .sort((a, b) => rank(a) - rank(b))
    .map((k) => ({
      to: `/${k.plural}`,
      title: kindLabel(k),
      icon: kindIcon(k),
      alias: `${k.plural} ${k.custom ? kindLabel(k) : t(`alias.${k.kind}`)}`,
    }))
  const page = (to: string, icon: LucideIcon): Place => ({ to: `/${to}`, title: t(`nav.${to}`), icon, alias: `${to} ${t(`alias.${to}`)}` })
  return [
    [page('queue', ScanSearch), page('notices', Bell), page('dashboards', LayoutDashboard)],
    records,
    [page('dimensions', FolderTree), page('rules', ListOrdered), ...(who.rules === false ? [] : [page('shape', Shapes)])],
    [
      ...(who.admin !== false ? [page('people', UsersRound)] : []),
      page('imports', FileInput),
      page('reviews', Stamp),
      page('jobs', Workflow),
      page('trash', Trash2),
      page('settings', Settings),
    ],
  ]
}
