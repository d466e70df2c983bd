import { expect, test } from 'vitest'
import { asked, pack, pieces, unpack } from './mention'

const wang = { id: 'usr_1', title: 'Wang' }
const wanger = { id: 'usr_2', title: 'Wanger' }

test('a draft is kept and comes back', () => {
  const draft = { text: 'ask @Wanger and @Wang, not @Nobody', people: [wang, wanger] }
  const body = pack(draft)
  expect(body).toBe('ask @[Wanger](usr_2) and @[Wang](usr_1), not @Nobody')
  expect(unpack(body).text).toBe(draft.text)
  expect(pack(unpack(body))).toBe(body)
})

test('people are shown by the names they have now', () => {
  expect(pieces('hi @[Old](usr_1)!', [wang])).toEqual(['hi ', wang, '!'])
  expect(pieces('@[Gone](usr_9)', [])).toEqual([{ id: 'usr_9', title: 'Gone' }])
})

test('an @ asks for a name, but not within an address', () => {
  expect(asked('to @wa', 6)).toEqual({ at: 3, words: 'wa' })
  expect(asked('@', 1)).toEqual({ at: 0, words: '' })
  expect(asked('a@b', 3)).toBeUndefined()
  expect(asked('@wa ng', 6)).toBeUndefined()
})
