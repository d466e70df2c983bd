import type { Category } from '../client/types'

export interface Node<T> {
  value: T
  depth: number
  children: Node<T>[]
}

/** Rows with parents become a forest; a row whose parent is not among them stands at the top. */
export function forest<T extends { id: string; parent?: string }>(rows: T[]): Node<T>[] {
  const nodes = new Map(rows.map((r) => [r.id, { value: r, depth: 0, children: [] as Node<T>[] }]))
  const tops: Node<T>[] = []
  for (const r of rows) {
    const node = nodes.get(r.id)!
    const parent = r.parent ? nodes.get(r.parent) : undefined
    if (parent && parent !== node) parent.children.push(node)
    else tops.push(node)
  }
  const deepen = (list: Node<T>[], depth: number) => {
    for (const n of list) {
      n.depth = depth
      if (depth < 32) deepen(n.children, depth + 1)
    }
  }
  deepen(tops, 0)
  return tops
}

export function flat<T>(nodes: Node<T>[]): Node<T>[] {
  return nodes.flatMap((n) => [n, ...flat(n.children)])
}

/** Categories in tree order, those in use only. */
export function ordered(categories: Category[]): Node<Category>[] {
  const rows = categories.filter((c) => !c.retired).sort((a, b) => a.position - b.position)
  return flat(forest(rows))
}
