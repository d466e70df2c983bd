import i18next from 'i18next'

/** An answer that is not a success, as the server told it. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly fields: Record<string, string>,
  ) {
    super(detail || code)
  }
}

export const base = '/api/v1'

export interface CallOptions {
  signal?: AbortSignal
  headers?: Record<string, string>
  /** The version an edit started from; becomes If-Match. */
  version?: number
  /** Sent as it is, not as JSON. */
  raw?: Blob
  /** A form with a file, sent as it is. */
  form?: FormData
  /** Makes a POST repeatable. */
  once?: string
}

/** One request. Throws Problem for any answer but a success, also when no answer came at all. */
export async function call<T>(method: string, path: string, body?: unknown, o: CallOptions = {}): Promise<T> {
  const answer = await ask(method, path, body, o)
  return answer.status === 204 ? (undefined as T) : (jsonOf(await answer.text()) as T)
}

/** The same, where the answer is a file. */
export async function callFile(path: string, body: unknown): Promise<Blob> {
  return (await ask('POST', path, body, { headers: { Accept: '*/*' } })).blob()
}

async function ask(method: string, path: string, body?: unknown, o: CallOptions = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...o.headers }
  if (o.raw) headers['Content-Type'] = 'application/octet-stream'
  else if (!o.form && body !== undefined) headers['Content-Type'] = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
  if (o.version !== undefined) headers['If-Match'] = `"${o.version}"`
  if (o.once) headers['Idempotency-Key'] = o.once
  let answer: Response
  try {
    answer = await fetch(base + path, {
      method,
      headers,
      signal: o.signal,
      credentials: 'same-origin',
      body: o.raw ?? o.form ?? (body === undefined ? undefined : JSON.stringify(body)),
    })
  } catch (cause) {
    if (o.signal?.aborted) throw cause
    throw new Problem(0, 'offline', '', {})
  }
  if (!answer.ok) {
    const p = (jsonOf(await answer.text()) ?? {}) as { code?: string; detail?: string; title?: string; fields?: Record<string, string> }
    const problem = new Problem(answer.status, p.code ?? byStatus(answer.status), p.detail ?? p.title ?? '', p.fields ?? {})
    if (problem.code === 'unauthenticated' && path !== '/session') window.dispatchEvent(new Event('guike:out'))
    throw problem
  }
  return answer
}

function jsonOf(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}

function byStatus(status: number): string {
  if (status === 401) return 'unauthenticated'
  if (status === 403) return 'denied'
  if (status === 404) return 'not_found'
  if (status === 413) return 'too_large'
  if (status === 503 || status === 429) return 'busy'
  return status < 500 ? 'invalid' : 'internal'
}

/** A message key (`error.…`) in the reader's language, or the plain words it already is. */
export function words(text: string): string {
  if (!text) return ''
  const [name, ...rest] = (text.startsWith('error.') ? text : `error.${text}`).split('|')
  // Behind the bar stands what the message speaks of.
  if (i18next.exists(name!)) return i18next.t(name!, { what: name!.startsWith('error.formula_') ? sorts(rest.join('|')) : rest.join('|') })
  // A key from a newer server is no word for people.
  return text.startsWith('error.') ? i18next.t('error.invalid') : text
}

/** Formulas speak of sorts of value: those have words too. */
function sorts(what: string): string {
  return what
    .split(', ')
    .map((s) => (i18next.exists(`sort.${s}`) ? i18next.t(`sort.${s}`) : s))
    .join(', ')
}

/** What went wrong and what to do now, in the reader's language. */
export function tell(error: unknown): string {
  if (!(error instanceof Problem)) return i18next.t('error.internal')
  const what = words(error.detail)
  // Nothing is marked where no field is named, and what keeps the server busy is said where it is known.
  // A conflict that is not about somebody else's change says itself what stands in the way.
  const bare =
    error.code === 'busy' ||
    (error.code === 'invalid' && Object.keys(error.fields).length === 0) ||
    (error.code === 'conflict' && !error.detail.startsWith('error.changed'))
  if (bare && error.detail.startsWith('error.') && error.detail !== `error.${error.code}`) return what
  const todo = i18next.exists(`error.code.${error.code}`) ? i18next.t(`error.code.${error.code}`) : i18next.t('error.internal')
  return what && what !== error.code ? `${what}${i18next.t('mark.stop')}${todo}` : todo
}

export const get = <T>(path: string, signal?: AbortSignal) => call<T>('GET', path, undefined, { signal })
export const post = <T>(path: string, body?: unknown, o?: CallOptions) => call<T>('POST', path, body ?? {}, o)
