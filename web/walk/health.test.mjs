import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, done, look, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

for (const width of [1440, 390])
  test(`an administrator sees how the workspace fares, at ${width}`, async () => {
    const page = await visit(b, '/settings', { width })
    await page.getByRole('link', { name: '打开 运行状况' }).click()
    const checks = page.getByRole('region', { name: '检查' })
    await checks.getByRole('listitem').first().waitFor()
    for (const name of ['磁盘空间', '自动归类与提醒', '失败的任务', '备份']) await checks.getByRole('heading', { name }).waitFor()
    await page.getByRole('row', { name: /^回单 [\d,]+$/ }).waitFor()
    await page.getByRole('region', { name: '上限' }).getByText('单个文件').waitFor()
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
    await look(page, 'health')
    await done(page)
  })
