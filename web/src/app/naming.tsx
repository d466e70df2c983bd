import { useNavigate } from '@tanstack/react-router'
import { Naming as Names } from '../cabinet/naming'
import { watch } from '../record/operating'

/** How documents are named, and what becomes of renaming them. */
export function Naming() {
  const navigate = useNavigate()
  return <Names onBegun={(id) => watch(id, (one) => navigate({ to: '/operations', search: { id: one } as never }))} />
}
