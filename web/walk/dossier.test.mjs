import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const upload = (page, name, body) =>
  page.evaluate(
    async ([at, body]) =>
      (await (await fetch(at, { method: 'POST', body, headers: { 'content-type': 'application/octet-stream' } })).json()).document.id,
    [`${url()}/api/v1/documents/upload?name=${encodeURIComponent(name)}`, body],
  )

for (const width of [1440, 390])
  test(`the papers of an order lie together, at ${width}`, async () => {
    const page = await visit(b, '/orders', { width })
    const cny = (amount) => ({ amount, currency: 'CNY' })
    const number = `WALK${width}0001`
    const customer = (await ask(page, 'POST', '/customers', { name: `卷宗走查${width}商贸` })).id
    const order = (await ask(page, 'POST', '/orders', { number, customer, ordered_on: '2026-11-01', amount: cny('5000.00') })).id
    await page.goto(`${url()}/orders?id=${order}`)
    const dossier = page.getByRole('region', { name: '卷宗' })
    await dossier.getByText('缺合同').waitFor()
    await dossier.getByText('缺发票').waitFor()
    await dossier.getByText('缺回单').waitFor()
    await dossier.getByText('还没有单据').waitFor()
    await dossier.scrollIntoViewIfNeeded()
    await look(page, 'dossier-empty')

    // What names the order is there by itself, with its picture; what speaks of it too.
    const pdf = (await ask(page, 'POST', '/documents:query', { filter: { field: 'pages', op: 'gt', value: 0 }, limit: 1 })).data[0].id
    const invoice = {
      type: 'invoice',
      direction: 'out',
      issued_on: '2026-11-02',
      amount: cny('5000.00'),
      invoice_no: `2631700000${width}000001`,
      customer,
      order,
    }
    assert.ok((await ask(page, 'POST', '/receipts', invoice)).id)
    const slip = {
      type: 'slip',
      direction: 'in',
      paid_on: '2026-11-03',
      amount: cny('5000.00'),
      slip_no: `S${width}`,
      bank: 'X',
      customer,
      order,
      document: pdf,
      page: 1,
    }
    const paid = await ask(page, 'POST', '/receipts', slip)
    assert.ok(paid.id)
    const deal = await upload(page, `购销合同${width}.txt`, `购销合同\n编号：${number}\n甲方：卷宗走查${width}商贸`)
    const note = await upload(page, `送货单${width}.txt`, `今已送达 ${width}`)
    await assert.doesNotReject(async () => {
      for (let i = 0; i < 60; i++) {
        const d = await ask(page, 'GET', `/dossiers/${order}`)
        if (d.sheets.length === 3 && d.lacks.length === 0) return
        await page.waitForTimeout(500)
      }
      throw new Error(JSON.stringify(await ask(page, 'GET', `/dossiers/${order}`)))
    })
    await page.goto(`${url()}/orders?id=${order}`)
    await dossier.getByText('资料齐全').waitFor()
    const papers = dossier.getByRole('listitem')
    assert.deepEqual(
      (await papers.allInnerTexts()).map((s) => s.split('\n')[0]),
      ['合同', '发票', '回单'],
    )
    await dossier.getByText(`文中出现 ${number}`).waitFor()

    // Another is put in by hand, and taken back.
    await dossier.getByRole('button', { name: '放入文件' }).click()
    await page.getByRole('dialog').getByLabel('文件', { exact: true }).fill(`送货单${width}`)
    await page
      .getByRole('dialog')
      .getByRole('button', { name: `放入 送货单${width}.txt` })
      .waitFor()
    await look(page, 'dossier-add')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: `放入 送货单${width}.txt` })
      .click()
    await dossier.getByText('手工放入').waitFor()
    await dossier.scrollIntoViewIfNeeded()
    await look(page, 'dossier-order')
    await page.getByRole('button', { name: '撤销' }).first().click()
    await dossier.getByText('手工放入').waitFor({ state: 'detached' })
    // What was found and is not so is taken out, and the want is told again.
    await dossier.getByRole('button', { name: `移出 购销合同${width}.txt` }).click()
    await dossier.getByText('缺合同').waitFor()
    await page.getByRole('button', { name: '撤销' }).first().click()
    await dossier.getByText('资料齐全').waitFor()

    // It leaves as one file.
    const href = await dossier.getByRole('link', { name: '导出 ZIP' }).getAttribute('href')
    const head = await page.evaluate(async (at) => {
      const r = await fetch(at)
      const b = new Uint8Array(await r.arrayBuffer())
      return [r.status, r.headers.get('content-type'), String.fromCharCode(b[0], b[1])]
    }, href)
    assert.deepEqual(head, [200, 'application/zip', 'PK'])

    // The same from the slip and from the contract.
    await page.goto(`${url()}/receipts?id=${paid.id}`)
    await dossier.getByRole('link', { name: new RegExp(number) }).waitFor()
    await dossier.scrollIntoViewIfNeeded()
    await look(page, 'dossier-slip')
    await page.goto(`${url()}/documents?id=${deal}`)
    await dossier.getByRole('link', { name: new RegExp(number) }).waitFor()
    // A document in none is put into an order's.
    await page.goto(`${url()}/documents?id=${note}`)
    await dossier.getByText('不属于任何卷宗').waitFor()
    await look(page, 'dossier-none')
    await dossier.getByRole('button', { name: '放入订单卷宗' }).click()
    await page.getByRole('dialog').getByLabel('订单').fill(number)
    await page
      .getByRole('option', { name: new RegExp(number) })
      .first()
      .click()
    await look(page, 'dossier-choose')
    await page.getByRole('dialog').getByRole('button', { name: '放入', exact: true }).click()
    await dossier.getByText('手工放入').first().waitFor()
    await done(page)
  })
