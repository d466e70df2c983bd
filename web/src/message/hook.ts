import { useQuery } from '@tanstack/react-query'
import { get, post } from '../client/call'
import type { Page, Rec, Ref } from '../client/types'
import type { Tone } from '../ui/tag'

export interface Hook extends Rec {
  target: 'documents' | 'records'
  of: string
  profile: string
  scheme: 'standard' | 'hub'
  customer: Ref | null
  user: Ref | null
  paused: boolean
}

export interface Standing {
  id: string
  address: string
  example: string
  last: string
  all: number
  bad: number
  waits: number
}

export interface Secret {
  id: string
  address: string
  secret: string
  example: string
}

export interface Delivery {
  id: string
  at: string
  outcome: 'waiting' | 'applied' | 'partly' | 'refused' | 'mapping' | 'undone' | 'tried'
  reason: string
  detail: string
  trial: boolean
  tries: number
  message: string
  name: string
  size: number
  import: string
  document: string
  rows: number
  created: number
  updated: number
  rejected: number
  again: boolean
  body?: string
}

export const outcomes: Record<Delivery['outcome'], Tone> = {
  waiting: 'accent',
  applied: 'ok',
  partly: 'warn',
  refused: 'bad',
  mapping: 'warn',
  undone: 'plain',
  tried: 'plain',
}

export function useHooks(may: boolean) {
  return useQuery({
    queryKey: ['hook', 'all'],
    enabled: may,
    refetchInterval: 15_000,
    queryFn: async ({ signal }) => {
      const [page, stands] = await Promise.all([
        post<Page<Hook>>('/hooks:query', { limit: 200 }, { signal }),
        get<{ data: Standing[] }>('/hooks:standing', signal),
      ])
      return page.data.map((hook) => ({ hook, stands: stands.data.find((s) => s.id === hook.id) }))
    },
  })
}

export const settingOf = (h: Hook) => ({
  name: h.title,
  target: h.target,
  of: h.of,
  profile: h.profile,
  scheme: h.scheme,
  customer: h.customer?.id,
  user: h.user?.id,
  paused: h.paused,
})
