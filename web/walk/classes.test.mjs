import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, done, look, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const revision = (page) => page.getByRole('tabpanel').getByRole('list', { name: '修订记录' }).getByRole('listitem').first()

test('a rule is previewed, published, moved and taken back', async () => {
  const page = await visit(b, '/rules')
  await page.getByRole('navigation', { name: '归类标准' }).getByRole('button', { name: '回单类型' }).click()
  const list = page.getByRole('list', { name: '归类规则' })
  await list.getByRole('listitem').first().waitFor()
  await look(page, 'rules')
  await page.getByRole('button', { name: '新建规则' }).click()
  await page.getByLabel('字段').selectOption('purpose')
  await page.getByLabel('值', { exact: true }).fill('货款')
  await page.getByLabel('归入').selectOption({ index: 1 })
  await page.getByLabel('规则名称').fill('走查规则')
  await page.getByLabel('修订说明').fill('走查')
  await page.getByRole('button', { name: /^发布（变动 0 条）/ }).waitFor()
  await look(page, 'rule-editor')
  await page.getByRole('button', { name: /^发布（变动/ }).click()
  const rule = list.getByRole('listitem').filter({ hasText: '走查规则' })
  await rule.waitFor()
  await rule.getByRole('button', { name: '上移 走查规则' }).click()
  await page.getByText('规则顺序已保存').waitFor()
  await rule.getByRole('checkbox').click()
  await rule.getByText('已停用').waitFor()
  await rule.getByRole('button', { name: '删除 走查规则' }).click()
  await rule.waitFor({ state: 'detached' })
  await page.getByRole('tab', { name: '修订记录' }).click()
  await revision(page).getByText('删除 1 条规则').waitFor()
  await revision(page).getByText('已生效').waitFor()
  await look(page, 'revisions')
  await revision(page)
    .getByRole('button', { name: /^撤销修订/ })
    .click()
  await look(page, 'revision-undo')
  await page
    .getByRole('dialog', { name: /撤销修订/ })
    .getByRole('button', { name: '撤销' })
    .click()
  await revision(page).getByText('已撤销').waitFor()
  await page.getByRole('tab', { name: '规则', exact: true }).click()
  await rule.waitFor()
  await rule.getByRole('button', { name: '删除 走查规则' }).click()
  await rule.waitFor({ state: 'detached' })
  await done(page)
})

test('a draft is worked on, says what it would move, is published and undone', async () => {
  const page = await visit(b, '/rules')
  await page.getByRole('navigation', { name: '归类标准' }).getByRole('button', { name: '回单类型' }).click()
  const list = page.getByRole('list', { name: '归类规则' })
  await list.getByRole('listitem').first().waitFor()
  const before = await list.getByRole('listitem').count()
  await page.getByRole('button', { name: '新建规则' }).click()
  await page.getByLabel('字段').selectOption('purpose')
  await page.getByLabel('值', { exact: true }).fill('货款')
  await page.getByLabel('归入').selectOption({ index: 1 })
  await page.getByLabel('规则名称').fill('走查草稿')
  await page.getByRole('button', { name: '存为草稿' }).click()
  await page.getByText('正在编辑草稿').waitFor()
  const rule = list.getByRole('listitem').filter({ hasText: '走查草稿' })
  for (let i = 0; i < before; i++) {
    await rule.getByRole('button', { name: '上移 走查草稿' }).click()
    await list
      .getByRole('listitem')
      .nth(before - 1 - i)
      .filter({ hasText: '走查草稿' })
      .waitFor()
  }
  await look(page, 'draft')
  await page.getByRole('button', { name: '预览并发布' }).click()
  const dialog = page.getByRole('dialog', { name: '变动预览' })
  const publish = dialog.getByRole('button', { name: /^发布（变动 [1-9]/ })
  await publish.waitFor()
  const moved = /[\d,]+/.exec(await publish.innerText())[0]
  await dialog.getByRole('list').first().getByRole('button').first().click()
  await dialog.getByRole('list', { name: '例如' }).waitFor()
  await look(page, 'preview')
  await publish.click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('tab', { name: '修订记录' }).click()
  await revision(page).getByText('已生效').waitFor({ timeout: 120_000 })
  await revision(page).getByText(`变动 ${moved} 条`).waitFor()
  await revision(page)
    .getByRole('button', { name: /^撤销修订/ })
    .click()
  await page
    .getByRole('dialog', { name: /撤销修订/ })
    .getByRole('button', { name: '撤销' })
    .click()
  await revision(page).getByText('已撤销').waitFor({ timeout: 120_000 })
  await page.getByRole('tab', { name: '规则', exact: true }).click()
  await rule.waitFor({ state: 'detached' })
  await done(page)
})

