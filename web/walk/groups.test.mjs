import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, done, look, rows, soon, total, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

test('a list in groups: counts and sums of each, the rows of the open one, all in the address', async () => {
  const page = await visit(b, '/receipts')
  await rows(page).first().waitFor()
  const all = await total(page)
  await page.getByRole('button', { name: '分组', exact: true }).click()
  await look(page, 'group-menu')
  await page
    .getByRole('menuitem', { name: '票据类型' })
    .or(page.getByRole('menuitem', { name: '类型' }))
    .first()
    .click()
  const list = page.locator('section[aria-label*="分组"]')
  const heads = list.getByRole('button', { expanded: false })
  await heads.first().waitFor()
  const counts = await heads.evaluateAll((els) => els.map((el) => Number(el.innerText.match(/([\d,]+) 条/)[1].replaceAll(',', ''))))
  assert.equal(
    counts.reduce((a, b) => a + b, 0),
    all,
  )
  await list.getByText('平均').first().waitFor()
  await look(page, 'groups')
  await heads.first().click()
  await rows(page).first().waitFor()
  await soon(async () => (await total(page)) === counts[0])
  await look(page, 'group-open')
  await page.reload()
  await rows(page).first().waitFor()
  assert.equal(await total(page), counts[0])
  // By month, too; and no groups again.
  await page.getByRole('button', { name: /^按.*分组$/ }).click()
  await page.getByRole('menuitem', { name: /按月/ }).first().click()
  await list
    .getByRole('button', { name: /^20\d\d-\d\d/ })
    .first()
    .click()
  await rows(page).first().waitFor()
  await page.getByRole('button', { name: /^按.*分组$/ }).click()
  await page.getByRole('menuitem', { name: '不分组' }).click()
  await soon(async () => (await total(page)) === all)
  await done(page)
})

test('groups within groups: subtotals of each level, opened and closed by the arrows', async () => {
  const page = await visit(b, '/receipts?group=type')
  const list = page.locator('section[aria-label*="分组"]')
  const outer = list.locator('[data-depth="0"]')
  const inner = list.locator('[data-depth="1"]')
  await outer.first().waitFor()
  await page.getByRole('button', { name: /^按.*分组$/ }).click()
  await page.getByRole('menuitem', { name: '再按客户级别', exact: true }).click()
  await outer.first().waitFor()
  assert.equal(await rows(page).count(), 0)
  const many = (head) => head.innerText().then((s) => Number(s.match(/([\d,]+) 条/)[1].replaceAll(',', '')))
  await outer.first().focus()
  await page.keyboard.press('ArrowRight')
  await inner.first().waitFor()
  await inner.first().getByText('平均').first().waitFor()
  await look(page, 'groups-two')
  let sum = 0
  for (let i = 0; i < (await inner.count()); i++) sum += await many(inner.nth(i))
  assert.equal(sum, await many(outer.first()))
  assert.equal(await rows(page).count(), 0)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await rows(page).first().waitFor()
  const few = await many(inner.first())
  await soon(async () => (await total(page)) === few)
  await look(page, 'groups-two-open')
  await page.reload()
  await rows(page).first().waitFor()
  assert.equal(await total(page), few)
  await inner.first().focus()
  await page.keyboard.press('ArrowLeft')
  await soon(async () => (await rows(page).count()) === 0)
  await page.keyboard.press('ArrowLeft')
  assert.equal(await page.evaluate(() => document.activeElement.dataset.depth), '0')
  await page.keyboard.press('ArrowLeft')
  await soon(async () => (await inner.count()) === 0)
  await done(page)
})

test('on a phone the groups wrap', async () => {
  const page = await visit(b, '/receipts?group=type&at=slip', { width: 390 })
  await rows(page).first().waitFor()
  await look(page, 'group-open')
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(wide <= 390, `the page is ${wide} px wide`)
  await done(page)
})
