import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, done, look, rows, soon, total, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const name = `视图${Date.now() % 100000}`

test('a view is saved, taken up, changed, made the first, and deleted with a way back', async () => {
  const page = await visit(b, '/customers')
  await rows(page).first().waitFor()
  const all = await total(page)
  await page.locator('section[aria-label="客户级别"]').getByRole('checkbox', { name: 'VIP' }).check()
  await soon(async () => (await total(page)) < all)
  const few = await total(page)
  await page.getByRole('columnheader', { name: '名称' }).getByRole('button').click()
  await page.locator('header').getByRole('button', { name: '全部', exact: true }).click()
  await page.getByRole('button', { name: '另存为视图' }).click()
  const ask = page.getByRole('dialog', { name: '另存为视图' })
  await ask.getByRole('button', { name: '保存' }).click()
  await ask.getByText('必填').waitFor()
  await ask.getByLabel('名称').fill(name)
  await ask.getByLabel('共享', { exact: true }).check()
  await ask.getByRole('group', { name: '角色' }).getByRole('checkbox').first().waitFor()
  await look(page, 'view-save')
  await ask.getByRole('button', { name: '保存' }).click()
  await page.locator('header').getByRole('button', { name, exact: true }).waitFor()
  assert.match(page.url(), /view=viw_/)

  // The address holds all of it.
  await page.goto(`${url()}/customers`)
  await soon(async () => (await total(page)) === all)
  await page.locator('header').getByRole('button', { name: '全部', exact: true }).click()
  await look(page, 'views')
  await page.getByRole('button', { name, exact: false }).first().click()
  await soon(async () => (await total(page)) === few)
  await page.locator('[aria-sort=descending]').filter({ hasText: '名称' }).waitFor()
  await page.reload()
  await soon(async () => (await total(page)) === few)

  await page.getByRole('columnheader', { name: '名称' }).getByRole('button').click()
  await page.getByRole('button', { name: `${name} 已改动` }).click()
  await look(page, 'view-strayed')
  await page.getByRole('button', { name: '保存改动' }).click()
  await page.locator('header').getByRole('button', { name, exact: true }).waitFor()
  await page.locator('header').getByRole('button', { name, exact: true }).click()
  await page.getByRole('button', { name: `设置视图「${name}」` }).click()
  const set = page.getByRole('dialog', { name: '设置视图' })
  await set.getByLabel('仅自己可见').check()
  await set.getByLabel('打开列表时默认显示').check()
  await set.getByRole('button', { name: '保存' }).click()
  await set.waitFor({ state: 'detached' })

  await page.goto(`${url()}/customers`)
  await page.locator('header').getByRole('button', { name, exact: true }).waitFor()
  await soon(async () => (await total(page)) === few)
  await page.locator('header').getByRole('button', { name, exact: true }).click()
  await page.getByRole('button', { name: '全部客户' }).click()
  await soon(async () => (await total(page)) === all)
  await page.locator('header').getByRole('button', { name: '全部', exact: true }).click()
  await page.getByRole('button', { name: `删除视图「${name}」` }).click()
  await page.getByText(`已删除视图「${name}」`).waitFor()
  await page.getByRole('button', { name: '撤销' }).click()
  await page.locator('header').getByRole('button', { name: '全部', exact: true }).click()
  await page.getByRole('button', { name: `删除视图「${name}」` }).click()
  await page.getByText(`已删除视图「${name}」`).last().waitFor()
  await done(page)
})

test('on a phone the view is chosen in the same place', async () => {
  const page = await visit(b, '/customers', { width: 390 })
  await rows(page).first().waitFor()
  await page.locator('header').getByRole('button', { name: '全部', exact: true }).click()
  await page.getByRole('button', { name: '另存为视图' }).waitFor()
  await look(page, 'views')
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(wide <= 390, `the page is ${wide} px wide`)
  await done(page)
})
