import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, done, look, rows, soon, total, url, visit } from './lib.mjs'

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

test('a million rows: the box is scaled, the wheel still goes row by row, and the end is the end', async () => {
  const page = await visit(b, '/settings')
  const million = 1_000_000
  // The server's own rows stand for the million, over and over.
  await page.route('**/api/v1/receipts:count', (r) => r.fulfill({ json: { count: million, exact: true, sums: [] } }))
  await page.route('**/api/v1/receipts:marks', (r) => r.fulfill({ json: { count: million, marks: [{ at: 0, cursor: '' }] } }))
  await page.route('**/api/v1/receipts:query', async (r) => {
    const body = r.request().postDataJSON()
    await r.continue({ postData: JSON.stringify({ ...body, skip: (body.skip ?? 0) % 5000 }) })
  })
  await page.getByRole('link', { name: '回单' }).first().click()
  await rows(page).first().waitFor()
  const grid = page.getByRole('grid')
  await soon(async () => (await grid.getAttribute('aria-rowcount')) === String(million + 1))
  const box = grid.locator('xpath=..')
  const tall = await box.evaluate((el) => el.scrollHeight)
  assert.ok(tall > 9_900_000 && tall < 10_100_000, `${tall} px`)

  await box.evaluate((el) => el.scrollTo(0, el.scrollHeight / 2))
  const first = () =>
    page.evaluate(() => {
      const top = document.querySelector('[role=grid]').parentElement.getBoundingClientRect().top + 32
      const all = [...document.querySelectorAll('[data-row]')].map((el) => [Number(el.dataset.row), el.getBoundingClientRect().top - top])
      const [row, y] = all.sort((a, b) => a[0] - b[0]).find(([, at]) => at > -36) ?? [-1, 0]
      return row * 36 - y
    })
  await soon(async () => Math.abs((await first()) / 36 - million / 2) < 2000)
  await box.hover()
  const before = await first()
  for (let i = 0; i < 5; i++) await page.mouse.wheel(0, 360)
  await soon(async () => Math.abs((await first()) - before - 1800) < 3)

  await grid.focus()
  await page.keyboard.press('End')
  await page.locator(`[data-row="${million - 1}"]`).waitFor()
  const foot = await page.locator(`[data-row="${million - 1}"]`).boundingBox()
  const room = await box.boundingBox()
  assert.ok(foot.y + foot.height <= room.y + room.height + 20, 'the last row is in sight')
  await page.keyboard.press('ArrowUp')
  await page.locator(`[data-row="${million - 2}"]`).waitFor()
  await look(page, 'long-end')
  await done(page)
})
