import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, rows, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

for (const width of [1440, 390])
  test(`a lost connection is said, and what was typed outlives it and a reload, at ${width}`, async () => {
    const page = await visit(b, '/customers', { width })
    const made = await ask(page, 'POST', '/customers', { name: `断线走查${Date.now()}` })
    await page.goto(new URL(`/customers?id=${made.id}`, page.url()).href)
    await page
      .getByRole('heading', { name: /断线走查/ })
      .first()
      .waitFor()
    await page.getByRole('button', { name: '编辑', exact: true }).first().click()
    await page.getByLabel('备注').fill('写到一半')

    await page.route('**/api/v1/**', (r) => r.abort())
    await page.getByRole('button', { name: /^保存/ }).click()
    await page
      .getByText(/连不上服务器|网络/)
      .first()
      .waitFor()
    assert.equal(await page.getByLabel('备注').inputValue(), '写到一半')
    await page.unroute('**/api/v1/**')

    await page.reload()
    await page
      .getByRole('heading', { name: /断线走查/ })
      .first()
      .waitFor()
    await page.getByRole('button', { name: '编辑', exact: true }).first().click()
    await page.getByText('已恢复上次没有保存的内容').waitFor()
    assert.equal(await page.getByLabel('备注').inputValue(), '写到一半')
    await look(page, 'draft')
    await page.getByRole('button', { name: '放弃这些内容' }).click()
    assert.equal(await page.getByLabel('备注').inputValue(), '')
    await page.getByLabel('备注').fill('写完了')
    await page.getByRole('button', { name: /^保存/ }).click()
    await page.getByText('写完了').first().waitFor()
    assert.equal((await ask(page, 'GET', `/customers/${made.id}`)).note, '写完了')
    await done(page)
  })

test('while the server cannot be reached a line says so, and goes when it can', async () => {
  const page = await visit(b, '/customers')
  await rows(page).first().waitFor()
  await page.route('**/api/v1/events', (r) => r.abort())
  await page.reload()
  const line = page.getByText('与服务器的连接断开')
  await line.waitFor()
  await look(page, 'unreached')
  await page.unroute('**/api/v1/events')
  await line.waitFor({ state: 'detached', timeout: 15_000 })
  await done(page)
})
