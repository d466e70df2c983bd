import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, done, look, rows, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

async function addField(page, name, fill) {
  await page.getByRole('button', { name: '添加字段' }).first().click()
  const dialog = page.getByRole('dialog', { name: '添加字段' })
  await dialog.getByLabel('名称').fill(name)
  await fill(dialog)
  await dialog.getByRole('button', { name: '添加', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('main').getByRole('listitem').filter({ hasText: name }).first().waitFor()
}

test('a kind and its fields are added, and a record of it is filled in', async () => {
  const page = await visit(b, '/shape')
  await page.getByRole('heading', { name: '字段与对象' }).waitFor()
  await page.getByRole('button', { name: '新建对象' }).click()
  const title = `走查设备${Date.now() % 100000}`
  await page.getByRole('dialog', { name: '新建对象' }).getByLabel('名称').fill(title)
  await page.getByRole('dialog', { name: '新建对象' }).getByRole('radio', { name: '工具' }).check({ force: true })
  await look(page, 'kind-new')
  await page.getByRole('dialog', { name: '新建对象' }).getByRole('button', { name: '创建' }).click()
  await page.getByRole('heading', { name: title, exact: true }).waitFor()
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: title }).waitFor()

  await addField(page, '单价', async (d) => {
    await d.getByText('金额', { exact: true }).click()
    await d.getByLabel('默认值').fill('12.50')
  })
  await addField(page, '数量', (d) => d.getByText('整数', { exact: true }).click())
  await addField(page, '状况', async (d) => {
    await d.getByText('多选', { exact: true }).click()
    await d.getByLabel('选项 1', { exact: true }).fill('在用')
    await page.keyboard.press('Enter')
    await d.getByLabel('选项 2', { exact: true }).fill('送修')
    await d.getByLabel('填写说明').fill('可选几项')
    await look(page, 'field-choices')
  })
  await addField(page, '编号', async (d) => {
    await d.getByLabel('格式（正则表达式）').fill('[A-Z]{2}\\d{3}')
    await d.getByLabel('格式提示').fill('两个字母加三位数字')
    await d.getByLabel('按条件必填').check()
    await d.getByRole('button', { name: '添加条件', exact: true }).click()
    await d.getByLabel('字段', { exact: true }).selectOption({ label: '状况' })
    await d.getByRole('group', { name: '值' }).getByRole('button', { name: '在用' }).click()
    await look(page, 'field-required')
  })
  await addField(page, '总价', async (d) => {
    await d.getByText('金额', { exact: true }).click()
    await d.getByLabel('由公式计算').check()
    await d.getByRole('textbox', { name: '公式' }).fill('x_danjia * nothing')
    await d.getByText('公式中没有此字段：nothing').waitFor()
    await d.getByRole('textbox', { name: '公式' }).fill('x_danjia * x_shuliang')
    await look(page, 'field-formula')
  })
  await page.getByRole('button', { name: '上移 状况' }).click()
  await page.getByRole('region', { name: '未分组' }).getByRole('listitem').nth(2).filter({ hasText: '状况' }).waitFor()
  await look(page, 'shape')

  // Somebody else renames it, meanwhile: menus follow.
  const plural = await page.getByRole('link', { name: '打开列表' }).getAttribute('href')
  const status = await page.evaluate(
    async ([base, kind]) => {
      const o = { method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json' }, body: '{"label":"单价（元）"}' }
      return (await fetch(`${base}/api/v1/kinds/${kind}/fields/x_danjia`, o)).status
    },
    [url(), plural.slice(1, -1)],
  )
  assert.ok(status < 300, `${status}`)
  await page.getByRole('region', { name: '未分组' }).getByText('单价（元）').waitFor()

  await page.getByRole('button', { name: '停用 数量' }).click()
  await page.getByText('已停用：数量').waitFor()
  await page.getByRole('button', { name: '撤销' }).click()
  await page.getByText('已恢复：数量').waitFor()

  await page.getByRole('button', { name: '编辑 状况' }).click()
  const editor = page.getByRole('dialog', { name: '编辑字段：状况' })
  await editor.getByRole('button', { name: '停用选项 送修' }).click()
  await look(page, 'field-options')
  await editor.getByRole('button', { name: '保存' }).click()
  await page.getByText('已保存字段：状况').waitFor()

  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: title }).click()
  await page
    .getByRole('button', { name: `新建${title}` })
    .first()
    .waitFor()
  await page.keyboard.press('n')
  await page.getByRole('textbox', { name: '名称' }).fill('一号机')
  await page.getByRole('button', { name: '在用' }).click()
  assert.equal(await page.getByRole('button', { name: '送修' }).count(), 0)
  await page.getByRole('button', { name: '创建' }).click()
  await page.getByText('必填').waitFor()
  await page.getByLabel('编号').fill('x1')
  await page.getByRole('button', { name: '创建' }).click()
  await page.getByText('两个字母加三位数字').waitFor()
  await look(page, 'custom-form')
  await page.getByLabel('编号').fill('AB123')
  await page.getByRole('textbox', { name: '数量' }).fill('4')
  await page.getByRole('button', { name: '创建' }).click()
  await page.getByRole('heading', { name: '一号机' }).waitFor()
  await page.locator('dd', { hasText: '50.00' }).waitFor()
  await page.locator('dd', { hasText: 'AB123' }).waitFor()
  await page.locator('dd', { hasText: '在用' }).waitFor()
  await rows(page).filter({ hasText: '一号机' }).waitFor()
  await look(page, 'custom-record')

  await page.goto(page.url().replace(/\/x_[^?]*.*/, '/shape'))
  await page.getByRole('navigation', { name: '对象' }).getByRole('button', { name: title }).click()
  await page.getByRole('button', { name: `${title} 的操作` }).click()
  await page.getByRole('menuitem', { name: '停用' }).click()
  await page.getByText(`${title} 已停用`, { exact: true }).waitFor()
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: title }).waitFor({ state: 'detached' })
  await look(page, 'kind-off')
  await done(page)
})

test('on a phone: fields and objects', async () => {
  const page = await visit(b, '/shape?kind=case', { width: 390 })
  await page.getByRole('heading', { name: '案件' }).waitFor()
  await look(page, 'shape')
  await page.getByRole('region', { name: '未分组' }).getByRole('button').first().click()
  await page.getByRole('dialog').waitFor()
  await look(page, 'field-edit')
  await done(page)
})
