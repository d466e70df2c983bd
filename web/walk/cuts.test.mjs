import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const digits = (n) =>
  String(1 + Math.floor(Math.random() * 9)) + Array.from({ length: n - 1 }, () => Math.floor(Math.random() * 10)).join('')

/** A page or two with slips whose words no reader knows, so that it cannot tell where one ends. */
async function bundle(pages) {
  const slip = () => `<h1>远山商业银行资金往来册</h1><table>
    <tr><td>票据序列</td><td>${digits(12)}</td><td>入册日子</td><td>2026-03-12</td></tr>
    <tr><td>来款户头</td><td>宁波甲木贸易有限公司</td><td>钱款数目</td><td>${digits(5)}.00</td></tr></table>`
  const page = await b.newPage()
  await page.setContent(
    `<style>body{font:14px 'Noto Sans CJK SC'}h1{font-size:20px;text-align:center;margin-top:40px}td{border:1px solid #000;padding:8px 10px}table{border-collapse:collapse;margin:20px auto}section{break-after:page}</style>` +
      pages.map((n) => `<section>${Array.from({ length: n }, slip).join('')}</section>`).join(''),
  )
  const pdf = await page.pdf({ format: 'A4' })
  await page.close()
  return pdf
}

async function arrive(page, pdf) {
  const sent = await page.evaluate(
    async ([name, bytes]) => {
      const r = await fetch(`/api/v1/documents/upload?name=${encodeURIComponent(name)}`, { method: 'POST', body: new Uint8Array(bytes) })
      return r.json()
    },
    [`合并扫描-${digits(6)}.pdf`, [...pdf]],
  )
  const id = sent.document.id
  for (let i = 0; i < 100; i++) {
    if ((await ask(page, 'GET', `/documents/${id}`)).state !== 'received') return id
    await page.waitForTimeout(200)
  }
  assert.fail('not read')
}

for (const width of [1440, 390])
  test(`papers are parted and joined in the review, and it is undone, at ${width}`, async () => {
    const page = await visit(b, '/receipts', { width })
    const papers = async (id) => (await ask(page, 'GET', `/documents/${id}/reading`)).papers
    const origin = new URL(page.url()).origin

    // Two slips of one page that were taken for one.
    const one = await arrive(page, await bundle([2]))
    assert.equal((await papers(one)).length, 1)
    await page.goto(`${origin}/queue?doc=${one}`)
    await page.getByRole('button', { name: '分成两张' }).click()
    const at = page.getByLabel('分开的位置')
    await at.focus()
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight')
    assert.equal(await at.inputValue(), '54')
    await at.fill('50')
    await look(page, 'cut')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: '第 2 张' }).waitFor()
    await look(page, 'cut-two')
    const two = await papers(one)
    assert.equal(two.length, 2)
    assert.ok(two[0].box[3] < two[1].box[1])
    // Joined again by the keyboard, and that is undone.
    await page.getByRole('button', { name: '第 2 张' }).click()
    if (width === 390) await page.getByRole('button', { name: '与上一张合并' }).click()
    else await page.keyboard.press('m')
    await page.getByRole('button', { name: '第 2 张' }).waitFor({ state: 'detached' })
    assert.equal((await papers(one)).length, 1)
    await page.keyboard.press('u')
    await page.getByRole('button', { name: '第 2 张' }).waitFor()
    assert.equal((await papers(one)).length, 2)

    // A paper that goes on over the page's end.
    const over = await arrive(page, await bundle([1, 1]))
    assert.equal((await papers(over)).length, 2)
    await page.goto(`${origin}/queue?doc=${over}`)
    await page.getByRole('button', { name: '第 2 张' }).click()
    await page.getByRole('button', { name: '与上一张合并' }).click()
    await page.getByRole('button', { name: '后面的页另作一张' }).waitFor()
    assert.deepEqual(
      (await papers(over)).map((p) => [p.page, p.pages]),
      [[1, 1]],
    )
    await look(page, 'cut-over')
    await page.getByRole('button', { name: '后面的页另作一张' }).click()
    await page.getByRole('button', { name: '第 2 张' }).waitFor()
    assert.equal((await papers(over)).length, 2)

    // What was filed is taken back into the review from the document's page.
    for (const p of await papers(over)) await ask(page, 'POST', `/documents/${over}/papers/${p.paper}/reject`, { reason: '' })
    await page.goto(`${origin}/documents?id=${over}`)
    await page.getByRole('button', { name: '重新核对' }).first().waitFor()
    await look(page, 'cut-reopen')
    await page.getByRole('button', { name: '重新核对' }).first().click()
    await page
      .getByRole('button', { name: '与上一张合并' })
      .or(page.getByRole('button', { name: '确认归档' }))
      .first()
      .waitFor()
    assert.match(page.url(), /\/queue\?.*doc=/)
    assert.equal((await papers(over)).filter((p) => p.state === 'waiting').length, 1)
    await done(page)
  })
