import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

// Who may import whom: ui, client → field → record → features → app; a feature never imports another.
const rank: Record<string, number> = {
  locale: 0,
  ui: 1,
  client: 1,
  field: 2,
  record: 3,
  cabinet: 4,
  classify: 4,
  dashboard: 4,
  ingest: 4,
  match: 4,
  message: 4,
  exchange: 4,
  access: 4,
  shape: 4,
  share: 4,
  app: 5,
}
const src = fileURLToPath(new URL('.', import.meta.url))

test('imports go downwards only', () => {
  const wrong: string[] = []
  for (const file of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
    const room = file.split('/')[0]!
    if (!/\.tsx?$/.test(file) || file.endsWith('.test.ts') || !(room in rank)) continue
    for (const m of readFileSync(join(src, file), 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const target = normalize(join(dirname(file), m[1]!)).split('/')[0]!
      const down = target === room || rank[target]! < rank[room]! || (rank[room] === 1 && rank[target] === 1)
      if (!down) wrong.push(`${file} imports ${m[1]}`)
    }
  }
  expect(wrong).toEqual([])
})
