import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

for (const width of [1440, 390])
  test(`somebody is told that he was named and given a task, while he looks, at ${width}`, async () => {
    const page = await visit(b, '/customers', { width })
    const login = `told${width}${Date.now() % 100000}`
    const password = 'guike-walk-2026'
    await ask(page, 'POST', '/users', { login, name: '小周', role: 'member', password })
    const me = (await ask(page, 'GET', '/session')).user
    const customer = await ask(page, 'POST', '/customers', { name: `通知走查${Date.now()}` })
    await page.goto(new URL('/notices', page.url()).href)
    const list = page.getByRole('region', { name: '通知', exact: true })
    await list.waitFor()
    const before = await page.getByRole('button', { name: /小周 提到了你/ }).count()

    const other = await visit(b, '/customers', { as: { login, password } })
    await ask(other, 'POST', '/comments', { about: 'customer', rec: customer.id, body: `请 @[我](${me.id}) 看看合同` })
    await ask(other, 'POST', '/tasks', { subject: `回访${width}`, assignee: me.id, stage: 'open' })
    // It comes by itself.
    await page.getByRole('button', { name: new RegExp(`小周 交给了你.*回访${width}`) }).waitFor()
    assert.equal(await page.getByRole('button', { name: /小周 提到了你/ }).count(), before + 1)
    if (width > 768) assert.match(await page.getByRole('link', { name: /^通知/ }).innerText(), /\d/)
    await look(page, 'notices')
    await page
      .getByRole('button', { name: /小周 提到了你/ })
      .first()
      .click()
    await page.waitForURL((u) => u.searchParams.get('id') === customer.id && u.searchParams.get('tab') === 'talk')
    await page.getByRole('article').getByText('看看合同').waitFor()

    await page.goto(new URL('/notices', page.url()).href)
    await page.getByRole('button', { name: '全部标为已读' }).click()
    await page.getByText('没有未读通知').waitFor()
    await look(page, 'notices-none')
    await page.getByRole('button', { name: '全部', exact: true }).click()
    await page.getByRole('button', { name: new RegExp(`回访${width}`) }).waitFor()
    // What he did himself nobody tells him, and what is another's he does not see.
    const theirs = await ask(other, 'POST', '/notices:query', { limit: 10 })
    assert.deepEqual(theirs.data, [])
    await done(other)
    await done(page)
  })
