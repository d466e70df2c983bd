import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const file = (name) => readFileSync(fileURLToPath(new URL(`../../paper/testdata/zip/${name}.zip`, import.meta.url)))

for (const [width, name] of [
  [1440, 'aes192'],
  [390, 'old'],
])
  test(`the encrypted files of an archive are opened by their password, at ${width}`, async () => {
    const page = await visit(b, '/documents', { width })
    const sent = await page.evaluate(
      async ([name, bytes]) => {
        const r = await fetch(`/api/v1/documents/upload?name=${name}.zip`, { method: 'POST', body: new Uint8Array(bytes) })
        return r.json()
      },
      [name, [...file(name)]],
    )
    const id = sent.document.id
    for (let i = 0; i < 100 && (await ask(page, 'GET', `/documents/${id}`)).state === 'received'; i++) await page.waitForTimeout(200)
    await page.goto(`${url()}/documents?id=${id}`)
    await page.getByText('已加密，需要密码').first().waitFor()
    await page.getByRole('button', { name: '输入密码' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.locator('input[type=password]').fill('falsch')
    await page.keyboard.press('Enter')
    await dialog.getByText('密码不对').waitFor()
    await look(page, 'locked')
    await dialog.locator('input[type=password]').fill('guike-2026')
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('已加密，需要密码').first().waitFor({ state: 'detached' })
    const parts = (await ask(page, 'GET', `/documents/${id}/reading`)).parts
    assert.deepEqual(
      parts.map((p) => [p.name, p.reason, !!p.document]),
      [
        ['说明.txt', '', true],
        ['合同/正文.txt', '', true],
        ['合同/附件.txt', '', true],
      ],
    )
    await done(page)
  })
