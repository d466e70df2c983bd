import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import en from './en.json'
import zh from './zh-CN.json'

const src = fileURLToPath(new URL('..', import.meta.url))
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((f) => /\.tsx?$/.test(f) && !f.endsWith('.test.ts'))
const text = (f: string) => readFileSync(join(src, f), 'utf8')
const code = (s: string) => s.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')

test('both languages have the same keys', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
})

test('both languages name the same values in a sentence', () => {
  const holes = (s: string) => (s.match(/\{\{\w+\}\}/g) ?? []).sort()
  const zhWords = zh as Record<string, string>
  for (const [key, value] of Object.entries(en)) expect([key, holes(value)]).toEqual([key, holes(zhWords[key] ?? '')])
})

test('no Chinese stands outside the locale files', () => {
  // What people type into a date or the search box is data, not words of ours: it is understood in whatever language the screen speaks.
  const allowed = ['field/date.tsx', 'record/when.ts', 'record/sum.ts', 'record/understand.ts', 'record/understood.tsx']
  for (const f of files) {
    if (f.startsWith('locale') || allowed.includes(f)) continue
    expect([f, code(text(f)).match(/[\u4e00-\u9fff]+/g)]).toEqual([f, null])
  }
})

test('every key that the source names exists', () => {
  for (const f of files)
    for (const m of code(text(f)).matchAll(/\bt\(\s*'([a-z_]+\.[\w.]+)'/g)) expect([f, m[1], m[1]! in zh]).toEqual([f, m[1], true])
})

test('a key that the source makes has words', () => {
  const some = (prefix: string) => Object.keys(zh).some((k) => k.startsWith(prefix))
  for (const f of files)
    for (const m of code(text(f)).matchAll(/\bt\(\s*`([a-z_]+\.[a-z_]*)\$\{/g)) expect([f, m[1], some(m[1]!)]).toEqual([f, m[1], true])
})

test('every message and job title of the server has words', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const types = 'text longtext phone email url choice choices ref date time int float bool money lines json'.split(' ')
  const wanted = new Set<string>()
  for (const f of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!f.endsWith('.go') || f.endsWith('_test.go') || f.includes('node_modules')) continue
    // A key that is cut off there is made of the type that it speaks of.
    for (const m of readFileSync(join(root, f), 'utf8').matchAll(/"((?:error|job)\.[a-z][a-z_.]*)/g))
      for (const key of m[1] === 'error.not_a_' ? types.map((t) => m[1] + t) : [m[1]!]) wanted.add(key)
  }
  expect(wanted.size).toBeGreaterThan(80)
  expect([...wanted].filter((key) => !(key in zh))).toEqual([])
})
