import { useNavigate } from '@tanstack/react-router'
import { Retention as Kept } from '../cabinet/retention'
import { watch } from '../record/operating'

/** For how long files are kept, and what becomes of moving those that may go to the trash. */
export function Retention() {
  const navigate = useNavigate()
  return <Kept onBegun={(id) => watch(id, (one) => navigate({ to: '/operations', search: { id: one } as never }))} />
}
