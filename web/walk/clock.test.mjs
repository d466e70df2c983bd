import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

test('a backup is made by the clock, run at once, turned off and deleted', async () => {
  const page = await visit(b, '/jobs')
  await page.getByRole('tab', { name: '计划任务' }).click()
  await page.getByRole('button', { name: '新建计划' }).click()
  const dialog = page.getByRole('dialog', { name: '新建计划' })
  const name = `走查备份${Date.now() % 100000}`
  await dialog.getByLabel('保留份数').fill('1')
  await dialog.getByRole('button', { name: '每周' }).click()
  await dialog.getByRole('button', { name: '五', exact: true }).click()
  await dialog.getByLabel('时间').fill('430')
  await dialog.getByLabel('名称').fill(name)
  await dialog.getByText(/^接下来：.* 04:30/).waitFor()
  await look(page, 'schedule-new')
  await dialog.getByRole('button', { name: '创建' }).click()
  const line = page.getByRole('list', { name: '计划任务' }).getByRole('listitem').filter({ hasText: name })
  await line.getByText('每周一、五 04:30').waitFor()
  await line.getByRole('button', { name: `立即执行 ${name}` }).click()
  await line.getByText('完成').waitFor({ timeout: 60_000 })
  const file = line.getByRole('link', { name: /^下载 guike-.*\.zip / })
  const got = await page.evaluate(
    async (at) => {
      const r = await fetch(at)
      return { status: r.status, head: new TextDecoder().decode((await r.arrayBuffer()).slice(0, 2)) }
    },
    await file.getAttribute('href'),
  )
  assert.deepEqual(got, { status: 200, head: 'PK' })
  await line.getByRole('checkbox').click()
  await line.getByText('已停用').waitFor()
  // What fades out while it is looked at has the contrast of no state.
  await page.getByText(`已开始：${name}`).waitFor({ state: 'detached' })
  await look(page, 'schedules')
  await line.getByRole('button', { name: `删除 ${name}` }).click()
  await page.getByRole('dialog', { name: '删除这个计划？' }).getByRole('button', { name: '删除' }).click()
  await line.waitFor({ state: 'detached' })
  await done(page)
})

test('what a list shows is exported by the clock', async () => {
  const page = await visit(b, `/customers?q=${encodeURIComponent('贸易')}`)
  await page.getByRole('button', { name: '导入与导出' }).click()
  await page.getByRole('menuitem', { name: '定时导出…' }).click()
  const dialog = page.getByRole('dialog', { name: '新建计划' })
  await dialog.getByText('搜索：贸易').waitFor()
  await look(page, 'schedule-export')
  await dialog.getByRole('button', { name: '创建' }).click()
  await dialog.waitFor({ state: 'detached' })
  const { data } = await ask(page, 'GET', '/schedules')
  const made = data.at(-1)
  assert.deepEqual([made.work, made.args.kind, made.args.q], ['export', 'customer', '贸易'])
  await ask(page, 'DELETE', `/schedules/${made.id}`)
  await done(page)
})

test('a role names kinds, and is looked at on a phone', async () => {
  const page = await visit(b, '/people?tab=roles')
  await page.getByRole('button', { name: '新建角色' }).click()
  const dialog = page.getByRole('dialog', { name: '新建角色' })
  const name = `走查角色${Date.now() % 100000}`
  await dialog.getByLabel('名称').fill(name)
  await dialog.getByLabel('单独设置一个类型…').selectOption({ label: '订单' })
  await dialog.getByLabel('修改：订单').selectOption({ label: '本部门' })
  await dialog.getByLabel('查看：其他类型').selectOption({ label: '本部门' })
  for (const field of ['电话', '邮箱']) {
    await dialog.getByLabel('选择类型…').selectOption({ label: '客户' })
    await dialog.getByLabel('再隐藏一个字段…').selectOption({ label: field })
  }
  await dialog.getByRole('button', { name: '恢复显示 客户：邮箱' }).click()
  await look(page, 'role-new')
  await dialog.getByRole('button', { name: '创建' }).click()
  const line = page.getByRole('list', { name: '角色' }).getByRole('listitem').filter({ hasText: name })
  await line.waitFor()
  const all = (await ask(page, 'GET', '/roles?limit=200')).data
  const { grants } = await ask(page, 'GET', `/roles/${all.find((r) => r.label === name).id}`)
  assert.deepEqual(grants.masked, { customer: ['phone'] })
  assert.deepEqual([grants.kinds.order.read, grants.kinds.order.update, grants.kinds['*'].read], ['all', 'department', 'department'])
  const phone = await visit(b, '/people?tab=roles', { width: 390 })
  await phone.getByRole('button', { name: `修改 ${name}` }).click()
  await phone.getByLabel('修改：订单').waitFor()
  await look(phone, 'role')
  await done(phone)
  await line.getByRole('button', { name: `删除 ${name}` }).click()
  await page.getByRole('dialog', { name: '删除这个角色？' }).getByRole('button', { name: '删除' }).click()
  await line.waitFor({ state: 'detached' })
  await done(page)
})
