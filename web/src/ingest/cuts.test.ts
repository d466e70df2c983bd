import { expect, test } from 'vitest'
import type { Paper, Reading } from '../client/types'
import { apart, before, cutsOf, joinTo, splitAt } from './cuts'

const paper = (no: number, page: number, y0: number, y1: number, pages = 0): Paper => ({
  paper: no,
  page,
  pages,
  kind: 'slip',
  state: 'waiting',
  box: [0.1, y0, 0.9, y1],
  facts: [],
  checks: [],
  taught: [],
})
const reading = (papers: Paper[], more: Partial<Reading> = {}): Reading => ({
  pages: [],
  papers,
  plain: false,
  version: 1,
  parts: [],
  cut: false,
  cuts: [],
  joined: [],
  lessons: {},
  ...more,
})

test('a page is cut between the papers that were found, or where a person said', () => {
  const r = reading([paper(1, 1, 0.1, 0.3), paper(2, 1, 0.4, 0.6), paper(3, 2, 0.1, 0.5)])
  expect(cutsOf(r, 1).map((y) => y.toFixed(2))).toEqual(['0.35'])
  expect(cutsOf(r, 2)).toEqual([])
  expect(cutsOf(reading([], { cuts: [{ page: 1, at: [0.2] }] }), 1)).toEqual([0.2])
})

test('a split adds a cut and leaves the others', () => {
  const r = reading([paper(1, 1, 0.1, 0.3), paper(2, 1, 0.4, 0.6)], { cuts: [{ page: 2, at: [] }] })
  expect(splitAt(r, 1, 0.2)).toEqual({
    cuts: [
      { page: 2, at: [] },
      { page: 1, at: [0.2, 0.35] },
    ],
    joined: [],
  })
})

test('a paper is put together with the one above it, or with the last of the page before', () => {
  const r = reading([paper(1, 1, 0.1, 0.3), paper(2, 1, 0.4, 0.6), paper(3, 1, 0.7, 0.9), paper(4, 2, 0.1, 0.5)])
  expect(before(r, r.papers[0]!)).toBeUndefined()
  expect(before(r, r.papers[2]!)?.paper).toBe(2)
  expect(joinTo(r, r.papers[1]!, r.papers[2]!).cuts[0]!.at.map((y) => y.toFixed(2))).toEqual(['0.35'])
  expect(before(r, r.papers[3]!)?.paper).toBe(3)
  expect(joinTo(r, r.papers[2]!, r.papers[3]!)).toEqual({ cuts: [], joined: [2] })
})

test('what goes on over pages is taken apart', () => {
  const r = reading([paper(1, 1, 0.1, 0.3, 2), paper(2, 4, 0.1, 0.3)], { joined: [2, 3, 5] })
  expect(apart(r, r.papers[0]!).joined).toEqual([5])
  expect(before(r, r.papers[1]!)?.paper).toBe(1)
})
