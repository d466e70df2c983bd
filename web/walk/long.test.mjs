import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, done, look, rows, total, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

test('the scroll bar spans all rows, and dragging it leads into their midst', async () => {
  const page = await visit(b, '/receipts')
  await rows(page).first().waitFor()
  const all = await total(page)
  await soon(async () => Number(await page.getByRole('grid').getAttribute('aria-rowcount')) === all + 1)
  const box = page.getByRole('grid').locator('xpath=..')
  await soon(async () => (await box.evaluate((el) => el.scrollHeight)) >= all * 30)

  // What stands in the middle is what the server says stands there.
  const queries = []
  page.on('request', (r) => r.url().endsWith('/receipts:query') && queries.push(r.postDataJSON()))
  await box.evaluate((el) => el.scrollTo(0, el.scrollHeight / 2))
  await soon(async () => (await page.locator('[data-row]').count()) > 10)
  await look(page, 'long-middle')
  assert.ok(queries.length < 6, `${queries.length} queries`)
  const at = Number(await page.locator('[data-row]').nth(5).getAttribute('data-row'))
  const id = (await page.locator('[data-row]').nth(5).getAttribute('id')).slice(4)
  const there = await page.evaluate(
    async ([base, n]) => {
      const ask = (path, body) =>
        fetch(`${base}/api/v1/receipts:${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }).then((r) => r.json())
      let cursor = ''
      for (let seen = 0; ; ) {
        const p = await ask('query', { sort: '-dated_on', limit: 200, cursor })
        if (n < seen + p.data.length) return p.data[n - seen].id
        seen += p.data.length
        cursor = p.next_cursor
      }
    },
    [url(), at],
  )
  assert.equal(id, there)

  // The keyboard goes to the very end, and back.
  await page.getByRole('grid').focus()
  await page.keyboard.press('End')
  await page.locator(`[data-row="${all - 1}"]`).waitFor()
  await page.keyboard.press('Home')
  await page.locator('[data-row="0"]').waitFor()
  await page.keyboard.press('PageDown')
  await done(page)
})

async function soon(what) {
  for (let i = 0; i < 60; i++) {
    if (await what()) return
    await new Promise((r) => setTimeout(r, 150))
  }
  assert.fail(String(what))
}
