import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const yuan = (amount) => ({ amount, currency: 'CNY' })
let seed = 0

/** A customer with two orders of one amount and a slip that says nothing of either: a person must say which. */
async function unsure(page) {
  const n = `${Date.now()}${seed++}`
  const name = `对账走查${n}有限公司`
  const cents = String(Number(n) % 90).padStart(2, '0')
  const customer = await ask(page, 'POST', '/customers', { name })
  const orders = []
  for (const k of [1, 2])
    orders.push(
      await ask(page, 'POST', '/orders', {
        number: `ZC${n}${k}`,
        customer: customer.id,
        ordered_on: '2026-05-01',
        amount: yuan(`8130.${cents}`),
      }),
    )
  const slip = await ask(page, 'POST', '/receipts', {
    type: 'slip',
    direction: 'in',
    paid_on: '2026-05-03',
    amount: yuan(`8130.${cents}`),
    payer_name: name,
  })
  const find = async () =>
    (await ask(page, 'POST', '/matches:query', { filter: { field: 'receipt', op: 'eq', value: slip.id } })).data.filter(
      (m) => m.of === 'order',
    )
  for (let i = 0; i < 100 && (await find()).length < 2; i++) await page.waitForTimeout(100)
  return { name, orders, slip, find }
}

test('a slip that may be for either of two orders is judged by the keyboard, and judged anew', async () => {
  const page = await visit(b, '/receipts')
  const { name, slip, find } = await unsure(page)
  assert.deepEqual(
    (await find()).map((m) => m.state),
    ['proposed', 'proposed'],
  )
  await page.goto(new URL(`/matching?id=${slip.id}`, page.url()).href)
  const panel = page.getByRole('region', { name: '对账', exact: true })
  await panel.getByText('户名相符').first().waitFor()
  await look(page, 'matching')
  await page.keyboard.press('ArrowDown')
  const second = await panel.locator('li[aria-current=true] a').innerText()
  await page.keyboard.press('Enter')
  await page.getByText('已确认匹配').waitFor()
  await page.getByRole('button', { name: new RegExp(`${name}.*已处理`) }).waitFor()
  const made = (await find()).find((m) => m.state === 'confirmed')
  assert.equal(made.order.title, second)
  await page.keyboard.press('u')
  await page.waitForURL((u) => u.searchParams.get('id') === slip.id)
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'))
  for (let i = 0; i < 50 && (await find()).some((m) => m.state === 'confirmed'); i++) await page.waitForTimeout(100)
  assert.ok(!(await find()).some((m) => m.state === 'confirmed'))
  await panel.getByText('户名相符').nth(1).waitFor()
  await page.keyboard.press('r')
  await page.getByText('已记住：两者不相关').waitFor()
  await panel.getByRole('button', { name: /显示已否定的 1 条/ }).click()
  await panel.getByRole('button', { name: '撤销否定' }).waitFor()
  await look(page, 'matching-rejected')
  await done(page)
})

for (const width of [1440, 390])
  test(`a slip is matched by hand for a part with another order, at ${width}`, async () => {
    const page = await visit(b, '/receipts', { width })
    const { slip } = await unsure(page)
    const far = await ask(page, 'POST', '/orders', { number: `YD${Date.now()}`, ordered_on: '2024-01-01', amount: yuan('5000.00') })
    await page.goto(new URL(`/matching?queue=slip_without_order&id=${slip.id}`, page.url()).href)
    const panel = page.getByRole('region', { name: '对账', exact: true })
    await panel.getByRole('button', { name: /手工匹配/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio').nth(1).waitFor()
    await look(page, 'matching-hand')
    await dialog.getByRole('searchbox').fill(far.number)
    await dialog.getByRole('radio', { name: new RegExp(far.number) }).check()
    const amount = dialog.getByLabel('对应金额')
    assert.equal(await amount.inputValue(), '5000.00')
    await amount.fill('9000')
    await dialog.getByRole('button', { name: '匹配', exact: true }).click()
    await dialog.getByText('金额已被其他匹配占用').waitFor()
    await amount.fill('４，０００')
    await dialog.getByRole('button', { name: '匹配', exact: true }).click()
    await page.getByText(new RegExp(`已与 ${far.number} 匹配`)).waitFor()
    assert.equal((await ask(page, 'GET', `/orders/${far.id}`)).paid.amount, '4000.00')
    // The order shows the slip, and from there the two are taken apart.
    await page.goto(new URL(`/orders?id=${far.id}`, page.url()).href)
    const beside = page.getByRole('region', { name: '对账', exact: true })
    await beside.getByText('人工匹配').waitFor()
    await look(page, 'matching-order')
    await beside.getByRole('button', { name: '解除' }).click()
    await page.getByText('已记住：两者不相关').waitFor()
    assert.equal((await ask(page, 'GET', `/orders/${far.id}`)).paid, null)
    await done(page)
  })

test('every queue opens, on a phone too', async () => {
  const page = await visit(b, '/matching', { width: 390 })
  await page.getByRole('navigation', { name: '待核对列表' }).or(page.getByText('没有等待判断的匹配')).first().waitFor()
  await look(page, 'matching-list')
  for (const queue of ['有订单无回单', '已付款无发票', '有流水无回单']) {
    await page.getByLabel('对账队列').selectOption({ label: queue })
    await page.getByRole('button', { name: /¥/ }).first().waitFor()
  }
  await page.getByRole('button', { name: /¥/ }).first().click()
  await page.getByRole('region', { name: '对账', exact: true }).waitFor()
  await look(page, 'matching-entry')
  await page.getByRole('button', { name: '关闭' }).click()
  await page.getByLabel('对账队列').waitFor()
  await done(page)
})
