import { Missing } from '../cabinet/missing'
import { revoke } from '../share/list'
import { useGive } from './give'

/** What the cabinet lacks, with what other features do about it. */
export function Gaps() {
  const give = useGive()
  return <Missing onGive={give} onRevoke={revoke} />
}
