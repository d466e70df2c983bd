import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, rows, total, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const name = `清单${Date.now() % 100000}`

test('views are listed, renamed, shared, made the default, opened and deleted with a way back', async () => {
  const page = await visit(b, '/settings')
  await ask(page, 'POST', '/views', { of: 'customer', name, words: '深圳', columns: ['name', 'phone'] })
  await page.getByRole('link', { name: /打开\s*视图/ }).click()
  const line = page.getByRole('listitem').filter({ hasText: name })
  await line.getByText('仅自己可见').waitFor()
  await look(page, 'view-list')

  await line.getByRole('button', { name: `设置视图「${name}」` }).click()
  const set = page.getByRole('dialog', { name: '设置视图' })
  await set.getByLabel('名称').fill('')
  await set.getByRole('button', { name: '保存' }).click()
  await set.getByText('必填').waitFor()
  await set.getByLabel('名称').fill(`${name}乙`)
  await set.getByLabel('共享', { exact: true }).check()
  await set.getByRole('button', { name: '保存' }).click()
  await line.getByText('所有人可见').waitFor()
  await line.getByText(`${name}乙`).waitFor()

  await line.getByRole('button', { name: `把「${name}乙」设为默认视图` }).click()
  await line.getByText('默认', { exact: true }).waitFor()
  await line.getByRole('link', { name: `${name}乙` }).click()
  await rows(page).first().waitFor()
  await page
    .locator('header')
    .getByRole('button', { name: `${name}乙`, exact: true })
    .waitFor()
  assert.match(page.url(), /q=/)
  assert.ok((await total(page)) > 0)

  // By the palette, too.
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: '搜索一切' }).fill(`${name}乙`)
  await page.getByRole('option', { name: `${name}乙` }).click()
  await page.waitForURL(/\/customers\?.*view=viw_/)

  await page.goto(`${url()}/views`)
  await line.getByRole('button', { name: `「${name}乙」不再作为默认视图` }).click()
  await line.getByText('默认', { exact: true }).waitFor({ state: 'detached' })
  await line.getByRole('button', { name: `删除视图「${name}乙」` }).click()
  await line.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '撤销' }).click()
  await line.waitFor()
  await line.getByRole('button', { name: `删除视图「${name}乙」` }).click()
  await line.waitFor({ state: 'detached' })
  await done(page)
})
