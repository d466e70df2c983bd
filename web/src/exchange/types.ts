import type { Rec } from '../client/types'

export interface Column {
  name: string
  field: string
  why: string
  values: Record<string, string> | null
  missing: string
  several: string
  bad: string
  day: string
  samples: string[] | null
}

export interface Mapping {
  form: Record<string, unknown>
  header: number
  columns: Column[]
  constants: { field: string; value: string; missing: string }[]
  key: string
  mode: 'create' | 'update' | 'upsert'
  twice: 'skip' | 'update' | 'reject'
  clear: boolean
  profile: string
  /** The kind that the table fits better; empty where it fits this one. */
  like: string
}

export interface Target {
  field: string
  label: Record<string, string>
  type: string
  ref: string
  choices: string[] | null
  required: boolean
  key: boolean
}

export interface Proposal {
  import: Import
  mapping: Mapping
  targets: Target[]
  profiles: string[]
}

export interface Counts {
  rows: number
  created: number
  updated: number
  unchanged: number
  rejected: number
  skipped: number
  warned: number
  kept: number
}

export type State = 'mapping' | 'checking' | 'running' | 'done' | 'failed' | 'undoing' | 'undone'

export interface Import extends Rec, Counts {
  of: string
  name: string
  size: number
  state: State
  reason: string
  detail: string
  started_at: string | null
  ended_at: string | null
}

export interface Tally {
  severity: 'reject' | 'skip' | 'warn' | 'kept'
  column: string
  reason: string
  count: number
  first: number
}

/** Whether the server is at work on it. */
export const busy = (state: State) => state === 'checking' || state === 'running' || state === 'undoing'
