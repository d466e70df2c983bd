// The shapes of docs/api.md.

export type FieldType =
  | 'text'
  | 'longtext'
  | 'choice'
  | 'choices'
  | 'phone'
  | 'email'
  | 'url'
  | 'int'
  | 'float'
  | 'bool'
  | 'date'
  | 'time'
  | 'money'
  | 'ref'
  | 'category'
  | 'lines'
  | 'json'

export interface Field {
  name: string
  type: FieldType
  required?: boolean
  choices?: string[]
  /** Its choices are the names of kinds. */
  kinds?: boolean
  ref?: string
  /** The field beside it that names the kind it refers to. */
  ref_by?: string
  /** What roles often do not see. */
  sensitive?: boolean
  /** Never written by hand. */
  system?: boolean
  sortable?: boolean
  multi?: boolean
  dimension?: string
  searched?: boolean
  title?: boolean
  /** By this its records are told of: the first sort of a list, the place on a timeline. */
  dated?: boolean
  label?: string
  lines?: Field[]
  /** Added by the workspace. */
  custom?: boolean
  options?: Option[]
  formula?: string
  section?: string
  position?: number
  help?: string
  /** Required by the workspace's form; `required_when`, only where that holds. */
  wanted?: boolean
  required_when?: Filter
  default?: unknown
  pattern?: string
  pattern_help?: string
  /** Whose consent a change of it needs. */
  reviewer?: string
  unique?: boolean
}

/** One of the values of an added choice; a retired one is kept where it stands and not offered. */
export interface Option {
  value: string
  label: string
  retired?: boolean
}

export interface Kind {
  kind: string
  plural: string
  prefix: string
  label?: string
  /** Of a custom kind, where one was chosen. */
  icon?: string
  custom?: boolean
  /** Written only by verbs of its own. */
  verbs?: boolean
  can?: string[]
  fields: Field[]
}

export interface Ref {
  id: string
  title: string
  gone?: boolean
}

export interface Money {
  amount: string
  currency: string
}

export interface Rec {
  id: string
  kind: string
  title: string
  version: number
  status?: 'draft' | 'active'
  created_at?: string
  updated_at?: string
  deleted_at?: string | null
  [field: string]: unknown
}

export interface Page<T> {
  data: T[]
  next_cursor?: string
  has_more?: boolean
  stopped?: boolean
}

/** By what records are grouped: a field, and how finely. */
export interface By {
  field: string
  unit?: Unit
  level?: number
  /** The most groups; what finds no place is one more. */
  limit?: number
}

export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year'

/** How records are shown; a grid of rows where none is named. */
export interface Face {
  as: 'board' | 'calendar' | 'chart' | 'pivot'
  form?: 'bar' | 'line' | 'pie' | 'map'
  by?: By[]
  /** The field added up; records are counted where there is none. */
  sum?: string
  /** Which of the sums that no total may mix. */
  part?: string
  average?: boolean
}

export interface Leaf {
  field: string
  op: string
  value?: unknown
}
export type Filter = Leaf | { and: Filter[] } | { or: Filter[] } | { not: Filter }

export interface Count {
  count: number
  exact: boolean
  sums?: { field: string; currency?: string; amount: string }[]
}

export interface FacetValue {
  id: string
  title: string
  parent?: string
  count: number
}
export interface Facets {
  data: { field: string; values: FacetValue[] }[]
  exact: boolean
  /** The moment whose records are counted. */
  as_of?: string
}

export interface Change {
  id: string
  seq: number
  op: 'create' | 'update' | 'delete' | 'restore'
  at: string
  version: number
  by: Ref | null
  cause: string
  cause_id?: string
  fields: Record<string, [unknown, unknown]>
}

/** What somebody said about a record. */
export interface Comment {
  id: string
  version: number
  body: string
  at: string
  by: Ref | null
  mine: boolean
  mentions: Ref[]
}

/** One thing on a record's timeline. */
export interface Happening {
  what: 'comment' | 'change' | 'record'
  at: string
  /** The day, where only that is known. */
  on?: string
  kind?: string
  comment?: Comment
  change?: Change
  record?: Rec
}

/** The records of one kind that name a record. */
export interface Relation {
  kind: string
  fields: string[]
  filter: Filter
  count: number
  sums: { field: string; currency: string; amount: string }[]
  newest: Rec[]
}

export interface Why {
  field: string
  value: Ref | Ref[] | null
  origin: string
  rule?: Ref | null
  number?: number
  /** What of the rule's condition held for this record. */
  filter?: Filter | null
  version?: number
  confidence?: number
  reason?: string
  by?: Ref | null
  at?: string
}

export interface Session {
  user: { id: string; name: string; login: string; role: string; language: string; admin?: boolean; rules?: boolean; share?: boolean }
  workspace: { name: string; zone: string; currency: string }
  insecure: boolean
  demo: boolean
  version: string
}

export interface Category {
  id: string
  title: string
  parent: string
  position: number
  aliases?: string | string[]
  retired?: boolean
}
export interface Dimension {
  id: string
  kind: string
  name: string
  title: string
  multi?: boolean
  by: 'rules' | 'bands' | 'period' | 'lookup' | 'field'
  of?: string
  /** Of a lookup: the date field whose day the value is taken of. */
  as_of?: string
  bounds?: string[]
  categories: Category[]
}

