import { useQuery } from '@tanstack/react-query'
import { call, get, post } from '../client/call'
import { stale } from '../client/data'
import type { Ref } from '../client/types'
import { lists, type Saved } from '../record/saved'

/** A view's place on a dashboard of four columns. */
export interface Tile {
  view: string
  wide: number
  tall: number
}

export interface Dashboard {
  id: string
  version: number
  name: string
  tiles: Tile[]
  shared: boolean
  roles: string[] | null
  departments: string[] | null
  by: Ref | null
  mine: boolean
}

export function useDashboards() {
  return useQuery({
    queryKey: ['dashboard', 'all'],
    staleTime: 60_000,
    queryFn: ({ signal }) => get<{ data: Dashboard[] }>('/dashboards', signal),
  })
}

/** The views of every kind that reach this person. */
export function useAllViews() {
  return useQuery({
    queryKey: ['view', 'all'],
    staleTime: 60_000,
    queryFn: ({ signal }) => get<{ data: Saved[] }>('/views', signal),
    select: lists,
  })
}

export async function makeDashboard(d: Partial<Dashboard>): Promise<string> {
  const { id } = await post<{ id: string }>('/dashboards', d)
  stale('dashboard')
  return id
}

export async function changeDashboard(d: Dashboard, part: Partial<Dashboard>): Promise<void> {
  try {
    await call('PATCH', `/dashboards/${d.id}`, part, { version: d.version })
  } finally {
    stale('dashboard')
  }
}

export async function dropDashboard(d: Dashboard): Promise<void> {
  await call('DELETE', `/dashboards/${d.id}`)
  stale('dashboard')
}

export async function bringDashboard(id: string): Promise<void> {
  await post(`/dashboards/${id}/restore`)
  stale('dashboard')
}

/** A list with one thing put where another stands. */
export function arranged<T>(list: T[], from: number, to: number): T[] {
  const rest = list.filter((_, i) => i !== from)
  rest.splice(to, 0, list[from]!)
  return rest
}
