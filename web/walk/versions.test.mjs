import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const some = () => String(Math.floor(Math.random() * 1e9))

/** A contract of forty clauses. */
const contract = (amount, day, more = []) =>
  Buffer.from(
    [
      `买卖合同 ${mark}`,
      ...Array.from({ length: 20 }, (_, i) => `第 ${i + 1} 条 双方约定的一般条款`),
      `合同金额 ${amount} 元整`,
      `付款日 ${day}`,
      ...Array.from({ length: 20 }, (_, i) => `第 ${i + 21} 条 双方约定的其他条款`),
      ...more,
    ].join('\n'),
  )
let mark

async function arrive(page, name, text) {
  const sent = await page.evaluate(
    async ([name, bytes]) => {
      const r = await fetch(`/api/v1/documents/upload?name=${encodeURIComponent(name)}`, { method: 'POST', body: new Uint8Array(bytes) })
      return r.json()
    },
    [name, [...text]],
  )
  return read(page, sent.document.id)
}

async function read(page, id) {
  for (let i = 0; i < 100; i++) {
    if ((await ask(page, 'GET', `/documents/${id}`)).state !== 'received') return id
    await page.waitForTimeout(200)
  }
  assert.fail('not read')
}

for (const width of [1440, 390])
  test(`a document gets a new file, is compared and put back, at ${width}`, async () => {
    mark = some()
    const page = await visit(b, '/documents', { width })
    const id = await arrive(page, `合同-${mark}.txt`, contract('120,000.00', '2026-01-31'))
    await page.goto(`${url()}/documents?id=${id}`)
    const part = page.getByRole('region', { name: '版本', exact: true })
    await part.getByText('当前第 1 版').waitFor()

    // A new file, with a word about it.
    await part.locator('input[type=file]').setInputFiles({
      name: `合同改-${mark}.txt`,
      mimeType: 'text/plain',
      buffer: contract('135,000.00', '2026-02-28', ['第 41 条 新增的违约责任']),
    })
    const dialog = page.getByRole('dialog', { name: '上传新版本' })
    await dialog.getByLabel('说明').fill('改价并延期')
    await look(page, 'versions-new')
    await dialog.getByRole('button', { name: '替换' }).click()
    await part.getByText('当前第 2 版').waitFor()
    await read(page, id)
    await part.getByText('改价并延期').waitFor()
    await look(page, 'versions')

    // What is new in it: the figures first, then the words; from place to place by key.
    await part.getByRole('button', { name: '对比第 2 版' }).click()
    const compare = page.getByRole('dialog', { name: '对比两个版本' })
    const figures = compare.getByRole('region', { name: '金额、编号与日期的变化' })
    await figures.getByText('135,000.00').waitFor()
    assert.match(await figures.innerText(), /合同金额[\s\S]*120,000\.00[\s\S]*135,000\.00[\s\S]*2026-01-31[\s\S]*2026-02-28/)
    assert.match(await compare.getByRole('status').innerText(), /共 2 处不同/)
    await compare.getByRole('button', { name: '下一处不同' }).focus()
    await page.keyboard.press('n')
    assert.equal(await compare.getByRole('status').innerText(), '1 / 2')
    await page.keyboard.press('n')
    assert.equal(await compare.getByRole('status').innerText(), '2 / 2')
    assert.ok(await compare.getByText('新增的违约责任').isVisible())
    await page.keyboard.press('p')
    assert.equal(await compare.getByRole('status').innerText(), '1 / 2')
    assert.equal(await compare.locator('[data-row] del').first().innerText(), '120,000.00')
    await look(page, 'versions-compare')
    await compare.getByLabel('旧版本').selectOption('2')
    await compare.getByText('请选两个不同的版本').waitFor()
    await page.keyboard.press('Escape')

    // The first is put back as the third; the same bytes sent as a new document are known.
    await part.getByRole('button', { name: '恢复第 1 版' }).click()
    await look(page, 'versions-restore')
    await page.getByRole('dialog').getByRole('button', { name: '恢复', exact: true }).click()
    await part.getByText('当前第 3 版').waitFor()
    await part.getByText('恢复自第 1 版').waitFor()
    const again = await page.evaluate(
      async (bytes) => (await fetch('/api/v1/documents/upload?name=x.txt', { method: 'POST', body: new Uint8Array(bytes) })).json(),
      [...contract('135,000.00', '2026-02-28', ['第 41 条 新增的违约责任'])],
    )
    assert.deepEqual([again.already, again.version, again.document.id], [true, 2, id])

    // Dropped on the section it is meant as a version, not as a new document; the same file is refused with a word, and nothing is lost.
    const dropped = await page.evaluateHandle(
      (bytes) => {
        const data = new DataTransfer()
        data.items.add(new File([new Uint8Array(bytes)], 'x.txt'))
        return data
      },
      [...contract('120,000.00', '2026-01-31')],
    )
    for (const type of ['dragenter', 'dragover', 'drop']) await part.dispatchEvent(type, { dataTransfer: dropped })
    await page.getByRole('dialog').getByRole('button', { name: '替换' }).click()
    await page.getByText('与当前版本是同一个文件').waitFor()
    await page.keyboard.press('Escape')
    await done(page)
  })

