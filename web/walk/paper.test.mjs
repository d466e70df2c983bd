import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { browser, done, look, need, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

test('many files are handed in at once; what cannot be read says why', async () => {
  const page = await visit(b, '/receipts')
  const stamp = Date.now()
  const files = [0, 1, 2].map((i) => ({
    name: `走查-${stamp}-${i}.pdf`,
    mimeType: 'application/pdf',
    buffer: Buffer.from(`%PDF-1.4 broken ${stamp} ${i}`),
  }))
  files.push({ name: `走查-${stamp}-大.pdf`, mimeType: 'application/pdf', buffer: Buffer.alloc(3 << 20, `${stamp}`) })
  await page.locator('input[type=file]').setInputFiles(files)
  const tray = page.getByRole('complementary', { name: '上传列表' })
  await tray.getByText('已上传 4 个文件').waitFor({ timeout: 30_000 })
  await look(page, 'uploaded')
  const link = tray.getByRole('link', { name: '待核对' }).first()
  await link.waitFor({ timeout: 60_000 })
  await link.click()
  await page.getByRole('region', { name: '单据', exact: true }).waitFor()
  await look(page, 'queue-unread')
  await done(page)
})

test('an upload that a closed tab left goes on from where it was', async () => {
  const page = await visit(b, '/receipts')
  const name = `走查-续传-${Date.now()}.pdf`
  const body = Buffer.alloc(1 << 20, name)
  const left = await page.evaluate(async (name) => {
    const post = await fetch('/api/v1/uploads', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, size: 1 << 20 }),
    })
    return (await post.json()).id
  }, name)
  assert.ok(left)
  await page.reload()
  const tray = page.getByRole('complementary', { name: '上传列表' })
  await tray.getByRole('button', { name: '展开上传列表' }).click()
  await tray.getByText(name).waitFor()
  await look(page, 'unfinished')
  await page.locator('input[type=file]').setInputFiles([{ name, mimeType: 'application/pdf', buffer: body }])
  await tray.getByText('已上传 1 个文件').waitFor({ timeout: 30_000 })
  await done(page)
})

test('a doubtful paper is corrected beside its page with the keyboard alone, accepted, and undone', async () => {
  const page = await visit(b, '/receipts')
  // GUIKE_PAPER names a slip whose checks fail, so that it waits for a person.
  await page
    .locator('input[type=file]')
    .setInputFiles([{ name: `走查-存疑-${Date.now()}.pdf`, mimeType: 'application/pdf', buffer: readFileSync(need('GUIKE_PAPER')) }])
  const tray = page.getByRole('complementary', { name: '上传列表' })
  await tray
    .getByRole('link', { name: /待核对|已有此文件/ })
    .first()
    .waitFor({ timeout: 60_000 })
  await tray
    .getByRole('link', { name: /待核对|已有此文件/ })
    .first()
    .click()
  if (page.url().includes('/documents')) await page.getByRole('link', { name: '去核对' }).click()
  await page.waitForURL(/\/queue/)
  await page.reload() // a page opened by its address has its keys too
  const facts = page.getByRole('region', { name: '读出的内容' })
  const amount = facts.locator('#fact-amount')
  await amount.waitFor()
  await page.getByRole('img', { name: /第 \d+ 页/ }).waitFor()
  await look(page, 'queue')
  await amount.focus()
  await page.keyboard.press('e')
  await facts.locator('input#edit-amount').fill('88,888.80')
  await look(page, 'queue-edit')
  await page.keyboard.press('Enter')
  await amount.getByText('88,888.80').waitFor()
  await page.keyboard.press('Enter')
  await page.getByText(/^已确认/).waitFor()
  await page.keyboard.press('u')
  await amount.waitFor()
  await done(page)
})

test('a file that cannot be read leaves the queue for the trash, and comes back', async () => {
  const page = await visit(b, '/queue')
  const name = `走查-不可读-${Date.now()}.bin`
  const buffer = Buffer.concat([Buffer.alloc(64), Buffer.from(name)])
  await page.locator('input[type=file]').setInputFiles([{ name, mimeType: 'application/octet-stream', buffer }])
  await page.getByRole('complementary', { name: '上传列表' }).getByRole('link', { name: '待核对' }).click()
  await page.getByText('未能识别').waitFor()
  await page.keyboard.press('r')
  await page.getByText(`已移到回收站：${name}`).waitFor()
  await page.keyboard.press('u')
  await page.getByText('未能识别').waitFor()
  await page.getByText(name).first().waitFor()
  await done(page)
})

test('on a phone: the queue', async () => {
  const page = await visit(b, '/queue', { width: 390 })
  await page.getByRole('heading', { name: '待核对' }).waitFor()
  await page.waitForTimeout(800)
  await look(page, 'queue')
  await done(page)
})
