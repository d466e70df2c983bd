import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, open, rows, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

/** Somebody outside: a browser that never logged in. */
async function guest(width, language = 'zh-CN') {
  const context = await b.newContext({ viewport: { width, height: 844 }, locale: language, acceptDownloads: true })
  const page = await context.newPage()
  page.wrong = []
  page.on('pageerror', (e) => page.wrong.push(String(e)))
  page.on('console', (m) => {
    if (m.type() === 'error' && !m.text().startsWith('Failed to load resource')) page.wrong.push(m.text())
  })
  return page
}

/** The newest receipt with a picture of its own. */
async function withPaper(page) {
  const list = await ask(page, 'POST', '/receipts:query', { filter: { not: { field: 'document', op: 'empty' } }, limit: 20 })
  for (const r of list.data) {
    const about = await ask(page, 'GET', `/shares:about?about=receipt&rec=${r.id}`)
    if (about.pages > 0 && about.original) return r
  }
  assert.fail('no receipt has a picture')
}

for (const width of [1440, 390])
  test(`a receipt is shared while the customer is on the phone, seen by him, and ended, at ${width}`, async () => {
    const page = await visit(b, '/receipts', { width })
    const receipt = await withPaper(page)
    await page.goto(`${url()}/receipts?id=${receipt.id}`)
    await page.getByRole('button', { name: '分享给外部' }).waitFor()
    await page.keyboard.press('s')
    const dialog = page.getByRole('dialog', { name: '分享给外部' })
    await dialog.getByLabel('发给谁').fill('张三丰')
    await dialog.getByLabel('查看密码').fill('2468')
    await dialog.getByLabel('可查看次数').selectOption('1')
    await look(page, 'share-dialog')
    await dialog.getByRole('button', { name: '生成链接' }).click()
    const link = await dialog.getByRole('textbox', { name: '分享链接' }).inputValue()
    assert.match(link, /\/s\/[\w-]{32}$/)
    await dialog.getByText('张三丰').first().waitFor()
    await look(page, 'share-made')

    const other = await guest(390)
    await other.goto(link)
    await other.getByText('发给 张三丰').waitFor()
    await look(other, 'share-gate')
    await other.getByLabel('查看密码').fill('1111')
    await other.getByRole('button', { name: '查看' }).click()
    await other.getByRole('alert').waitFor()
    await look(other, 'share-wrong')
    await other.getByLabel('查看密码').fill('2468')
    await other.getByRole('button', { name: '查看' }).click()
    await other
      .getByText(receipt.amount.amount.replace(/\B(?=(\d{3})+\.)/g, ','))
      .first()
      .waitFor()
    const picture = other.getByRole('img').first()
    await picture.waitFor()
    await other.waitForFunction(() => [...document.images].every((i) => i.complete && i.naturalWidth > 300))
    await look(other, 'share-seen')
    // Wider than the screen is nothing.
    assert.equal(await other.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
    assert.equal(await other.getByRole('link', { name: /下载原件/ }).count(), 0)

    // Its one opening is used: somebody else comes too late, and is told so in his language.
    const late = await guest(390, 'en-US')
    assert.equal((await late.goto(link)).status(), 410)
    await late.getByText('opened as often as it may be').waitFor()
    await look(late, 'share-used')
    await done(late)

    await page.goto(`${url()}/shares?state=all`)
    const line = page.getByRole('listitem').filter({ hasText: '张三丰' }).first()
    await line.getByText('查看 1 / 1 次').waitFor()
    await line.getByRole('button', { name: '张三丰 的查看记录' }).click()
    await line.getByText('密码不对').waitFor()
    await look(page, 'shares')

    // A second link, revoked from the list of all: dead at once for who is looking.
    const made = await ask(page, 'POST', '/shares', { about: 'receipt', rec: receipt.id, receiver: `走查${width}`, original: true })
    await other.goto(new URL(made.link, url()).href)
    await other.getByRole('button', { name: '查看' }).click()
    const [file] = await Promise.all([other.waitForEvent('download'), other.getByRole('link', { name: /下载原件/ }).click()])
    assert.ok((await file.path()).length > 0)
    await page.goto(`${url()}/shares?q=${encodeURIComponent(`走查${width}`)}`)
    await page.getByRole('button', { name: `收回给 走查${width} 的链接` }).click()
    await page.getByText('已收回，链接立即失效').waitFor()
    assert.equal((await other.reload()).status(), 410)
    await other.getByText('发送人已收回这个链接。').waitFor()
    await look(other, 'share-revoked')
    await done(other)
    await done(page)
  })

test('the facts go by mail or chat, and a record and chosen rows onto paper', async () => {
  const page = await visit(b, '/receipts')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const receipt = await withPaper(page)
  await page.goto(`${url()}/receipts?id=${receipt.id}`)
  await page.getByRole('button', { name: '分享给外部' }).click()
  const dialog = page.getByRole('dialog', { name: '分享给外部' })
  await dialog.getByRole('button', { name: '复制文字（微信）' }).click()
  await page.getByText('已复制').first().waitFor()
  const words = await page.evaluate(() => navigator.clipboard.readText())
  assert.match(words, /金额：/)
  assert.doesNotMatch(words, /负责人/)
  const draft = await ask(page, 'POST', '/drafts:mail', { about: 'receipt', rec: receipt.id, subject: '回单', body: words, original: true })
  assert.equal(draft.status, 200)
  assert.match(draft.text, /^X-Unsent: 1\r\n/)
  assert.match(draft.text, /Content-Disposition: attachment/)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })

  await page.evaluate(() => {
    window.print = () => {
      window.printed = (window.printed ?? 0) + 1
    }
  })
  await page.keyboard.press('p')
  await page.getByRole('article').waitFor()
  await page.waitForFunction(() => window.printed === 1)
  await look(page, 'print-record')
  await page.getByRole('button', { name: '返回' }).click()

  await page.goto(`${url()}/receipts`)
  await rows(page).first().waitFor()
  for (const i of [0, 1, 2]) await rows(page).nth(i).getByRole('checkbox').check()
  await page.evaluate(() => {
    window.print = () => {
      window.printed = (window.printed ?? 0) + 1
    }
  })
  await page.getByRole('toolbar').getByRole('button', { name: '打印列表' }).click()
  await page.waitForFunction(() => window.printed === 1)
  assert.equal(await page.locator('tbody tr').count(), 3)
  await look(page, 'print-rows')
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.getByRole('button', { name: '返回' }).isVisible(), false)
  await done(page)
})

test('who may not share is offered no button', async () => {
  const page = await visit(b, '/receipts')
  const login = `looker${Date.now()}`
  await ask(page, 'POST', '/users', { name: '只看', login, password: 'only-looking-2026', role: 'viewer' })
  const viewer = await visit(b, '/receipts', { as: { login, password: 'only-looking-2026' } })
  await rows(viewer).first().waitFor()
  await open(viewer, 0)
  await viewer.getByRole('button', { name: '打印', exact: true }).waitFor()
  assert.equal(await viewer.getByRole('button', { name: '分享给外部' }).count(), 0)
  await done(viewer)
  await done(page)
})
