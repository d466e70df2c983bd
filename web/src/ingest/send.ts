import { useSyncExternalStore } from 'react'
import { call, get, post, Problem, tell } from '../client/call'
import { stale } from '../client/data'
import type { Ref, Upload } from '../client/types'

export interface Sending {
  key: number
  file: File
  sent: number
  state: 'queued' | 'sending' | 'done' | 'already' | 'failed'
  error?: string
  /** The server's name for an upload it can go on with. */
  upload?: string
  document?: Ref
  /** Of that document, where the file is what it was before. */
  version?: number
  /** What to do with the document once it is there. */
  then?: (document: Ref) => Promise<void>
}

// Small files go in one request; larger ones in pieces, so that a broken line or a closed tab costs one piece.
const small = 512 * 1024
const piece = 2 * 1024 * 1024
const atOnce = 2

let list: Sending[] = []
let unfinished: Upload[] = []
let running = 0
let next = 1
const listeners = new Set<() => void>()

function show() {
  list = [...list]
  for (const l of listeners) l()
}
function listen(l: () => void) {
  listeners.add(l)
  return () => listeners.delete(l)
}

export const useSendings = () => useSyncExternalStore(listen, () => list)
export const useUnfinished = () => useSyncExternalStore(listen, () => unfinished)

/** Asks which uploads an earlier tab left unfinished. */
export async function findUnfinished(): Promise<void> {
  const all = (await get<{ data: Upload[] }>('/uploads').catch(() => ({ data: [] }))).data ?? []
  unfinished = all.filter((u) => !list.some((s) => s.upload === u.id))
  show()
}

export async function forget(u: Upload): Promise<void> {
  await call('DELETE', `/uploads/${u.id}`).catch(() => {})
  unfinished = unfinished.filter((x) => x.id !== u.id)
  show()
}

/** Takes files in. One with the name and size of an unfinished upload goes on where that stopped. */
export function send(files: Iterable<File>, then?: Sending['then']): void {
  for (const file of files) {
    const old = unfinished.find((u) => u.name === file.name && u.size === file.size)
    if (old) unfinished = unfinished.filter((u) => u !== old)
    list.push({ key: next++, file, sent: old?.offset ?? 0, state: 'queued', upload: old?.id, then })
  }
  show()
  pump()
}

export function retry(s: Sending): void {
  s.state = 'queued'
  s.error = undefined
  show()
  pump()
}

export function clearDone(): void {
  list = list.filter((s) => s.state === 'queued' || s.state === 'sending')
  show()
}

function pump() {
  while (running < atOnce) {
    const s = list.find((x) => x.state === 'queued')
    if (!s) return
    running++
    s.state = 'sending'
    show()
    transfer(s)
      .then(async ({ document, already, version }) => {
        if (document) await s.then?.(document)
        s.document = document
        s.version = version
        s.sent = s.file.size
        s.state = already ? 'already' : 'done'
        stale('document')
      })
      .catch((e) => {
        s.state = 'failed'
        s.error = tell(e)
      })
      .finally(() => {
        running--
        show()
        pump()
      })
  }
}

interface Answer {
  document?: Ref
  already?: boolean
  version?: number
}

async function transfer(s: Sending): Promise<Answer> {
  if (s.file.size <= small && !s.upload)
    return call<Answer>('POST', `/documents/upload?name=${encodeURIComponent(s.file.name)}`, undefined, { raw: s.file })
  let offset = 0
  if (s.upload) {
    const open = await get<Upload & { sha256: string }>(`/uploads/${s.upload}`).catch(() => undefined)
    // Another file of the same name and size must not be put behind the first one's half.
    if (open && (open.offset === 0 || (await digest(s.file.slice(0, open.offset))) === open.sha256)) offset = open.offset
    else s.upload = undefined
  }
  if (!s.upload) s.upload = (await post<Upload>('/uploads', { name: s.file.name, size: s.file.size })).id
  let patience = 5
  for (;;) {
    try {
      const answer = await call<Upload>('PATCH', `/uploads/${s.upload}`, undefined, {
        raw: s.file.slice(offset, offset + piece),
        headers: { 'Upload-Offset': String(offset) },
      })
      offset = answer.offset
      s.sent = offset
      show()
      if (answer.document || offset >= s.file.size) return answer
      patience = 5
    } catch (e) {
      // A broken line: ask how far the server got and go on from there.
      if (!(e instanceof Problem) || (e.status !== 0 && e.status !== 409 && e.status !== 503) || --patience === 0) throw e
      await new Promise((r) => setTimeout(r, (6 - patience) * 800))
      const open = await get<{ data: Upload[] }>('/uploads').catch(() => undefined)
      const mine = open?.data.find((u) => u.id === s.upload)
      if (open && !mine) throw e
      if (mine) offset = mine.offset
    }
  }
}

/** SHA-256 in hex; '' where the page is not served safely and browsers do not compute it. */
async function digest(part: Blob): Promise<string> {
  if (!globalThis.crypto?.subtle) return ''
  const sum = await crypto.subtle.digest('SHA-256', await part.arrayBuffer())
  return Array.from(new Uint8Array(sum), (b) => b.toString(16).padStart(2, '0')).join('')
}
