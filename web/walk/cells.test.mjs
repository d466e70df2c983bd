import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, done, look, rows, soon, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const mark = `格${Date.now() % 100000}`
const cell = (page, row, col) => page.locator(`[data-row="${row}"] [data-col="${col}"]`)
const text = (page, row, col) => cell(page, row, col).innerText()
const held = (page) => page.evaluate(() => document.activeElement.getAttribute('aria-label'))
const column = async (page, name) => {
  const names = await page.getByRole('columnheader').allInnerTexts()
  return names.findIndex((n) => n.trim() === name) - 1
}

/** What the clipboard would hold, and what comes out of it. */
async function copied(page) {
  return page.evaluate(() => {
    const data = new DataTransfer()
    document.activeElement.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }))
    return [data.getData('text/plain'), data.getData('text/html')]
  })
}
async function paste(page, sheet) {
  await page.evaluate((s) => {
    const data = new DataTransfer()
    data.setData('text/plain', s)
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, sheet)
}
const stored = async (page, q) =>
  page.evaluate(
    async ([at, words]) => (await (await fetch(`${at}/api/v1/products?limit=50&sort=name&q=${encodeURIComponent(words)}`)).json()).data,
    [url(), q],
  )

async function products(page, n) {
  await page.evaluate(
    async ([at, name, many]) => {
      for (let i = 0; i < many; i++)
        await fetch(`${at}/api/v1/products`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ code: `${name}-${i}`, name: `${name} 产品${i}`, unit: '台', price: { amount: '10.00', currency: 'CNY' } }),
        })
    },
    [url(), mark, n],
  )
}

test('cells are walked, written in place and taken back by the keyboard alone', async () => {
  const page = await visit(b, '/products')
  await rows(page).first().waitFor()
  await products(page, 6)
  await page.goto(`${url()}/products?q=${encodeURIComponent(mark)}&sort=name`)
  await cell(page, 5, 0).waitFor()
  const [unit, price] = [await column(page, '单位'), await column(page, '单价')]

  await cell(page, 0, unit).click()
  assert.equal(await held(page), '单位，第 1 行')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  assert.equal(await held(page), '单价，第 2 行')
  await page.keyboard.press('F2')
  await look(page, 'cell-edit')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('一百')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').filter({ hasText: '应为金额' }).waitFor()
  await look(page, 'cell-wrong')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('￥1,250.5')
  await page.keyboard.press('Enter')
  await soon(async () => (await text(page, 1, price)) === '1,250.50')
  assert.equal(await held(page), '单价，第 3 行')
  assert.equal((await stored(page, mark))[1].price.amount, '1250.50')

  // Typing replaces, Escape leaves all as it was, Tab goes on.
  await page.keyboard.type('77')
  await page.keyboard.press('Escape')
  assert.equal(await text(page, 2, price), '10.00')
  await page.keyboard.type('78')
  await page.keyboard.press('Shift+Tab')
  await soon(async () => (await text(page, 2, price)) === '78.00')
  assert.equal(await held(page), '单位，第 3 行')
  await page.keyboard.press('Control+z')
  await soon(async () => (await text(page, 2, price)) === '10.00')
  await page.keyboard.press('Control+z')
  await soon(async () => (await stored(page, mark))[1].price.amount === '10.00')
  // And there again, by both of the keys that people know; nothing is beyond the last.
  await page.keyboard.press('Control+Shift+z')
  await soon(async () => (await stored(page, mark))[1].price.amount === '1250.50')
  await page.keyboard.press('Control+y')
  await soon(async () => (await text(page, 2, price)) === '78.00')
  await page.keyboard.press('Control+y')
  await page.getByText('没有可重做的操作').waitFor()
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await soon(async () => (await stored(page, mark))[1].price.amount === '10.00')
  await done(page)
})

