// Builds dist and writes down which source it is of. The same source gives the same bytes on every machine.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { root, source } from './source.mjs'

await build({ root, logLevel: 'error' })
writeFileSync(join(root, 'dist', 'source.txt'), `${source()}\n`)
