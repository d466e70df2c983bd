import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import zh from '../locale/zh-CN.json'
import { kindIcons } from './kindicon'

test('every icon that the server takes is drawn, and has a name', () => {
  const go = readFileSync(fileURLToPath(new URL('../../../custom.go', import.meta.url)), 'utf8')
  const list = /var KindIcons = \[\]string\{([^}]*)\}/.exec(go)?.[1] ?? ''
  const names = [...list.matchAll(/"([a-z]+)"/g)].map((m) => m[1]!)
  expect(names.length).toBeGreaterThan(20)
  expect(Object.keys(kindIcons).sort()).toEqual([...names].sort())
  for (const name of names) expect([name, `icon.${name}` in zh]).toEqual([name, true])
})