export interface Rule {
  id: string
  number: number
  dimension: string
  category: Ref | null
  title: string
  filter: Filter | null
  position: number
  version: number
  enabled: boolean
  broken?: string
}

export type Box = [number, number, number, number]
export interface Fact {
  name: string
  value: string
  page?: number
  box?: Box | null
  label?: string
  source?: string
  confidence?: number
  by?: 'reader' | 'xml' | 'qr' | 'person'
  /** By which of the reading's lessons it was found. */
  lesson?: string
}
/** A label that a person's correction taught. */
export interface Learnt {
  id: string
  fact: string
  label: string
  way: 'right' | 'below'
  confirmed: number
  contradicted: number
  document: Ref | null
}
export interface Check {
  check: string
  result: 'pass' | 'warn' | 'fail'
  reason?: string
}
export interface Paper {
  paper: number
  page: number
  /** Further ones that it goes on over. */
  pages: number
  kind: string
  state: 'filed' | 'waiting' | 'duplicate' | 'conflict' | 'rejected'
  reason?: string
  detail?: string
  receipt?: Ref | null
  other?: Ref | null
  box?: Box | null
  facts: Fact[]
  checks: Check[]
  linked?: string
  proposals?: { id: string; title: string; reason?: string }[]
  taught: string[]
  /** In what it is otherwise than on file from an earlier version of the document. */
  differs?: FactChange[]
}
/** A fact, or a figure in a line of text, that has another value. */
export interface FactChange {
  paper: number
  name: string
  before: string
  after: string
}
/** One of the files that a document has been. */
export interface Version {
  version: number
  name: string
  size: number
  mime: string
  pages: number
  sha256: string
  note: string
  /** The version that was put back with it; 0 where it came as a file. */
  of: number
  by: Ref | null
  at: string
  current: boolean
}
export interface Span {
  text: string
  hit: boolean
}
export interface DiffRow {
  op: 'same' | 'changed' | 'gone' | 'new' | 'gap'
  a: number
  b: number
  left: Span[]
  right: Span[]
  lines: number
}
export interface Comparison {
  facts: FactChange[]
  figures: FactChange[]
  rows: DiffRow[]
  same: boolean
  cut: boolean
}
/** Where a document's papers begin and end, as a person says. */
export type Cutting = Pick<Reading, 'cuts' | 'joined'>
export interface Reading {
  /** A page of words alone has no size, but its text. */
  pages: { page: number; width: number; height: number; text?: string }[]
  papers: Paper[]
  plain: boolean
  /** What an archive or a mail held: each a document, or why not. */
  parts: { name: string; size: number; document: Ref | null; already: boolean; reason: string }[]
  cut: boolean
  /** The document's file that this was read of. */
  version: number
  /** Where a person parted pages. */
  cuts: { page: number; at: number[] }[]
  /** Pages whose first paper goes on from the page before. */
  joined: number[]
  lessons: Record<string, Learnt>
}

export interface Upload {
  id: string
  name: string
  size: number
  offset: number
  document?: Ref
  already?: boolean
  /** Of the document, where the file is what that was before. */
  version?: number
}

export interface Job {
  id: string
  queue: string
  state: 'waiting' | 'running' | 'done' | 'dead' | 'cancelled'
  title: string
  done: number
  total: number
  error?: string
  attempt: number
  created_at: string
  run_at?: string
  ended_at?: string
  by?: Ref | null
  /** What it made. */
  result?: { file?: string; bytes?: number; count?: number }
}

/** When something is done by the clock: times of day are the workspace's. */
export interface When {
  every: 'minutes' | 'day' | 'week' | 'month'
  minutes?: number
  at?: string
  days?: number[]
  day?: number
}

export interface Schedule {
  id: string
  title: string
  work: 'backup' | 'purge' | 'export'
  args: {
    keep?: number
    days?: number
    kinds?: string[]
    kind?: string
    filter?: Filter
    q?: string
    sort?: string
    format?: string
    lang?: string
  }
  when: When
  enabled: boolean
  next_run: string
  last_due: string
  last_run: string
  missed: number
  skipped: number
  job: Job | null
  by: Ref | null
}

export interface Schedules {
  data: Schedule[]
  zone: string
  work: string[]
}

export interface Hit {
  kind: string
  id: string
  title: string
  subtitle?: string
}

/** One change of many records at once. */
export interface Operation extends Rec {
  of: string
  verb: 'edit' | 'classify' | 'trash' | 'restore' | 'cells' | 'rename'
  state: 'running' | 'done' | 'undoing' | 'undone'
  what: {
    edit?: Record<string, unknown>
    set?: Record<string, string[]>
    release?: string[]
    fields?: string[]
    from?: string
    to?: string
  } | null
  total: number
  done: number
  same: number
  failed: number
  faults: { id: string; title: string; reason: string; fields?: Record<string, string> }[] | null
  /** Parts that its undo left, and the first of them. */
  kept: number
  left: { kind: string; id: string; title: string; field?: string; reason: string }[] | null
  job: string
}

/** A change of a field that waits for its reviewer. */
export interface Proposed {
  id: string
  kind: string
  record: Ref
  field: string
  before: unknown
  value: unknown
  state: 'waiting' | 'accepted' | 'refused' | 'withdrawn'
  by: Ref | null
  reviewer: Ref | null
  /** The caller may decide it. */
  mine: boolean
  note: string
  at: string
}
