import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const yuan = (amount) => ({ amount, currency: 'CNY' })

for (const width of [1440, 390])
  test(`all that happened with a customer stands on one timeline, and is added to there, at ${width}`, async () => {
    const page = await visit(b, '/customers', { width })
    const n = `${width}${Date.now()}`
    const customer = await ask(page, 'POST', '/customers', { name: `全景走查${n}` })
    await ask(page, 'POST', '/orders', {
      number: `QJ${n}1`,
      customer: customer.id,
      ordered_on: '2026-03-02',
      amount: yuan('1200.00'),
      stage: 'shipped',
    })
    await ask(page, 'POST', '/orders', { number: `QJ${n}2`, customer: customer.id, ordered_on: '2026-03-05', amount: yuan('800.00') })
    await ask(page, 'POST', '/receipts', {
      type: 'slip',
      direction: 'in',
      customer: customer.id,
      paid_on: '2026-03-06',
      amount: yuan('500.00'),
      purpose: '首款',
    })
    await ask(page, 'POST', '/cases', { subject: '打印错位', customer: customer.id, opened_at: '2026-03-07T02:00:00Z', stage: 'new' })
    await page.goto(new URL(`/customers?id=${customer.id}`, page.url()).href)
    // What there is of each kind, at a glance; each leads to its rows.
    const glance = page.getByRole('list', { name: '关联' })
    await glance.getByText('¥ 2,000.00').waitFor()
    await look(page, 'glance')
    await page.getByRole('tab', { name: '动态' }).click()
    await page.getByRole('link', { name: '打印错位' }).waitFor()
    const day = page.getByRole('region', { name: /2026-03-06/ })
    await day.getByText('首款').waitFor()
    await day.getByText('¥ 500.00').waitFor()
    await page
      .getByRole('region', { name: /2026-03-05/ })
      .getByRole('link', { name: `QJ${n}2` })
      .waitFor()

    // A call is noted, and a task given, without leaving.
    const add = page.getByRole('region', { name: '记一笔' })
    await add.getByRole('button', { name: '跟进' }).click()
    await add.getByLabel('主题').fill('电话确认交期')
    await add.getByLabel('内容').fill('客户要求周五前到货')
    await look(page, 'quick-activity')
    await add.getByRole('button', { name: '保存' }).click()
    const today = page.getByRole('region', { name: '今天' })
    await today.getByText('客户要求周五前到货').waitFor()
    await add.getByRole('button', { name: '任务' }).click()
    await add.getByLabel('主题').fill('寄样品')
    await add.getByLabel('到期日').fill('2026-01-05')
    await look(page, 'quick-task')
    await add.getByRole('button', { name: '保存' }).click()
    await today.getByText('已逾期 2026-01-05').waitFor()
    await look(page, 'timeline')
    const box = today.getByRole('checkbox', { name: '完成：寄样品' })
    await box.check()
    await page.getByText('任务已完成').waitFor()
    await page.getByRole('button', { name: '撤销' }).first().click()
    await page.waitForFunction(() => !document.querySelector('input[aria-label="完成：寄样品"]')?.checked)

    // A file is put to the customer where he is.
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), add.getByRole('button', { name: '添加文件' }).click()])
    await chooser.setFiles({ name: `约定${n}.txt`, mimeType: 'text/plain', buffer: Buffer.from(`交期约定 ${n}`) })
    await page
      .getByRole('link', { name: new RegExp(`约定${n}`) })
      .first()
      .waitFor()
    assert.equal(
      (await ask(page, 'POST', '/documents:query', { filter: { field: 'customer', op: 'eq', value: customer.id } })).data.length,
      1,
    )

    // Parts of it, one at a time.
    await page.getByRole('group', { name: '显示' }).getByRole('button', { name: '业务' }).click()
    await today.getByText('客户要求周五前到货').waitFor({ state: 'detached' })
    await page.getByRole('link', { name: `QJ${n}1` }).waitFor()
    await page.getByRole('group', { name: '显示' }).getByRole('button', { name: '修改' }).click()
    await page.getByRole('link', { name: `QJ${n}1` }).waitFor({ state: 'detached' })
    await page.getByText('创建').first().waitFor()
    // Somebody else's order comes by itself.
    await page.getByRole('group', { name: '显示' }).getByRole('button', { name: '全部' }).click()
    await ask(page, 'POST', '/orders', { number: `QJ${n}3`, customer: customer.id, ordered_on: '2026-03-09', amount: yuan('1.00') })
    await page.getByRole('link', { name: `QJ${n}3` }).waitFor()

    await page.getByRole('tab', { name: '关联' }).click()
    await page.getByText('收款 ¥ 500.00').waitFor()
    await look(page, 'related')
    await page.getByRole('link', { name: '查看全部' }).first().click()
    await page.waitForURL(/\/orders\?/)
    await page.getByText(`QJ${n}1`).first().waitFor()
    await done(page)
  })
