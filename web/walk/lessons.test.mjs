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

/** A slip of a form in words of its own that no reader has been told, printed to PDF. */
async function slip(bank, title) {
  const s = {
    no: digits(12),
    day: `2026-0${1 + Math.floor(Math.random() * 9)}-1${Math.floor(Math.random() * 9)}`,
    fen: digits(6),
    account: digits(15),
  }
  const name = ['宁波甲木贸易有限公司', '苏州乙水纸业有限公司', '温州丙火电器有限公司'][Math.floor(Math.random() * 3)]
  const rows = [
    ['票据序列', s.no, '入册日子', s.day],
    ['来款户头', name, '进款户头', '青松软件有限公司'],
    ['来款编码', s.account, '进款编码', '6222000011112222'],
    ['钱款数目', `${s.fen}.00`, '因由', '货款'],
  ]
  const page = await b.newPage()
  await page.setContent(`<style>body{font:14px 'Noto Sans CJK SC'}h1{font-size:20px;text-align:center}td{border:1px solid #000;padding:8px 10px}table{border-collapse:collapse;margin:20px auto}</style>
    <h1>${bank}${title}</h1><table>${rows.map((r) => `<tr>${r.map((c) => `<td>${c}</td>`).join('')}</tr>`).join('')}</table>`)
  const pdf = await page.pdf({ format: 'A4' })
  await page.close()
  return { pdf, ...s, name, amount: `${s.fen}.00` }
}

/** Hands a file in and waits until it was read. */
async function arrive(page, s, name) {
  const sent = await page.evaluate(
    async ([name, bytes]) => {
      const r = await fetch(`/api/v1/documents/upload?name=${encodeURIComponent(name)}`, { method: 'POST', body: new Uint8Array(bytes) })
      return r.json()
    },
    [name, [...s.pdf]],
  )
  const id = sent.document.id
  await settled(page, id, (d) => d.state !== 'received')
  return id
}

async function settled(page, id, ok) {
  for (let i = 0; i < 150; i++) {
    const d = await ask(page, 'GET', `/documents/${id}`)
    if (ok(d)) return d
    await page.waitForTimeout(200)
  }
  assert.fail(`${id} did not settle`)
}

const facts = async (page, id) =>
  Object.fromEntries((await ask(page, 'GET', `/documents/${id}/reading`)).papers[0].facts.map((f) => [f.name, f.value]))

for (const width of [1440, 390])
  test(`a correction teaches a form; what was learnt is tried, paused and taken away, at ${width}`, async () => {
    const page = await visit(b, '/receipts', { width })
    // Of the one not even its title says what it is.
    const [bank, title] = width === 390 ? ['海源城市银行', '资金往来回单'] : ['江岸商业银行', '资金往来册']
    const first = await slip(bank, title)
    const id = await arrive(page, first, `生单据-${bank}-${digits(5)}.pdf`)

    // Nobody told the reader this form: a person says what it is, and what it says.
    await page.goto(`${new URL(page.url()).origin}/queue?doc=${id}`)
    await page.getByRole('region', { name: '读出的内容' }).waitFor()
    if (width !== 390) await page.getByRole('group', { name: '这是' }).getByRole('button', { name: '回单', pressed: true }).waitFor()
    const fill = async (name, value) => {
      const line = page.locator(`#fact-${name}`)
      if (await line.count()) {
        await line.focus()
        await page.keyboard.press('e')
      } else await page.getByLabel('补充一项').selectOption(name)
      await page.locator(`#edit-${name}`).fill(value)
      await page.locator(`#edit-${name}`).press('Enter')
      await page.locator(`#fact-${name}`).waitFor()
    }
    await fill('slip_no', first.no)
    await fill('paid_on', first.day)
    await fill('amount', first.amount)
    await fill('payer_name', first.name)
    await fill('payer_account', first.account)
    await fill('payee_name', '青松软件有限公司')
    await look(page, 'lesson-correct')
    await page.getByRole('button', { name: /^确认归档/ }).click()
    await settled(page, id, (d) => d.state === 'filed')
    for (let i = 0; i < 100; i++) {
      if ((await ask(page, 'GET', `/documents/${id}/reading`)).papers[0].taught.length > 4) break
      await page.waitForTimeout(200)
    }

    // The next is read right, says by what, and waits for one look.
    const second = await slip(bank, title)
    const next = await arrive(page, second, `生单据二-${bank}-${digits(5)}.pdf`)
    const read = await facts(page, next)
    assert.deepEqual(
      { no: read.slip_no, day: read.paid_on, amount: read.amount, payer: read.payer_name, account: read.payer_account },
      { no: second.no, day: second.day, amount: second.amount, payer: second.name, account: second.account },
    )
    await page.goto(`${new URL(page.url()).origin}/queue?doc=${next}`)
    await page.getByRole('note').filter({ hasText: '按刚学到的标签读出' }).waitFor()
    await page.getByRole('img', { name: /由标签“来款户头”读出，学自《.*》，已确认 1 次/ }).waitFor()
    await look(page, 'lesson-read')
    await page.getByRole('button', { name: /^确认归档/ }).click()
    await settled(page, next, (d) => d.state === 'filed')

    // Confirmed once more, papers like it are filed by themselves.
    const third = await slip(bank, title)
    assert.equal(
      (await settled(page, await arrive(page, third, `生单据三-${digits(5)}.pdf`), (d) => d.state !== 'received')).state,
      'filed',
    )

    await page.goto(`${new URL(page.url()).origin}/lessons`)
    const form = page.getByRole('region', { name: width === 390 ? bank + title : bank })
    await form.getByText('对 2 次，错 0 次').first().waitFor()
    await look(page, 'lessons')
    await form.getByRole('button', { name: '试读 来款户头' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('对 2 · 一致 1').waitFor()
    await look(page, 'lesson-try')
    await dialog.getByLabel('标签').fill('来款编码')
    await dialog.getByRole('button', { name: '试读' }).click()
    await dialog.getByText('没读到 3').waitFor()
    await dialog.getByRole('button', { name: '关闭' }).last().click()

    const one = form.getByRole('listitem').filter({ hasText: '来款户头' })
    await one.getByRole('button', { name: '暂停' }).click()
    await one.getByText('已暂停', { exact: true }).waitFor()
    await one.getByRole('button', { name: '采用' }).click()
    await one.getByText('采用中').waitFor()
    await one.getByRole('button', { name: '删除' }).click()
    await one.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '撤销' }).click()
    await one.waitFor()
    await done(page)
  })