test('a change of very many records asks for their number first', async () => {
  const page = await visit(b, '/rules')
  const draft = await page.evaluate(async (base) => {
    const api = (path, body) =>
      fetch(
        `${base}/api/v1/${path}`,
        body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
      ).then((r) => r.json())
    const { data } = await api('dimensions')
    const d = data.find((x) => x.kind === 'receipt' && x.name === 'd_type')
    const rules = [{ category: d.categories.at(-1).id, title: '走查全部', filter: { field: 'amount', op: 'present' } }]
    return { dimension: d.id, id: (await api('revisions', { dimension: d.id, note: '走查上限', rules })).id }
  }, url())
  await page.goto(`${url()}/rules?dimension=${draft.dimension}&draft=${draft.id}`)
  await page.getByText('正在编辑草稿：走查上限').waitFor()
  await page.getByRole('button', { name: '预览并发布' }).click()
  const publish = page.getByRole('button', { name: /^发布（变动 \d\d,/ })
  await publish.click()
  await page.getByRole('heading', { name: /^将变动 \d\d,\d+ 条记录/ }).waitFor()
  await look(page, 'confirm')
  await page
    .getByRole('dialog', { name: /^将变动/ })
    .getByRole('button', { name: '取消' })
    .click()
  await page.getByRole('dialog', { name: '变动预览' }).waitFor()

  // Once more, and yes: they move, and come back.
  const moved = /\d\d,\d+/.exec(await publish.innerText())[0]
  await publish.click()
  await page.getByRole('button', { name: `确认变动 ${moved} 条` }).click()
  await page.getByRole('dialog', { name: '变动预览' }).waitFor({ state: 'detached' })
  await page.getByRole('tab', { name: '修订记录' }).click()
  await revision(page).getByText('已生效').waitFor({ timeout: 120_000 })
  // What had the category already has it by another rule now: that is counted here too.
  await revision(page)
    .getByText(/^变动 \d\d,\d+ 条/)
    .waitFor()
  await revision(page)
    .getByRole('button', { name: /^撤销修订/ })
    .click()
  await page
    .getByRole('dialog', { name: /撤销修订/ })
    .getByRole('button', { name: '撤销' })
    .click()
  await revision(page).getByText('已撤销').waitFor({ timeout: 120_000 })
  await page.getByRole('tab', { name: '规则', exact: true }).click()

  // A switch asks the same: the server says the number, and hears it back.
  const heard = []
  await page.route(/\/api\/v1\/rules\/rul_/, (route) => {
    heard.push(new URL(route.request().url()).search)
    if (heard.length > 1) return route.abort()
    const body = { status: 409, code: 'conflict', detail: 'error.confirm_moves', fields: { confirm: '12345' } }
    return route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify(body) })
  })
  const first = page.getByRole('list', { name: '归类规则' }).getByRole('listitem').first().getByRole('checkbox')
  await first.click()
  await page.getByRole('button', { name: '确认变动 12,345 条' }).click()
  await page.getByText('连不上服务器').first().waitFor()
  assert.deepEqual(heard, ['', '?confirm=12345'])
  assert.ok(await first.isChecked())
  await done(page)
})

test('jobs are told apart by their state', async () => {
  const page = await visit(b, '/jobs')
  await page.getByRole('list', { name: '后台任务' }).getByRole('listitem').first().waitFor()
  await look(page, 'jobs')
  await page.getByRole('group', { name: '按状态' }).getByRole('button', { name: /^失败/ }).click()
  await page.getByText('没有失败的任务').waitFor()
  await look(page, 'jobs-none')
  await page.getByRole('button', { name: '查看全部' }).click()
  await page.getByRole('list', { name: '后台任务' }).waitFor()
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
  const bound = page.getByRole('textbox', { name: '第 1 档上限' })
  await bound.waitFor()
  await look(page, 'bands')
  const was = await bound.inputValue()
  await bound.fill('20000')
  await page.getByRole('button', { name: '预览并发布' }).click()
  const dialog = page.getByRole('dialog', { name: '变动预览' })
  await dialog.getByRole('button', { name: /^发布（变动 [1-9]/ }).waitFor()
  await look(page, 'bands-preview')
  await dialog.getByRole('button', { name: '关闭' }).click()
  await page.getByRole('button', { name: '取消' }).click()
  assert.equal(await bound.inputValue(), was)
  await done(page)
})

test('people, tokens, jobs, trash and settings are finished pages, in both languages', async () => {
  for (const [path, heading] of [
    ['/people', '用户与权限'],
    ['/people?tab=roles', '用户与权限'],
    ['/people?tab=tokens', '用户与权限'],
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
  await page.getByRole('list', { name: '归类规则' }).getByRole('listitem').first().waitFor()
  await look(page, 'rules')
  await page.getByRole('list', { name: '归类规则' }).getByRole('listitem').first().getByRole('button').first().click()
  await page.getByRole('button', { name: /^发布（变动/ }).waitFor()
  await look(page, 'rule-editor')
  await page.getByRole('dialog').getByRole('button', { name: '关闭' }).click()
  await page.getByRole('tab', { name: '修订记录' }).click()
  await look(page, 'revisions')
  await page.goto(page.url().replace(/\/rules.*/, '/dimensions'))
  await page.getByRole('combobox', { name: '归类标准' }).waitFor()
  await look(page, 'dimensions')
  await done(page)
})

test('a standard is made that takes what the customer was on the day, and one by amounts', async () => {
  const page = await visit(b, '/dimensions')
  const dialog = page.getByRole('dialog', { name: '新建标准' })
  await page.getByRole('button', { name: '新建标准' }).click()
  await dialog.getByLabel('名称').fill('走查当时级别')
  await dialog.getByLabel('归类方式').selectOption('lookup')
  await dialog.getByLabel('取自').selectOption({ label: '客户 · 客户级别' })
  await dialog.getByLabel('取值时间').selectOption({ label: '单据日期' })
  await look(page, 'dimension-new')
  await dialog.getByRole('button', { name: '创建' }).click()
  await page.getByRole('heading', { name: '走查当时级别' }).waitFor()
  await page.getByText('取「单据日期」当日的值').waitFor()
  await page.getByRole('button', { name: '新建标准' }).click()
  await dialog.getByLabel('适用于').selectOption('order')
  await dialog.getByLabel('名称').fill('走查订单档')
  await dialog.getByLabel('归类方式').selectOption('bands')
  await dialog.getByLabel('分界').fill('10000，1000')
  await dialog.getByRole('button', { name: '创建' }).click()
  await dialog.getByRole('alert').first().waitFor()
  await dialog.getByLabel('分界').fill('1000，10000')
  await dialog.getByRole('button', { name: '创建' }).click()
  await page.getByRole('heading', { name: '走查订单档' }).waitFor()
  await done(page)
})
