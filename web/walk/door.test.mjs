import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, done, look, need, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

test('the owner sets the workspace up with the one-time code', async () => {
  const page = await visit(b, '/', { login: false })
  await page.goto(need('GUIKE_SETUP_URL'))
  await page.getByLabel('一次性设置码').waitFor()
  await look(page, 'setup')
  await page.getByLabel('公司或团队名称').fill('归云测试')
  await page.getByLabel('姓名').fill('陈若琳')
  await page.getByLabel('登录名').fill('owner')
  await page.getByLabel('密码').fill('a-long-enough-password')
  await page.getByLabel('一次性设置码').fill('WRONG-CODE')
  await page.getByRole('button', { name: '开始使用' }).click()
  await page.getByRole('alert').waitFor()
  await look(page, 'setup-wrong')
  await page.getByLabel('一次性设置码').fill(need('GUIKE_CODE'))
  await page.getByRole('button', { name: '开始使用' }).click()
  await page.getByRole('heading', { name: '回单', exact: true }).waitFor()
  await page.getByText('还没有回单').waitFor()
  await look(page, 'first-day')
  await done(page)
})

test('a wrong password is told, a right one leads back to where one was going', async () => {
  const page = await visit(b, '/customers?q=x', { login: false })
  await page.getByLabel('登录名').waitFor()
  await look(page, 'login')
  await page.getByLabel('登录名').fill(need('GUIKE_LOGIN'))
  await page.getByLabel('密码').fill('not-the-password')
  await page.getByLabel('密码').press('Enter')
  await page.getByRole('alert').waitFor()
  await look(page, 'login-wrong')
  await page.getByLabel('密码').fill(need('GUIKE_PASSWORD'))
  await page.getByLabel('密码').press('Enter')
  await page.getByRole('heading', { name: '客户', exact: true }).waitFor()
  assert.match(page.url(), /\/customers\?q=/)
  await page.getByRole('button', { name: '陈' }).click()
  await look(page, 'account-menu')
  await page.getByRole('menuitem', { name: '退出登录' }).click()
  await page.getByLabel('密码').waitFor()
  assert.ok(page.url().startsWith(`${url()}/login`))
  await done(page)
})

test('the door speaks English too, also on a phone', async () => {
  const page = await visit(b, '/login', { login: false, width: 390, language: 'en' })
  await page.getByRole('heading', { name: 'Log in' }).waitFor()
  await look(page, 'login-en')
  await done(page)
})