test('who works on a document says so, and others are warned', async () => {
  mark = some()
  const page = await visit(b, '/documents')
  const id = await arrive(page, `章程-${mark}.txt`, contract('1.00', '2026-01-01'))
  const login = `anna${mark}`
  const made = await ask(page, 'POST', '/users', { login, name: '安娜', password: 'guike-anna-2026', role: 'manager', language: 'zh-CN' })
  assert.equal(made.status, 201, made.text)
  const other = await visit(b, `/documents?id=${id}`, { as: { login, password: 'guike-anna-2026' } })
  const hers = other.getByRole('region', { name: '版本', exact: true })
  await hers.getByRole('button', { name: '登记修改' }).click()
  const dialog = other.getByRole('dialog', { name: '登记修改' })
  await dialog.getByLabel('修改什么').fill('改第三条')
  await look(other, 'versions-take')
  await dialog.getByRole('button', { name: '登记修改' }).click()
  await hers.getByText('我正在修改').waitFor()
  await other.goto(`${url()}/documents`)

  await page.goto(`${url()}/documents?id=${id}`)
  const part = page.getByRole('region', { name: '版本', exact: true })
  await part.getByText(/安娜 正在修改.*改第三条/).waitFor()
  await page
    .getByRole('img', { name: /安娜 正在修改/ })
    .first()
    .waitFor()
  await look(page, 'versions-taken')
  await part.locator('input[type=file]').setInputFiles({ name: 'x.txt', mimeType: 'text/plain', buffer: contract('2.00', '2026-01-01') })
  const replace = page.getByRole('dialog', { name: '上传新版本' })
  await replace.getByRole('button', { name: '替换' }).click()
  await replace.getByText(/安娜 正在修改.*仍要继续吗/).waitFor()
  await look(page, 'versions-warned')
  await replace.getByRole('button', { name: '仍要替换' }).click()
  await part.getByText('当前第 2 版').waitFor()
  await part.getByRole('button', { name: '结束登记' }).click()
  await part.getByRole('button', { name: '登记修改' }).waitFor()
  await done(other)
  await done(page)
})

const invoice = (no, net, tax, total) =>
  Buffer.from(
    `<EInvoice><EInvoiceData><SellerInformation><SellerIdNum>91110108690017781B</SellerIdNum><SellerName>北京恒泰信息技术有限公司</SellerName></SellerInformation><BuyerInformation><BuyerName>杭州归云信息技术有限公司</BuyerName></BuyerInformation><BasicInformation><TotalAmWithoutTax>${net}</TotalAmWithoutTax><TotalTaxAm>${tax}</TotalTaxAm><TotalTax-includedAmount>${total}</TotalTax-includedAmount></BasicInformation></EInvoiceData><TaxSupervisionInfo><InvoiceNumber>${no}</InvoiceNumber><IssueTime>2026-01-09 10:00:00</IssueTime></TaxSupervisionInfo></EInvoice>`,
  )

for (const width of [1440, 390])
  test(`what a new version says otherwise waits beside what is on file, at ${width}`, async () => {
    const page = await visit(b, '/documents', { width })
    const no = `241120000000${String(Math.floor(1e7 + Math.random() * 8e7))}`
    const id = await arrive(page, `发票-${no}.xml`, invoice(no, 100, 6, 106))
    const was = (await ask(page, 'GET', `/documents/${id}/reading`)).papers[0].receipt.id
    await page.goto(`${url()}/documents?id=${id}`)
    const part = page.getByRole('region', { name: '版本', exact: true })
    await part.locator('input[type=file]').setInputFiles({ name: 'x.xml', mimeType: 'application/xml', buffer: invoice(no, 200, 12, 212) })
    await page.getByRole('dialog').getByRole('button', { name: '替换' }).click()
    await part.getByText('当前第 2 版').waitFor()
    await read(page, id)
    assert.equal((await ask(page, 'GET', `/receipts/${was}`)).amount.amount, '106.00')
    await page.goto(`${url()}/queue?doc=${id}`)
    const differs = page.getByRole('region', { name: '新版本与已归档的不同' })
    await differs.getByText('212.00').waitFor()
    assert.match(await differs.innerText(), /106\.00[\s\S]*212\.00/)
    await look(page, 'versions-review')
    await page.getByRole('button', { name: '确认归档' }).click()
    for (let i = 0; i < 50 && (await ask(page, 'GET', `/receipts/${was}`)).amount.amount !== '212.00'; i++) await page.waitForTimeout(100)
    assert.equal((await ask(page, 'GET', `/receipts/${was}`)).amount.amount, '212.00')
    await done(page)
  })
