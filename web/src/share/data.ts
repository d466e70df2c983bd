import { useQuery } from '@tanstack/react-query'
import { get } from '../client/call'
import type { Kind, Rec, Ref } from '../client/types'

export interface Shared {
  id: string
  state: 'live' | 'revoked' | 'expired' | 'used'
  receiver: string
  fields: string[]
  original: boolean
  guarded: boolean
  by: Ref | null
  mine: boolean
  created_at: string
  expires_at: string
  most: number
  opened: number
  opened_at: string | null
}

export interface Sharing {
  data: Shared[]
  fields: { name: string; usual: boolean }[]
  pages: number
  original: string
}

export interface Opening {
  at: string
  what: 'open' | 'file' | 'wrong'
  address: string
  agent: string
}

/** Keys begin with the kind of what changes, so that a revoked share is told everywhere. */
export const useSharing = (kind: Kind, record: Rec) =>
  useQuery({
    queryKey: ['share', 'about', kind.kind, record.id],
    // Who opened it meanwhile is no change that is told.
    refetchInterval: 15_000,
    queryFn: ({ signal }) => get<Sharing>(`/shares:about?about=${kind.kind}&rec=${record.id}`, signal),
  })

export const useOpenings = (id: string, enabled = true) =>
  useQuery({
    queryKey: ['share', 'openings', id],
    enabled,
    refetchInterval: 15_000,
    queryFn: ({ signal }) => get<{ data: Opening[] }>(`/shares/${id}/openings`, signal),
  })
