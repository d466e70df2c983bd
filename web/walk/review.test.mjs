import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const clerk = { login: `zoucha${Date.now() % 1000000}`, password: 'walk-through-2026' }

test('a change of a reviewed field waits until its reviewer agrees, or does not', async () => {
  const chief = await visit(b, '/reviews')
  const me = (await ask(chief, 'GET', '/session')).user
  assert.equal((await ask(chief, 'POST', '/users', { name: '走查员', role: 'manager', ...clerk })).status, 201)
  const name = `审核走查${Date.now()}`
  const { id } = await ask(chief, 'POST', '/customers', { name, short_name: '旧称' })
  assert.equal((await ask(chief, 'PATCH', '/kinds/customer/fields/short_name', { reviewer: me.id })).status, 204)
  const short = async () => (await ask(chief, 'GET', `/customers/${id}`)).short_name
  try {
    const page = await visit(b, `/customers?id=${id}`, { as: clerk })
    const change = async (to) => {
      await page.keyboard.press('e')
      await page.getByLabel('简称').fill(to)
      await page.getByRole('button', { name: '保存' }).click()
      await page.getByText('已提交审核，同意后生效').first().waitFor()
      await page.getByRole('region', { name: '待审修改' }).getByText(to).waitFor()
    }
    await page.getByRole('heading', { name }).waitFor()
    await change('新称')
    assert.equal(await short(), '旧称')
    await look(page, 'review-sent')

    const line = (to) => chief.getByRole('main').getByRole('listitem').filter({ hasText: name }).filter({ hasText: to })
    await chief.reload()
    await line('新称').waitFor()
    await look(chief, 'reviews')
    const phone = await visit(b, '/reviews', { width: 390 })
    await phone.getByText(name).waitFor()
    await look(phone, 'reviews')
    await done(phone)
    await line('新称').getByRole('button', { name: '同意' }).click()
    await chief.getByText('已同意，修改生效').waitFor()
    await line('新称').waitFor({ state: 'detached' })
    assert.equal(await short(), '新称')

    await page.reload()
    await page.getByRole('heading', { name }).waitFor()
    await change('再改')
    await chief.reload()
    await line('再改').getByRole('button', { name: '拒绝' }).click()
    await chief.getByText('已拒绝').first().waitFor()
    await line('再改').waitFor({ state: 'detached' })
    assert.equal(await short(), '新称')
    await page.reload()
    await page.getByRole('heading', { name }).waitFor()
    assert.equal(await page.getByRole('region', { name: '待审修改' }).count(), 0)
    await done(page)
  } finally {
    await ask(chief, 'PATCH', '/kinds/customer/fields/short_name', { reviewer: '' })
    await ask(chief, 'DELETE', `/customers/${id}`)
  }
  await chief.goto(chief.url())
  await done(chief)
})
