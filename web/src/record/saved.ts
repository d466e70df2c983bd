import { useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import { call, get, post, tell } from '../client/call'
import { stale } from '../client/data'
import type { By, Face, Filter, Kind, Ref } from '../client/types'
import { say, warn } from '../ui/toast'
import type { Layout } from './columns'
import { askOf, type View } from './view'

/** A view that was given a name: what a list shows, for one person or an audience. */
export interface Saved {
  id: string
  /** The kind looked at. */
  of: string
  version: number
  name: string
  filter: Filter | null
  words: string
  sort: string
  columns: string[] | null
  layout: { where?: Filter; picks?: Record<string, string[]>; group?: string; sheet?: Layout; tree?: By[] } | null
  face: Face | null
  shared: boolean
  roles: string[] | null
  departments: string[] | null
  standard: boolean
  by: Ref | null
  mine: boolean
  /** Where this person's list begins. */
  first: boolean
}

export interface Audience {
  name: string
  shared: boolean
  roles: string[]
  departments: string[]
  standard: boolean
}

/** The address of the list without any view, where one would be first. */
export const plainView = 'all'

export function useViews(kind: Kind) {
  return useQuery({
    queryKey: ['view', kind.kind],
    staleTime: 60_000,
    queryFn: ({ signal }) => get<{ data: Saved[] }>(`/views?of=${kind.kind}`, signal),
    select: lists,
  })
}

/** Of the views kept, those of lists; an order of the cabinet's drawers is kept beside them. */
export const lists = (all: { data: Saved[] }) => ({ data: all.data.filter((v) => !v.layout?.tree) })

/** What the address says when a view is taken up. */
export function addressOf(v: Saved | undefined): Partial<View> {
  if (!v)
    return {
      view: plainView,
      q: undefined,
      sort: undefined,
      where: undefined,
      picks: undefined,
      cols: undefined,
      group: undefined,
      at: undefined,
      face: undefined,
    }
  const { where, picks, group } = v.layout ?? {}
  return {
    view: v.id,
    q: v.words || undefined,
    sort: v.sort || undefined,
    where: where ?? (picks ? undefined : (v.filter ?? undefined)),
    picks,
    cols: v.columns ?? undefined,
    group,
    at: undefined,
    face: v.face ?? undefined,
  }
}

const told = (v: Partial<View>) =>
  JSON.stringify([
    v.q ?? '',
    v.sort ?? '',
    v.where ?? null,
    Object.entries(v.picks ?? {}).filter(([, ids]) => ids.length > 0),
    v.cols ?? null,
    v.group ?? '',
    v.face ?? null,
  ])

/** Whether the list shows something else by now than the view it was taken from. */
export function strayed(v: Saved, now: View): boolean {
  return told(addressOf(v)) !== told(now)
}

/** Whether an address says nothing of what the list is to show: then a person's first view is it. */
export function bare(v: View): boolean {
  return !v.view && !v.id && told(v) === told({})
}

function body(kind: Kind, now: View, columns: string[], sheet: Layout) {
  const ask = askOf(kind, now)
  return {
    filter: ask.filter ?? null,
    words: now.q ?? '',
    sort: now.sort ?? '',
    columns,
    face: now.face ?? null,
    layout: { where: now.where, picks: now.picks, group: now.group, sheet },
  }
}

export async function keepView(kind: Kind, a: Audience, now: View, columns: string[], sheet: Layout): Promise<string> {
  const { id } = await post<{ id: string }>('/views', { of: kind.kind, ...a, ...body(kind, now, columns, sheet) })
  stale('view')
  return id
}

export async function saveView(kind: Kind, v: Saved, now: View, columns: string[], sheet: Layout): Promise<void> {
  await call('PATCH', `/views/${v.id}`, body(kind, now, columns, sheet), { version: v.version })
  stale('view')
}

export async function renameView(v: Saved, a: Audience): Promise<void> {
  await call('PATCH', `/views/${v.id}`, a, { version: v.version })
  stale('view')
}

/** Deletes a view and offers ten seconds to think again. */
export async function forget(v: Saved): Promise<void> {
  await call('DELETE', `/views/${v.id}`)
  stale('view')
  say(i18next.t('view.dropped', { name: v.name }), {
    title: i18next.t('act.undo'),
    run: async () => {
      try {
        await post(`/views/${v.id}/restore`)
        stale('view')
      } catch (e) {
        warn(tell(e))
      }
    },
  })
}
