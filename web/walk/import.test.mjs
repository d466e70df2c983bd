import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const mark = `导走查${Date.now() % 1000000}`
// Two good customers, one with a contact; two with one key; one without a name; one with a mail address that is none.
const table = `客户编号,名称,邮箱,联系人,联系人手机
${mark}-1,${mark}甲公司,a@example.com,王芳,13800000001
${mark}-2,${mark}乙公司,b@example.com,,
${mark}-2,${mark}又一公司,c@example.com,,
${mark}-3,,d@example.com,,
${mark}-4,${mark}丁公司,不是邮箱,,
`
const numbers = (page) =>
  page
    .locator('dl')
    .first()
    .evaluate((dl) => Object.fromEntries([...dl.children].map((x) => [x.children[0].textContent, Number(x.children[1].textContent)])))

/** The figures go up while the rows are gone through. */
const counted = async (page, want) => {
  for (let i = 0; i < 100 && (await numbers(page)).行数 !== want.行数; i++) await page.waitForTimeout(100)
  assert.deepEqual(await numbers(page), want)
}

test('a table with bad rows is mapped, tried, taken in, and taken back', async () => {
  const page = await visit(b, '/customers')
  await page.getByRole('button', { name: '导入与导出' }).click()
  await page.getByRole('menuitem', { name: '导入表格' }).click()
  await page.getByRole('heading', { name: '导入表格' }).waitFor()
  await look(page, 'import-start')
  await page.locator('main input[type=file]').setInputFiles({ name: `${mark}.csv`, mimeType: 'text/csv', buffer: Buffer.from(table) })

  // Where each column goes was found; a person says what is done with a cell that cannot be read.
  const goes = (name) => page.getByLabel(`${name} 对应的字段`, { exact: true })
  await page.getByRole('heading', { name: `${mark}.csv` }).waitFor()
  assert.equal(await goes('名称').inputValue(), 'name')
  assert.equal(await goes('联系人').inputValue(), 'contact.name')
  assert.equal(await goes('联系人手机').inputValue(), 'contact.phone')
  assert.equal(await page.getByLabel('按什么找到已有记录').inputValue(), 'number')
  await look(page, 'import-mapping')

  await page.getByRole('button', { name: '试运行' }).click()
  await page.getByText('试运行的结果，尚未写入任何内容。').waitFor()
  const want = { 行数: 5, 新建: 2, 更新: 0, 未变: 0, 拒绝: 2, 跳过: 1 }
  await counted(page, want)
  const count = async () => (await ask(page, 'POST', '/customers:count', { filter: { field: 'number', op: 'prefix', value: mark } })).count
  assert.equal(await count(), 0)
  await page.getByRole('button', { name: /邮箱：/ }).click()
  await page.getByText('不是邮箱', { exact: true }).last().waitFor()
  await look(page, 'import-tried')

  await page.getByRole('button', { name: '导入', exact: true }).click()
  await page.getByText('已导入').first().waitFor()
  await counted(page, want)
  assert.equal(await count(), 2)
  const contacts = async () =>
    (await ask(page, 'POST', '/contacts:query', { filter: { field: 'customer.number', op: 'prefix', value: mark } })).data.map(
      (c) => `${c.name} ${c.phone} ${c.customer.title}`,
    )
  assert.deepEqual(await contacts(), [`王芳 13800000001 ${mark}甲公司`])
  await look(page, 'import-done')

  // The rows that were not taken, in the file's own shape, with their reasons.
  const link = page.getByRole('link', { name: '下载被拒绝的行' })
  const id = new URL(page.url()).searchParams.get('id')
  assert.ok((await link.getAttribute('href')).endsWith(`/imports/${id}/rejects`))
  const rejects = (await ask(page, 'GET', `/imports/${id}/rejects?lang=zh-CN`)).text
  assert.match(rejects, /^\uFEFF?客户编号,名称,邮箱,联系人,联系人手机,/)
  assert.match(rejects, new RegExp(`${mark}-3,,d@example.com,.*必填`))
  assert.match(rejects, new RegExp(`${mark}-4,.*不是邮箱`))
  assert.ok(!rejects.includes(`${mark}-1`))

  await page.getByRole('button', { name: '撤销导入' }).click()
  await page.getByText('已撤销').first().waitFor()
  assert.equal(await count(), 0)
  assert.deepEqual(await contacts(), [])
  await look(page, 'import-undone')
  await done(page)
})

// MISSION T9: imports are a list as every other: searched, filtered, given out.
for (const width of [1440, 390])
  test(`imports are looked through as any list, at ${width}`, async () => {
    const page = await visit(b, '/imports', { width, theme: width < 768 ? 'light' : 'dark' })
    await page.getByText(`${mark}.csv`).first().waitFor()
    await page.getByRole('button', { name: '导入与导出' }).click()
    await page.getByRole('menuitem', { name: '导出 Excel' }).waitFor()
    await page.keyboard.press('Escape')
    if (width > 768) {
      const facets = page.getByRole('complementary', { name: '筛选' })
      await facets.getByLabel(/^客户/).first().check()
      await page.waitForURL(/picks=/)
      await page.getByText(`${mark}.csv`).first().waitFor()
    }
    await look(page, 'imports')
    await page.getByText(`${mark}.csv`).first().click()
    if (width > 768) await page.keyboard.press('Enter')
    await page.getByText('已撤销').first().waitFor()
    await look(page, 'import')
    await page.goBack()
    await page.getByRole('button', { name: '导入方案' }).waitFor()
    await page.getByText(`${mark}.csv`).first().waitFor()
    await done(page)
  })
