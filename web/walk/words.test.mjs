import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, done, look, rows, soon, total, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

test('a sentence becomes conditions that are seen before, chosen among, changed and dropped', async () => {
  const page = await visit(b, '/receipts')
  await rows(page).first().waitFor()
  const all = await total(page)
  const box = page.locator('search input')
  await box.fill('今年 大额 未关联订单 转账')
  const panel = page.getByRole('region', { name: '看懂的条件' })
  await panel.waitFor()
  assert.equal(await panel.getByRole('button', { name: '单据日期 在 今年' }).getAttribute('aria-pressed'), 'true')
  await panel.getByRole('button', { name: '收付日期 在 今年' }).click()
  await look(page, 'understood')
  await box.press('Enter')
  const chips = page.getByRole('list', { name: '当前筛选条件' })
  await chips.getByText('收付日期 在 今年').waitFor()
  await chips.getByText('订单 为空').waitFor()
  assert.equal(await chips.getByRole('listitem').count(), 3)
  assert.equal(await box.inputValue(), '转账')
  assert.match(decodeURIComponent(page.url()), /q=转账/)

  // What is left as words goes; the conditions stay, and are the list's filter as any other.
  await box.fill('')
  await soon(async () => (await total(page)) > 0)
  const asked = await page.evaluate(async () => {
    const where = JSON.parse(new URL(location.href).searchParams.get('where'))
    const r = await fetch('/api/v1/receipts:count', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Guike': '1' },
      body: JSON.stringify({ filter: where }),
    })
    return (await r.json()).count
  })
  await soon(async () => (await total(page)) === asked)
  assert.ok(asked > 0 && asked < all)

  await chips.getByRole('button', { name: '修改条件：订单 为空' }).click()
  await page.getByLabel('比较方式').last().selectOption('present')
  await page.keyboard.press('Escape')
  await chips.getByText('订单 不为空').waitFor()
  const drop = chips.getByRole('button', { name: /^移除/ })
  while ((await drop.count()) > 0) await drop.first().click()
  await soon(async () => (await total(page)) >= all) // papers may still be read meanwhile
  await done(page)
})

test('where a word may be several things nothing is guessed, and another kind is one step away', async () => {
  const page = await visit(b, '/receipts')
  await rows(page).first().waitFor()
  const box = page.locator('search input')
  await box.fill('1万')
  const panel = page.getByRole('region', { name: '看懂的条件' })
  await panel.waitFor()
  assert.equal(await panel.getByRole('button', { name: '按文字找' }).getAttribute('aria-pressed'), 'true')
  await panel.getByRole('button', { name: '金额 不少于 ¥ 10,000', exact: true }).click()
  await panel.getByRole('button', { name: '用作条件' }).click()
  await page.getByRole('list', { name: '当前筛选条件' }).getByText('金额 不少于').waitFor()

  await box.fill('订单 上个月')
  await panel.getByRole('button', { name: '在「订单」中找' }).click()
  await box.press('Enter')
  await page.waitForURL(/\/orders/)
  assert.equal(await page.locator('search input').inputValue(), '上个月')
  await done(page)
})

test('on a phone the sentence is read too', async () => {
  const page = await visit(b, '/orders', { width: 390, theme: 'dark' })
  const box = page.locator('search input')
  await box.fill('上个月 >1万')
  await page.getByRole('region', { name: '看懂的条件' }).waitFor()
  await look(page, 'understood')
  await box.press('Enter')
  await page.getByRole('list', { name: '当前筛选条件' }).getByText('金额 大于').waitFor()
  await done(page)
})
