import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, done, look, rows, total, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

test('receipts are sorted, counted, filtered, and the address holds it all', async () => {
  const page = await visit(b, '/receipts')
  await rows(page).first().waitFor()
  const all = await total(page)
  assert.ok(all > 100, `only ${all} receipts`)
  await look(page, 'grid')

  await page.getByRole('columnheader', { name: '金额' }).getByRole('button').click()
  await page.locator('[aria-sort=descending]').filter({ hasText: '金额' }).waitFor()
  await page.waitForTimeout(600)
  const amounts = await rows(page).evaluateAll((els) =>
    els.slice(0, 8).map((el) => Number(el.innerText.match(/[\d,]+\.\d\d/)?.[0].replaceAll(',', ''))),
  )
  assert.deepEqual(
    amounts,
    [...amounts].sort((x, y) => y - x),
  )

  // A facet narrows the list to just what it counted.
  const facet = page.getByRole('region', { name: '回单类型' }).or(page.locator('section[aria-label="回单类型"]')).first()
  const line = facet.locator('li').first()
  // The demo's last papers may still be read: both grow until they are.
  const counted = async () => Number((await line.locator('span').last().innerText()).replace(/\D/g, ''))
  await line.getByRole('checkbox').check()
  await page.getByRole('list', { name: '当前筛选条件' }).waitFor()
  await assertSoon(async () => (await total(page)) === (await counted()))
  const kept = await total(page)
  await look(page, 'facet')

  await page.getByRole('button', { name: '筛选', exact: true }).click()
  await page.getByRole('button', { name: '添加条件', exact: true }).click()
  await page.getByLabel('字段').selectOption('amount')
  await page.getByLabel('比较方式').selectOption('ge')
  await page.getByLabel('值', { exact: true }).fill('１００,０００')
  await page.getByLabel('值', { exact: true }).blur()
  await assertSoon(async () => (await total(page)) < kept)
  await look(page, 'filter')
  await page.keyboard.press('Escape')
  const narrowed = await total(page)
  await page.reload()
  await rows(page).first().waitFor()
  assert.equal(await total(page), narrowed)
  const chips = page.getByRole('list', { name: '当前筛选条件' })
  const drop = chips.getByRole('button', { name: /^移除/ })
  while ((await drop.count()) > 0) await drop.first().click()
  await assertSoon(async () => (await total(page)) === all)
  await done(page)
})

test('the keyboard walks the list; a selection is acted on at once', async () => {
  const page = await visit(b, '/customers')
  await rows(page).first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('tab', { name: '内容' }).waitFor()
  const second = await page.getByRole('region', { name: '记录详情' }).getByRole('heading', { level: 2 }).innerText()
  await page.keyboard.press('k')
  await assertSoon(
    async () => (await page.getByRole('region', { name: '记录详情' }).getByRole('heading', { level: 2 }).innerText()) !== second,
  )
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: '内容' }).waitFor({ state: 'detached' })
  await rows(page).nth(0).getByRole('checkbox').check()
  await rows(page).nth(2).getByRole('checkbox').check()
  await page.getByRole('toolbar').getByText('已选 2 条').waitFor()
  await look(page, 'bulk')
  await page.keyboard.press('Escape')
  await page.getByRole('toolbar').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '列', exact: true }).click()
  await page.getByLabel('邮箱').check()
  await look(page, 'columns')
  await page.keyboard.press('Escape')
  await page.getByRole('columnheader', { name: '邮箱' }).waitFor()
  await done(page)
})

test('words find, and finding nothing offers the next act', async () => {
  const page = await visit(b, '/customers')
  await rows(page).first().waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('查无此人查无此人')
  await page.getByText('没有符合条件的记录').waitFor()
  await look(page, 'nothing')
  await page.getByRole('button', { name: '清除筛选' }).click()
  await rows(page).first().waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('gz')
  await page.getByRole('option', { name: '归类规则' }).waitFor()
  await look(page, 'palette')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: '归类规则' }).waitFor()
  await page.keyboard.press('?')
  await page.getByRole('heading', { name: '快捷键' }).waitFor()
  await look(page, 'shortcuts')
  await done(page)
})

test('on a phone: cards, a sheet of filters, a full-screen panel', async () => {
  const page = await visit(b, '/receipts', { width: 390 })
  await rows(page).first().waitFor()
  await look(page, 'grid')
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(wide <= 390, `the page is ${wide} px wide`)
  await page.getByRole('button', { name: '筛选' }).click()
  await page.getByRole('dialog').waitFor()
  await look(page, 'sheet')
  await page.getByRole('button', { name: '查看结果' }).click()
  await rows(page).nth(1).click()
  await page.getByRole('tab', { name: '内容' }).waitFor()
  await page.waitForTimeout(800)
  await look(page, 'panel')
  await page.getByRole('button', { name: '关闭' }).first().click()
  await page.getByRole('link', { name: '更多' }).click()
  await page.getByRole('heading', { name: '更多' }).waitFor()
  await look(page, 'more')
  await done(page)
})

async function assertSoon(what) {
  for (let i = 0; i < 40; i++) {
    if (await what()) return
    await new Promise((r) => setTimeout(r, 150))
  }
  assert.fail(String(what))
}

test('an address that leads nowhere says so; the address of a record leads to it', async () => {
  const page = await visit(b, '/customers/cus_00000000000000000000000000/more')
  await page.getByText('没有这个页面').waitFor()
  await look(page, 'lost')
  await page.goto(`${url()}/receipts`)
  const id = await page.evaluate(async () => (await (await fetch('/api/v1/receipts?limit=1')).json()).data[0].id)
  await page.goto(`${url()}/receipts/${id}`)
  await page.waitForURL((u) => u.pathname === '/receipts' && u.searchParams.get('id')?.includes(id))
  await page.getByRole('tab', { name: '动态' }).first().waitFor()
  await done(page)
})
