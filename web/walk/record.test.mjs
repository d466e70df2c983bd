import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, done, look, open, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

test('a category says why; a person says otherwise, and gives the say back', async () => {
  const page = await visit(b, '/receipts')
  await open(page, 1)
  const classes = page.locator('section[aria-label="归类与原因"]')
  await classes.waitFor()
  await page.waitForTimeout(800)
  await look(page, 'panel')
  await classes.getByRole('button', { name: /^回单类型 为什么/ }).click()
  await page.getByRole('heading', { name: '回单类型：为什么？' }).waitFor()
  await look(page, 'why')
  await page.keyboard.press('Escape')
  await classes.getByRole('button', { name: /^更改回单类型/ }).click()
  const choice = page.getByRole('dialog').getByRole('button', { pressed: false }).first()
  const title = (await choice.innerText()).trim()
  await look(page, 'classify')
  await choice.click()
  await classes.getByRole('button', { name: new RegExp(`^更改回单类型 ${title}`) }).waitFor()
  await classes.getByRole('button', { name: '交还自动：回单类型' }).click()
  await classes.getByRole('button', { name: '交还自动：回单类型' }).waitFor({ state: 'detached' })
  await page.getByRole('tab', { name: '动态' }).click()
  await page.getByRole('tabpanel').getByRole('listitem').first().waitFor()
  await look(page, 'talk')
  await page.getByRole('tab', { name: '关联' }).click()
  await look(page, 'related')
  await done(page)
})

test('a customer is made, edited, thrown away and brought back', async () => {
  const page = await visit(b, '/customers?id=new')
  await page.getByRole('button', { name: '创建' }).click()
  await page.getByText('必填').waitFor()
  await look(page, 'form')
  const name = `走查贸易${Date.now()}`
  await page.getByLabel('名称').fill(name)
  await page.getByLabel('首次往来').fill('2026/3/5')
  await page.getByRole('button', { name: '创建' }).click()
  await page.getByRole('heading', { name }).waitFor()
  await page.getByText('2026-03-05').first().waitFor()
  await page.keyboard.press('e')
  await page.getByLabel('简称').fill('走查')
  await page.getByRole('button', { name: '保存' }).click()
  await page.locator('dd', { hasText: '走查' }).first().waitFor()
  await page.getByRole('button', { name: '更多操作' }).click()
  await look(page, 'menu')
  await page.getByRole('menuitem', { name: '移到回收站' }).click()
  await page.getByText(`已移到回收站：${name}`).waitFor()
  await look(page, 'undo')
  await page.getByRole('button', { name: '撤销' }).click()
  await page.getByText(`已恢复：${name}`).waitFor()
  await done(page)
})

test('two people change one field: each value is chosen by a person', async () => {
  const page = await visit(b, '/customers?id=new')
  const name = `冲突走查${Date.now()}`
  await page.getByLabel('名称').fill(name)
  await page.getByRole('button', { name: '创建' }).click()
  await page.getByRole('heading', { name }).waitFor()
  const id = new URL(page.url()).searchParams.get('id')
  await page.keyboard.press('e')
  await page.getByLabel('简称').fill('我的')
  // Somebody else, meanwhile.
  const status = await page.evaluate(
    async ([base, id]) => {
      const one = await fetch(`${base}/api/v1/customers/${id}`)
      const headers = { 'content-type': 'application/merge-patch+json', 'if-match': one.headers.get('etag') }
      return (await fetch(`${base}/api/v1/customers/${id}`, { method: 'PATCH', headers, body: '{"short_name":"他的"}' })).status
    },
    [url(), id],
  )
  assert.equal(status, 200)
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByRole('heading', { name: '他人刚刚修改了同样的内容' }).waitFor()
  await look(page, 'conflict')
  await page.getByRole('button', { name: '按所选保存' }).click()
  await page.locator('dd', { hasText: '我的' }).first().waitFor()
  await done(page)
})