test('somebody else wrote the same cell: a person says which stays', async () => {
  const page = await visit(b, `/products?q=${encodeURIComponent(mark)}&sort=name`)
  await cell(page, 5, 0).waitFor()
  const unit = await column(page, '单位')
  await cell(page, 0, unit).dblclick()
  const [first] = await stored(page, mark)
  await page.evaluate(
    ([at, id]) =>
      fetch(`${at}/api/v1/products/${id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/merge-patch+json' },
        body: '{"unit":"箱"}',
      }),
    [url(), first.id],
  )
  await page.keyboard.press('Control+a')
  await page.keyboard.type('件')
  await page.keyboard.press('Enter')
  const ask = page.getByRole('dialog').filter({ hasText: '箱' })
  await ask.waitFor()
  await look(page, 'cell-conflict')
  await ask.getByRole('button', { name: '保存' }).click()
  await soon(async () => (await stored(page, mark))[0].unit === '件')
  await done(page)
})

test('a block is copied, pasted after a check, filled down, and each is undone as one', async () => {
  const page = await visit(b, `/products?q=${encodeURIComponent(mark)}&sort=name`)
  await cell(page, 5, 0).waitFor()
  const [unit, price] = [await column(page, '单位'), await column(page, '单价')]
  assert.equal(price, unit + 1)
  await cell(page, 1, unit).click()
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowDown')
  await look(page, 'cell-range')
  const [plain, html] = await copied(page)
  assert.equal(plain, '台\t10.00\r\n台\t10.00\r\n')
  assert.match(html, /<td>台<\/td><td>10\.00<\/td>/)

  // What is wrong is shown before anything is written.
  const asked = []
  page.on('request', (r) => r.url().endsWith(':cells') && asked.push(r.postDataJSON()))
  await cell(page, 1, unit).click()
  await paste(page, '吨\t20\r\n吨\t二十\r\n吨\t30.005\r\n吨\t40\r\n')
  const ask = page.getByRole('dialog', { name: '2 格不能写入' })
  await ask.waitFor()
  await look(page, 'paste-review')
  assert.equal((await stored(page, mark)).filter((r) => r.unit === '吨').length, 0)
  await ask.getByRole('button', { name: '取消' }).click()
  assert.ok(asked.every((a) => a.check))
  await cell(page, 1, unit).click()
  await paste(page, '吨\t20\r\n吨\t二十\r\n吨\t30.005\r\n吨\t40\r\n')
  await ask.getByRole('button', { name: '写入其余 6 格' }).click()
  await page.getByText('已写入 6 格').waitFor()
  await soon(async () => (await text(page, 4, price)) === '40.00' && (await text(page, 4, unit)) === '吨')
  const after = await stored(page, mark)
  assert.deepEqual(
    after.slice(1, 5).map((r) => `${r.unit}${r.price.amount}`),
    ['吨20.00', '吨10.00', '吨10.00', '吨40.00'],
  )
  await look(page, 'cell-written')

  await page.keyboard.press('Control+z')
  await soon(async () => (await stored(page, mark)).filter((r) => r.unit === '吨').length === 0)
  await soon(async () => (await text(page, 4, unit)) === '台')
  assert.equal((await stored(page, mark))[4].price.amount, '10.00')
  await page.keyboard.press('Control+y')
  await soon(async () => (await stored(page, mark)).filter((r) => r.unit === '吨').length === 4)
  assert.equal((await stored(page, mark))[4].price.amount, '40.00')
  await soon(async () => (await text(page, 4, unit)) === '吨')
  await page.keyboard.press('Control+z')
  await soon(async () => (await text(page, 4, unit)) === '台')

  await cell(page, 0, unit).click()
  await page.keyboard.press('Shift+End')
  await page.keyboard.press('Escape')
  await cell(page, 0, unit).click()
  await cell(page, 3, unit).click({ modifiers: ['Shift'] })
  await page.keyboard.press('Control+d')
  await soon(async () => (await stored(page, mark)).filter((r) => r.unit === '件').length === 4)
  await page.keyboard.press('Control+z')
  await soon(async () => (await stored(page, mark)).filter((r) => r.unit === '件').length === 1)
  await done(page)
})

test('a choice and a link are chosen in place; Escape leaves them as they were', async () => {
  const page = await visit(b, '/receipts')
  await rows(page).first().waitFor()
  const customer = await column(page, '客户')
  const wrote = []
  page.on('request', (r) => ['PATCH', 'POST'].includes(r.method()) && !/:(query|count|facets|marks)$/.test(r.url()) && wrote.push(r.url()))
  const before = await text(page, 1, customer)
  await cell(page, 1, customer).dblclick()
  await page.getByRole('combobox', { name: '客户，第 2 行' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('combobox', { name: '客户，第 2 行' }).waitFor({ state: 'detached' })
  assert.equal(await held(page), '客户，第 2 行')
  await page.keyboard.press('F2')
  await page.getByRole('combobox', { name: '客户，第 2 行' }).fill('深圳')
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('Escape')
  await page.waitForTimeout(300)
  assert.deepEqual(wrote, [])
  assert.equal(await text(page, 1, customer), before)
  const direction = await column(page, '收付')
  await cell(page, 1, direction).click()
  await page.keyboard.press('F2')
  await page.getByRole('combobox', { name: '收付，第 2 行' }).waitFor()
  await page.keyboard.press('Tab')
  await page.waitForTimeout(300)
  assert.deepEqual(wrote, [])
  await done(page)
})

test('columns are widened, moved and frozen; rows grow and wrap', async () => {
  const page = await visit(b, '/customers')
  await rows(page).first().waitFor()
  const edge = await page.locator('[data-stretch="name"]').boundingBox()
  await page.mouse.move(edge.x + 3, edge.y + 10)
  await page.mouse.down()
  await page.mouse.move(edge.x + 103, edge.y + 10, { steps: 5 })
  await page.mouse.up()
  const wide = await page.locator('[data-head="name"]').boundingBox()
  assert.ok(Math.abs(wide.x + wide.width - edge.x - 107) < 4, `${wide.x + wide.width} ${edge.x}`)
  const phone = await page.locator('[data-head="phone"]').boundingBox()
  const name = await page.locator('[data-head="name"]').boundingBox()
  await page.mouse.move(phone.x + 20, phone.y + 10)
  await page.mouse.down()
  await page.mouse.move(name.x + 20, name.y + 10, { steps: 8 })
  await page.mouse.up()
  await soon(async () => (await column(page, '电话')) === 0)
  await page.getByRole('button', { name: '列', exact: true }).click()
  await page.getByLabel('冻结列').selectOption({ index: 2 })
  await page.getByLabel('行高').selectOption('tall')
  await page.getByLabel('文字折行').check()
  await look(page, 'columns-layout')
  await page.keyboard.press('Escape')
  await page.reload()
  await rows(page).first().waitFor()
  assert.equal(await column(page, '电话'), 0)
  assert.equal((await rows(page).first().boundingBox()).height, 72)
  await done(page)
})

test('an input method begins a word in a held cell, and its Enter is not the cell’s', async () => {
  const page = await visit(b, '/products')
  await rows(page).first().waitFor()
  await page.goto(`${url()}/products?q=${encodeURIComponent(mark)}&sort=name`)
  await cell(page, 5, 0).waitFor()
  const unit = await column(page, '单位')
  const cdp = await page.context().newCDPSession(page)
  await cell(page, 0, unit).click()
  const before = await text(page, 0, unit)
  // Letters that are still being chosen from, as an input method shows them, then the word.
  for (const letters of ['x', 'xi', 'xia', 'xian'])
    await cdp.send('Input.imeSetComposition', { text: letters, selectionStart: letters.length, selectionEnd: letters.length })
  const typed = page.getByRole('textbox', { name: '单位，第 1 行' })
  await soon(async () => (await typed.inputValue()) === 'xian')
  assert.equal(Number(await typed.evaluate((el) => getComputedStyle(el).opacity)), 1, 'what is typed is seen')
  // Enter takes the letters as they stand; it is the input method's.
  await typed.evaluate((el) =>
    el.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true })),
  )
  assert.equal(await held(page), '单位，第 1 行')
  await look(page, 'cell-ime')
  await cdp.send('Input.insertText', { text: '箱' })
  await soon(async () => (await typed.inputValue()) === '箱')
  await page.keyboard.press('Enter')
  await soon(async () => (await text(page, 0, unit)) === '箱')
  assert.equal(await held(page), '单位，第 2 行')
  assert.notEqual(before, '箱')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Control+z')
  await soon(async () => (await text(page, 0, unit)) === before)
  await done(page)
})

test('an undo pressed while the write is still under way waits for it, and takes that one back', async () => {
  const page = await visit(b, '/products')
  await rows(page).first().waitFor()
  await page.goto(`${url()}/products?q=${encodeURIComponent(mark)}&sort=name`)
  await cell(page, 5, 0).waitFor()
  const unit = await column(page, '单位')
  const before = await text(page, 0, unit)
  let late = 1
  await page.route('**/api/v1/products/*', async (route) => {
    if (route.request().method() === 'PATCH' && late-- > 0) await new Promise((r) => setTimeout(r, 1500))
    await route.continue()
  })
  await cell(page, 0, unit).click()
  await page.keyboard.type('迟')
  await page.keyboard.press('Enter')
  await soon(async () => (await text(page, 0, unit)) === '迟')
  await page.keyboard.press('Control+z')
  await soon(async () => (await text(page, 0, unit)) === before)
  assert.ok(late <= 0, 'the write was late')
  await soon(async () => (await stored(page, mark)).every((r) => r.unit !== '迟'))
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await done(page)
})
