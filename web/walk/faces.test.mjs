import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, rows, soon, total, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const face = (o) => `face=${encodeURIComponent(JSON.stringify(o))}`
const board = `/cases?${face({ as: 'board', by: [{ field: 'stage' }] })}`
const columns = (page) => page.locator('section[data-place]')
const countOf = async (column) => Number((await column.locator('h2').innerText()).match(/([\d,]+)\s*$/)[1].replaceAll(',', ''))

test('the list takes another face from its bar, and the filter stays', async () => {
  const page = await visit(b, '/cases')
  await rows(page).first().waitFor()
  const all = await total(page)
  await page.getByRole('button', { name: '显示方式：表格' }).click()
  await look(page, 'face-menu')
  await page.getByRole('menuitem', { name: '看板' }).click()
  await columns(page).first().waitFor()
  await page.locator('[data-card]').first().waitFor()
  let sum = 0
  for (const c of await columns(page).all()) sum += await countOf(c)
  assert.equal(sum, all)
  await look(page, 'board')
  await page.locator('section[aria-label="优先级"]').getByRole('checkbox').first().check()
  await soon(async () => (await total(page)) < all)
  assert.match(page.url(), /face=/)
  await page.reload()
  await page.locator('[data-card]').first().waitFor()
  const few = await total(page)
  await soon(async () => {
    let n = 0
    for (const c of await columns(page).all()) n += await countOf(c)
    return n === few
  })
  await done(page)
})

test('a card is carried to another column, by hand and by key, and comes back', async () => {
  const page = await visit(b, board)
  const from = columns(page).nth(0)
  const to = columns(page).nth(1)
  const card = from.locator('[data-card]').first()
  await card.waitFor()
  const id = await card.getAttribute('data-card')
  const [n, m] = [await countOf(from), await countOf(to)]
  const a = await card.boundingBox()
  const z = await to.boundingBox()
  await page.mouse.move(a.x + 30, a.y + 20)
  await page.mouse.down()
  await page.mouse.move(a.x + 60, a.y + 40, { steps: 4 })
  await page.mouse.move(z.x + 100, z.y + 200, { steps: 8 })
  await page.screenshot({ path: new URL('shots/board-carried.png', import.meta.url).pathname })
  await page.mouse.up()
  await to.locator(`[data-card="${id}"]`).waitFor()
  await page.getByText(/已移到「/).waitFor()
  await soon(async () => (await countOf(from)) === n - 1 && (await countOf(to)) === m + 1)
  const stage = await ask(page, 'GET', `/cases/${id}`)
  assert.equal(stage.stage, 'open')
  await page.getByRole('button', { name: '撤销' }).click()
  await from.locator(`[data-card="${id}"]`).waitFor()
  await soon(async () => (await ask(page, 'GET', `/cases/${id}`)).stage === 'new')

  // The keyboard, and the card's own menu.
  await from.locator(`[data-card="${id}"] [data-open]`).focus()
  await page.keyboard.press('Alt+ArrowRight')
  await to.locator(`[data-card="${id}"]`).waitFor()
  await soon(async () => (await ask(page, 'GET', `/cases/${id}`)).stage === 'open')
  await to.locator(`[data-card="${id}"]`).hover()
  await to.locator(`[data-card="${id}"]`).getByRole('button', { name: /^移动/ }).click()
  await look(page, 'board-move')
  await page.getByRole('menuitem').first().click()
  await from.locator(`[data-card="${id}"]`).waitFor()
  await soon(async () => (await ask(page, 'GET', `/cases/${id}`)).stage === 'new')
  await done(page)
})

test('who may not change a field moves no card', async () => {
  const page = await visit(b, `/receipts?${face({ as: 'board', by: [{ field: 'd_amount' }] })}`)
  await page.getByText('卡片不能移动').waitFor()
  await page.locator('[data-card]').first().waitFor()
  assert.equal(await page.getByRole('button', { name: /^移动/ }).count(), 0)
  await done(page)
})

test('a calendar shows the days, leads to one, and moves a date', async () => {
  const page = await visit(b, `/tasks?${face({ as: 'calendar', by: [{ field: 'due_on' }] })}`)
  const chip = page.locator('[data-chip]').first()
  await chip.waitFor()
  await look(page, 'calendar')
  const id = await chip.getAttribute('data-chip')
  const was = (await ask(page, 'GET', `/tasks/${id}`)).due_on
  await chip.focus()
  await page.keyboard.press('Alt+ArrowRight')
  await soon(async () => (await ask(page, 'GET', `/tasks/${id}`)).due_on === next(was))
  await page.getByRole('button', { name: '撤销' }).click()
  await soon(async () => (await ask(page, 'GET', `/tasks/${id}`)).due_on === was)
  await page.getByRole('button', { name: '周', exact: true }).click()
  await page.locator('[data-chip]').first().waitFor()
  await look(page, 'calendar-week')
  await page.getByRole('button', { name: '上一周' }).click()
  await page.getByRole('button', { name: '今天' }).click()
  // A day's own button leads to its rows.
  const day = page
    .locator('li[data-place] > button')
    .filter({ hasText: /共 [1-9]/ })
    .first()
  const n = Number((await day.textContent()).match(/([\d,]+) 条/)[1])
  await day.click()
  await rows(page).first().waitFor()
  await soon(async () => (await total(page)) === n)
  await done(page)
})

