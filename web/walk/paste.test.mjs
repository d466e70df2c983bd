import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, rows, soon, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const mark = `贴${Date.now() % 100000}`
const cell = (page, row, col) => page.locator(`[data-row="${row}"] [data-col="${col}"]`)

async function paste(page, sheet) {
  await page.evaluate((s) => {
    const data = new DataTransfer()
    data.setData('text/plain', s)
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, sheet)
}
const stored = (page, kind) =>
  page.evaluate(
    async ([at, kind, words]) =>
      (await (await fetch(`${at}/api/v1/${kind}?limit=100&sort=name&q=${encodeURIComponent(words)}`)).json()).data,
    [url(), kind, mark],
  )
test('rows from Excel become records below the list, after a look; undo trashes them, redo brings them back', async () => {
  const page = await visit(b, '/products')
  await rows(page).first().waitFor()
  const lines = ['产品编码\t产品名称\t别处的列\t单位\t单价']
  const names = await page.getByRole('columnheader').allInnerTexts()
  const [code, name, unit, price] = ['编码', '名称', '单位', '单价'].map((n) => names.find((x) => x.trim().startsWith(n))?.trim())
  lines[0] = [code, name, '别处的列', unit, price].join('\t')
  for (let i = 0; i < 20; i++)
    lines.push(`${mark}-${i}\t${mark} 产品${String(i).padStart(2, '0')}\tx\t${i === 3 ? '' : '台'}\t1,2${String(i).padStart(2, '0')}.50`)
  lines.push(`${mark}-20\t\tx\t台\t1.00`, `${mark}-21\t${mark} 错\tx\t台\t一千`, '\t\t\t\t')
  // Nothing is held, and the keyboard is nowhere.
  await page.evaluate(() => document.activeElement.blur())
  await paste(page, lines.join('\r\n'))
  const box = page.getByRole('dialog', { name: '2 格不能写入' })
  await box.getByText('将新建 20 条记录').waitFor()
  await box.getByText('另有 2 行有误').waitFor()
  await look(page, 'paste-new')
  assert.equal((await stored(page, 'products')).length, 0)
  await box.getByRole('button', { name: '新建 20 条' }).click()
  await page.getByText('已新建 20 条').waitFor()
  const made = await stored(page, 'products')
  assert.deepEqual(
    made.slice(2, 4).map((r) => `${r.code} ${r.unit} ${r.price.amount}`),
    [`${mark}-2 台 1202.50`, `${mark}-3  1203.50`],
  )
  // As they were copied, from the top.
  const first = names.findIndex((n) => n.trim().startsWith('编码')) - 1
  await soon(async () => (await cell(page, 1, first).innerText()) === `${mark}-1`)
  await page.keyboard.press('Control+z')
  await soon(async () => (await stored(page, 'products')).length === 0)
  await page.keyboard.press('Control+y')
  await soon(async () => (await stored(page, 'products')).length === 20)
  await page.keyboard.press('Control+z')
  await soon(async () => (await stored(page, 'products')).length === 0)
  await page.keyboard.press('Control+y')
  await soon(async () => (await stored(page, 'products')).length === 20)
  await done(page)
})

test('a block that reaches below the last row writes over what is there and makes the rest', async () => {
  const page = await visit(b, '/products')
  await page.goto(`${url()}/products?q=${encodeURIComponent(mark)}&sort=name`)
  await cell(page, 19, 0).waitFor()
  const names = await page.getByRole('columnheader').allInnerTexts()
  const first = names.findIndex((n) => n.trim().startsWith('编码')) - 1
  await cell(page, 18, first).click()
  await paste(page, [18, 19, 20, 21].map((i) => `${mark}-n${i}\t${mark} 新${i}`).join('\r\n'))
  const box = page.getByRole('dialog', { name: '写入 4 格，新建 2 条？' })
  await box.waitFor()
  await box.getByRole('button', { name: '写入 4 格，新建 2 条' }).click()
  await page.getByText('已新建 2 条').waitFor()
  assert.deepEqual(
    (await stored(page, 'products'))
      .filter((r) => r.name.includes('新'))
      .map((r) => r.code.split('-')[1])
      .sort(),
    ['n18', 'n19', 'n20', 'n21'],
  )
  await page.keyboard.press('Control+z')
  await soon(async () => (await stored(page, 'products')).length === 20)
  await soon(async () => (await stored(page, 'products')).every((r) => !r.name.includes('新')))
  await done(page)
})

test('an empty list says that rows can be pasted, and takes them', async () => {
  const page = await visit(b, '/')
  // A kind of its own: whatever other walks left behind, this list is empty.
  const { kind, plural } = await ask(page, 'POST', '/kinds', { label: `${mark}物` })
  await page.goto(`${url()}/${plural}`)
  await page.getByText('按 Ctrl+V 直接粘贴到这里').waitFor()
  await paste(page, `${mark} 甲\r\n${mark} 乙\r\n`)
  await page.getByRole('dialog', { name: '新建 2 条？' }).getByRole('button', { name: '新建 2 条' }).click()
  await rows(page).nth(1).waitFor()
  assert.equal((await stored(page, plural)).length, 2)
  await page.getByRole('button', { name: '撤销' }).click()
  await page.getByText('按 Ctrl+V 直接粘贴到这里').waitFor()
  await ask(page, 'PATCH', `/kinds/${kind}`, { retired: true })
  await done(page)
})
