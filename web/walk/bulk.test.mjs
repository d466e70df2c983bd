import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, done, look, rows, soon, total, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const industry = `走查行业${Date.now() % 100000}`
const toast = (page) => page.getByRole('dialog').filter({ hasText: '查看详情' })

async function one(page, path) {
  return page.evaluate(async (at) => (await fetch(at)).json(), `${url()}/api/v1${path}`)
}

test('picked rows are edited by one request, and taken back but for what changed since', async () => {
  const page = await visit(b, '/customers')
  await rows(page).first().waitFor()
  const asked = []
  page.on('request', (r) => r.method() !== 'GET' && r.url().endsWith('/customers:edit') && asked.push(r.postDataJSON()))
  for (const i of [0, 1, 2]) await rows(page).nth(i).getByRole('checkbox').check()
  await page.getByRole('toolbar').getByRole('button', { name: '修改字段' }).click()
  const sheet = page.getByRole('dialog', { name: '修改字段' })
  await sheet.getByLabel('字段').selectOption({ label: '行业' })
  await look(page, 'bulk-edit')
  await sheet.getByLabel('行业').fill(industry)
  await sheet.getByRole('button', { name: '应用到 3 条' }).click()
  await toast(page).getByText('已修改 3 条').waitFor()
  await look(page, 'bulk-done')
  assert.equal(asked.length, 1)
  assert.equal(asked[0].ids.length, 3)
  assert.deepEqual(asked[0].edit, { industry })

  // Somebody changes one of them meanwhile: the undo leaves that.
  const [id] = asked[0].ids
  await page.evaluate(
    ([at, body]) => fetch(at, { method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json' }, body }),
    [`${url()}/api/v1/customers/${id}`, JSON.stringify({ industry: '后来改的' })],
  )
  await toast(page).getByRole('button', { name: '撤回' }).click()
  await toast(page).getByText('处因之后又有改动而保留').waitFor()
  await look(page, 'bulk-undone')
  assert.equal((await one(page, `/customers/${id}`)).industry, '后来改的')
  assert.notEqual((await one(page, `/customers/${asked[0].ids[1]}`)).industry, industry)

  await toast(page).getByRole('button', { name: '查看详情' }).click()
  await page.getByRole('heading', { name: '批量操作', level: 1 }).waitFor()
  await page.getByRole('heading', { name: '撤回时保留的' }).waitFor()
  await look(page, 'operations')
  await done(page)
})

test('all that match but one are moved to the trash by one request, and come back', async () => {
  const page = await visit(b, '/customers?q=%E8%B4%B8%E6%98%93')
  await rows(page).first().waitFor()
  const before = await total(page)
  const asked = []
  page.on('request', (r) => r.method() !== 'GET' && r.url().endsWith('/customers:edit') && asked.push(r.postDataJSON()))
  await page.getByRole('columnheader').first().getByRole('checkbox').check()
  await rows(page).first().getByRole('checkbox').uncheck()
  await page
    .getByRole('toolbar')
    .getByText(`已选 ${before - 1} 条`)
    .waitFor()
  await page.getByRole('toolbar').getByRole('button', { name: '移到回收站' }).click()
  await toast(page).getByText('移到回收站').first().waitFor()
  await toast(page).getByRole('button', { name: '撤回' }).waitFor()
  await look(page, 'bulk-trash')
  assert.equal(asked.length, 1)
  assert.equal(asked[0].q, '贸易')
  assert.equal(asked[0].not.length, 1)
  await soon(async () => (await total(page)) === 1)
  await toast(page).getByRole('button', { name: '撤回' }).click()
  await toast(page).getByText('已撤回').waitFor()
  await soon(async () => (await total(page)) === before)
  await done(page)
})

test('a category is set for many and handed back; the palette finds what was done', async () => {
  const page = await visit(b, '/receipts')
  await rows(page).first().waitFor()
  for (const i of [0, 1]) await rows(page).nth(i).getByRole('checkbox').check()
  await page.getByRole('toolbar').getByRole('button', { name: '归类' }).click()
  const sheet = page.getByRole('dialog', { name: '归类' })
  await look(page, 'bulk-classify')
  await sheet.getByLabel('类别').selectOption({ index: 1 })
  await sheet.getByRole('button', { name: '应用到 2 条' }).click()
  await toast(page).getByText('已归类 2 条').or(toast(page).getByText('条原本如此')).first().waitFor()
  await toast(page).locator('[aria-label="关闭"]').click()
  for (const i of [0, 1]) await rows(page).nth(i).getByRole('checkbox').check()
  await page.getByRole('toolbar').getByRole('button', { name: '归类' }).click()
  await sheet.getByRole('button', { name: '交还自动归类' }).click()
  await toast(page).getByText('已归类').waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('plcz')
  await page.getByRole('option', { name: '批量操作' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: '批量操作', level: 1 }).waitFor()
  await page.getByRole('button', { expanded: false }).first().click()
  await page.getByRole('button', { name: '撤回', exact: true }).waitFor()
  await done(page)
})

test('on a phone the list of them wraps', async () => {
  const page = await visit(b, '/operations', { width: 390 })
  await page.getByRole('button', { expanded: false }).first().click()
  await page.getByText('之后又被改动的内容会保留').waitFor()
  await look(page, 'operations')
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(wide <= 390, `the page is ${wide} px wide`)
  await done(page)
})