test('a view keeps its face, and says when another is shown', async () => {
  const name = `看板${Date.now() % 100000}`
  const page = await visit(b, board)
  const card = page.locator('[data-card] [data-open]').first()
  await card.click()
  await page.locator('section[aria-label="记录详情"]').waitFor()
  await look(page, 'board-open')
  await page.keyboard.press('Escape')
  await page.locator('header').getByRole('button', { name: '全部', exact: true }).click()
  await page.getByRole('button', { name: '另存为视图' }).click()
  const dialog = page.getByRole('dialog', { name: '另存为视图' })
  await dialog.getByLabel('名称').fill(name)
  await dialog.getByRole('button', { name: '保存' }).click()
  const picker = page.locator('header').getByRole('button', { name, exact: true })
  await picker.waitFor()
  await page.getByRole('button', { name: '显示方式：看板' }).click()
  await page.getByRole('menuitem', { name: '表格' }).click()
  await rows(page).first().waitFor()
  await page.getByRole('button', { name: `${name} 已改动` }).click()
  await page.getByRole('button', { name: '保存改动' }).click()
  await picker.waitFor()
  await page.goto(`${url()}/cases`)
  await page.locator('header').getByRole('button', { name: '全部', exact: true }).click()
  await page.getByRole('button', { name }).first().click()
  await rows(page).first().waitFor()
  await picker.click()
  await page.getByRole('button', { name: `删除视图「${name}」` }).click()
  await page.getByText(`已删除视图「${name}」`).waitFor()
  await done(page)
})

test('charts are drawn, read as a table, and lead to their rows', async () => {
  const page = await visit(b, `/orders?${face({ as: 'chart', form: 'line', by: [{ field: 'ordered_on', unit: 'year' }], sum: 'amount' })}`)
  await page.locator('canvas').first().waitFor()
  await look(page, 'chart-line')
  for (const form of ['bar', 'pie']) {
    await page.getByLabel('图形').selectOption(form)
    await page.locator('canvas').first().waitFor()
    await page.waitForTimeout(300)
    await look(page, `chart-${form}`)
  }
  await page.getByRole('button', { name: '显示为表格' }).click()
  const cell = page.locator('tbody tr').first().getByRole('button')
  await cell.waitFor()
  await look(page, 'chart-table')
  const n = Number((await page.locator('tbody tr').first().locator('td').last().innerText()).replaceAll(',', ''))
  await page.getByRole('button', { name: '导出', exact: true }).click()
  await page.getByRole('menuitem', { name: /XLSX/ }).waitFor()
  await page.keyboard.press('Escape')
  await cell.click()
  await rows(page).first().waitFor()
  await soon(async () => (await total(page)) === n)
  await page.goBack()
  await page.locator('canvas').first().waitFor()
  await done(page)
})

test('provinces are tiles, and two fields cross in a table with totals', async () => {
  const page = await visit(b, `/customers?${face({ as: 'chart', form: 'map', by: [{ field: 'd_region' }] })}`)
  const tile = page.getByRole('button', { name: /^浙江 / })
  await tile.waitFor()
  await look(page, 'chart-map')
  const n = Number((await tile.getAttribute('aria-label')).replace(/\D/g, ''))
  await tile.click()
  await rows(page).first().waitFor()
  await soon(async () => (await total(page)) === n)

  await page.goto(`${url()}/customers?${face({ as: 'pivot', by: [{ field: 'd_industry' }, { field: 'd_level' }] })}`)
  const last = page.locator('tfoot td').last()
  await last.waitFor()
  await look(page, 'pivot')
  const figures = await page.locator('tbody td').evaluateAll((tds) => tds.map((td) => Number(td.innerText.replace(/\D/g, ''))))
  const wide = await page.locator('thead th').count()
  const inner = figures.filter((_, i) => i % (wide - 1) !== wide - 2)
  const whole = Number((await last.innerText()).replace(/\D/g, ''))
  assert.equal(
    inner.reduce((x, y) => x + y, 0),
    whole,
  )
  assert.equal(whole, await total(page))
  await done(page)
})

test('on a phone every face fits', async () => {
  for (const [path, ready] of [
    [board, '[data-card]'],
    [`/tasks?${face({ as: 'calendar', by: [{ field: 'due_on' }] })}`, 'li[data-place]'],
    [`/orders?${face({ as: 'chart', form: 'bar', by: [{ field: 'stage' }] })}`, 'canvas'],
    [`/customers?${face({ as: 'chart', form: 'map', by: [{ field: 'd_region' }] })}`, 'section ul button'],
    [`/customers?${face({ as: 'pivot', by: [{ field: 'd_industry' }, { field: 'd_level' }] })}`, 'tfoot'],
  ]) {
    const page = await visit(b, path, { width: 390 })
    await page.locator(ready).first().waitFor()
    await page.waitForTimeout(300)
    await look(page, `phone-${path.match(/as%22%3A%22(\w+)/)[1]}-${path.slice(1, 5)}`)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= 390, `${path} is ${wide} px wide`)
    await done(page)
  }
})

const next = (day) => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
