import type { Ref } from '../client/types'
import { mention as kept } from '../field/format'

export interface Draft {
  text: string
  /** Who was picked from the list; what is only typed mentions nobody. */
  people: Ref[]
}

export const blank: Draft = { text: '', people: [] }

/** A draft as it is kept. Longer names first: one may begin with another. */
export function pack({ text, people }: Draft): string {
  const name = (p: Ref) => p.title.replace(/[[\]\n]/g, ' ')
  const sorted = [...people].sort((a, b) => b.title.length - a.title.length)
  let out = ''
  for (let i = 0; i < text.length; ) {
    const p = text[i] === '@' ? sorted.find((x) => text.startsWith(x.title, i + 1)) : undefined
    out += p ? `@[${name(p)}](${p.id})` : text[i]
    i += p ? p.title.length + 1 : 1
  }
  return out.trim()
}

/** A kept text as it is typed, to be changed. */
export function unpack(body: string): Draft {
  const people: Ref[] = []
  const text = body.replace(kept, (_, title: string, id: string) => {
    if (!people.some((p) => p.id === id)) people.push({ id, title })
    return `@${title}`
  })
  return { text, people }
}

/** A kept text in pieces: words, and people by the names they have now. */
export function pieces(body: string, now: Ref[]): (string | Ref)[] {
  const out: (string | Ref)[] = []
  let at = 0
  for (const m of body.matchAll(kept)) {
    if (m.index > at) out.push(body.slice(at, m.index))
    out.push({ id: m[2]!, title: now.find((p) => p?.id === m[2])?.title || m[1]! })
    at = m.index + m[0].length
  }
  if (at < body.length) out.push(body.slice(at))
  return out
}

/** What is being typed behind an @ that stands before the caret; undefined where no name is. An @ within a word is an address. */
export function asked(text: string, caret: number): { at: number; words: string } | undefined {
  const m = /(^|[^\w.@])@([^\s@]{0,20})$/.exec(text.slice(0, caret))
  return m ? { at: caret - m[2]!.length - 1, words: m[2]! } : undefined
}
