// The identity of the source that dist was built from: one SHA-256 over every file that a build reads.
// `web/embed_test.go` computes the same, so a stale dist fails `go test ./web` without Node.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const parts = ['index.html', 'package.json', 'package-lock.json', 'public', 'script', 'src', 'tsconfig.json', 'vite.config.ts']

export function source() {
  const files = []
  const walk = (path) => {
    let entries
    try {
      entries = readdirSync(path, { withFileTypes: true })
    } catch {
      files.push(path)
      return
    }
    for (const e of entries) e.isDirectory() ? walk(join(path, e.name)) : files.push(join(path, e.name))
  }
  for (const p of parts) walk(join(root, p))
  const names = files.map((f) => relative(root, f).split(sep).join('/')).sort()
  const sum = createHash('sha256')
  for (const name of names) {
    const hash = createHash('sha256')
      .update(readFileSync(join(root, name)))
      .digest('hex')
    sum.update(`${name}\0${hash}\n`)
  }
  return sum.digest('hex')
}

if (process.argv.includes('--check')) {
  let have = ''
  try {
    have = readFileSync(join(root, 'dist', 'source.txt'), 'utf8').trim()
  } catch {}
  if (have !== source()) {
    console.error('web/dist is not built from this source: run `npm ci && npm run build` in web')
    process.exit(1)
  }
}
