// After `npm install`: writes the platforms that the lock leaves out into it. A mirror that keeps the packages of some platforms only
// makes npm drop the others, and `npm ci` then refuses the lock. They are optional, of their parent's version, and skipped elsewhere.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './source.mjs'

const path = join(root, 'package-lock.json')
const lock = JSON.parse(readFileSync(path, 'utf8'))
for (const [of, p] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(p.optionalDependencies ?? {})) {
    const nested = `${of}/node_modules/${name}`
    if (lock.packages[`node_modules/${name}`] || lock.packages[nested]) continue
    const system = /(android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|aix|win32|wasm32)/.exec(name)?.[1]
    const cpu = /(arm64|x64|ia32|loong64|mips64el|ppc64|riscv64|s390x|wasm32|arm)/.exec(name)?.[1]
    if (!system || !cpu || !/^\d/.test(version)) continue
    const libc = /musl/.test(name) ? ['musl'] : /-gnu/.test(name) ? ['glibc'] : undefined
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      dev: true,
      ...(libc && { libc }),
      optional: true,
      ...(system !== 'wasm32' && { os: [system] }),
    }
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
