import type { Cutting, Paper, Reading } from '../client/types'

/** What a person said so far of where papers begin and end. */
export const cuttingOf = (r: Reading): Cutting => ({ cuts: r.cuts, joined: r.joined })

/** Where a page is cut now: as a person said, else in the middle between the papers that were found. */
export function cutsOf(r: Reading, page: number): number[] {
  const said = r.cuts.find((c) => c.page === page)
  if (said) return said.at
  const boxes = r.papers.flatMap((p) => (p.page === page && p.box ? [p.box] : [])).sort((a, b) => a[1] - b[1])
  return boxes.slice(1).map((b, i) => (boxes[i]![3] + b[1]) / 2)
}

function withCuts(r: Reading, page: number, at: number[]): Cutting {
  return { cuts: [...r.cuts.filter((c) => c.page !== page), { page, at: [...at].sort((a, b) => a - b) }], joined: r.joined }
}

/** Parts the paper at a height of its page. */
export const splitAt = (r: Reading, page: number, y: number): Cutting => withCuts(r, page, [...cutsOf(r, page), y])

/** The paper that stands before: above on its page, or last on the page before. */
export function before(r: Reading, paper: Paper): Paper | undefined {
  const end = (p: Paper) => p.page + p.pages
  const above = r.papers.filter((p) => p.page === paper.page && p.box && paper.box && p.box[1] < paper.box[1])
  if (above.length > 0) return above.sort((a, b) => b.box![1] - a.box![1])[0]
  return r.papers.filter((p) => p.page < paper.page && end(p) === paper.page - 1).at(-1)
}

/** Puts the paper together with the one before it. */
export function joinTo(r: Reading, previous: Paper, paper: Paper): Cutting {
  if (previous.page !== paper.page) return { cuts: r.cuts, joined: [...r.joined, paper.page] }
  const at = cutsOf(r, paper.page)
  const top = paper.box?.[1] ?? 0
  const between = at
    .filter((y) => y <= top + 0.001)
    .sort((a, b) => a - b)
    .at(-1)
  return withCuts(
    r,
    paper.page,
    at.filter((y) => y !== between),
  )
}

/** Lets what goes on over pages end with its first. */
export const apart = (r: Reading, paper: Paper): Cutting => ({
  cuts: r.cuts,
  joined: r.joined.filter((page) => page <= paper.page || page > paper.page + paper.pages),
})
