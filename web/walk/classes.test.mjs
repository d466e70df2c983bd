import { after, before, test } from 'node:test'
import { browser, done, look, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

test('a rule is tried before it is kept, then moved and removed', async () => {
  const page = await visit(b, '/rules')
  await page.getByRole('navigation', { name: '归类标准' }).getByRole('button', { name: '回单类型' }).click()
  await page.getByRole('main').getByRole('listitem').first().waitFor()
  await look(page, 'rules')
  await page.getByRole('button', { name: '新建规则' }).click()
  await page.getByLabel('字段').selectOption('purpose')
  await page.getByLabel('值', { exact: true }).fill('走查专用词')
  await page.getByText(/符合 0 条/).waitFor()
  await page.getByLabel('归入').selectOption({ index: 1 })
  await page.getByLabel('规则名称').fill('走查规则')
  await look(page, 'rule-editor')
  await page.getByRole('button', { name: '保存' }).click()
  const rule = page.getByRole('main').getByRole('listitem').filter({ hasText: '走查规则' })
  await rule.waitFor()
  await rule.getByRole('button', { name: '上移 走查规则' }).click()
  await page.getByText('规则顺序已保存').waitFor()
  await rule.getByRole('checkbox').uncheck()
  await rule.getByText('已停用').waitFor()
  await rule.getByRole('button', { name: '删除 走查规则' }).click()
  await rule.waitFor({ state: 'detached' })
  await done(page)
})

test('a category is added, renamed and removed; bounds are shown', async () => {
  const page = await visit(b, '/dimensions')
  await page.getByRole('navigation', { name: '归类标准' }).getByRole('button', { name: '回单类型' }).click()
  await page.getByRole('button', { name: '添加类别', exact: true }).click()
  const title = `走查类别${Date.now() % 10000}`
  await page.getByPlaceholder('类别名称，回车继续添加').fill(title)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  const row = page.getByRole('main').getByRole('listitem').filter({ hasText: title })
  await row.waitFor()
  await look(page, 'dimension')
  await row.getByRole('button', { name: `${title} 的操作` }).click()
  await look(page, 'category-menu')
  await page.getByRole('menuitem', { name: '重命名' }).click()
  await page.getByLabel(`重命名 ${title}`).fill(`${title}乙`)
  await page.keyboard.press('Enter')
  const renamed = page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ hasText: `${title}乙` })
  await renamed.waitFor()
  await renamed.getByRole('button', { name: `${title}乙 的操作` }).click()
  await page.getByRole('menuitem', { name: '删除' }).click()
  await renamed.waitFor({ state: 'detached' })
  await page.getByRole('navigation', { name: '归类标准' }).getByRole('button', { name: '金额段' }).click()
  await page.getByRole('textbox', { name: '第 1 档上限' }).waitFor()
  await look(page, 'bands')
  await done(page)
})

test('people, tokens, jobs, trash and settings are finished pages, in both languages', async () => {
  for (const [path, heading] of [
    ['/people', '用户与权限'],
    ['/people?tab=roles', '用户与权限'],
    ['/people?tab=tokens', '用户与权限'],
    ['/jobs', '任务'],
    ['/trash', '回收站'],
    ['/settings', '设置'],
  ]) {
    const page = await visit(b, path)
    await page.getByRole('heading', { name: heading }).first().waitFor()
    await page.waitForTimeout(500)
    await look(page, path.replace(/\W/g, '_').slice(1))
    await done(page)
  }
  const page = await visit(b, '/settings', { language: 'en' })
  await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor()
  await look(page, 'settings-en')
  await page.getByRole('link', { name: 'Receipts' }).click()
  await page.getByRole('columnheader', { name: 'Customer', exact: true }).waitFor()
  await look(page, 'grid-en')
  await done(page)
})

test('a user is shut out and let in again', async () => {
  const page = await visit(b, '/people')
  const menu = page.getByRole('button', { name: '王敏 的操作' })
  const row = page.getByRole('listitem').filter({ has: menu })
  await menu.click()
  await page.getByRole('menuitem', { name: '停用' }).click()
  await row.getByText('已停用').waitFor()
  await menu.click()
  await page.getByRole('menuitem', { name: '启用' }).click()
  await row.getByText('已停用').waitFor({ state: 'detached' })
  await done(page)
})

test('on a phone: rules and dimensions', async () => {
  const page = await visit(b, '/rules', { width: 390 })
  await page.getByRole('main').getByRole('listitem').first().waitFor()
  await look(page, 'rules')
  await page.goto(page.url().replace('/rules', '/dimensions'))
  await page.getByRole('combobox', { name: '归类标准' }).waitFor()
  await look(page, 'dimensions')
  await done(page)
})
