import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, done, look, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

for (const width of [1440, 390])
  test(`who is new to the demo is shown round, once, at ${width}`, async () => {
    const page = await visit(b, '/receipts', { width, tour: true })
    const card = page.getByRole('region', { name: '导览' })
    await card.waitFor()
    await look(page, 'tour-asked')
    await card.getByRole('button', { name: '开始' }).click()
    const tour = page.getByRole('dialog', { name: '导览' })
    for (const [n, title] of ['所有回单都在这里', '像说话一样查找', '点一下就筛选', '每个归类都说明理由', '机器拿不准的在这里'].entries()) {
      await tour.getByRole('heading', { name: title }).waitFor()
      await tour.getByText(`${n + 1} / 5`).waitFor()
      await page.waitForTimeout(500)
      const box = await tour.boundingBox()
      assert.ok(
        box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= page.viewportSize().height,
        JSON.stringify(box),
      )
      await look(page, `tour-${n + 1}`)
      await page.keyboard.press('Enter')
    }
    await tour.waitFor({ state: 'detached' })
    assert.match(page.url(), /\/queue/)
    await page.reload()
    await page.getByRole('main').waitFor()
    assert.equal(await card.count(), 0)
    if (width > 768) {
      // It can be had again at any time, and left at any time.
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').fill('导览')
      await page.getByRole('option', { name: '导览' }).waitFor()
      await page.keyboard.press('Enter')
      await tour.waitFor()
      await page.keyboard.press('Escape')
      await tour.waitFor({ state: 'detached' })
    }
    await done(page)
  })
