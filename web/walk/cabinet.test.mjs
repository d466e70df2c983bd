import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, rows, total, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
  // The demo's papers are read, then classified: drawers fill until the last is.
  const page = await visit(b, '/cabinet')
  const unread = { filter: { field: 'state', op: 'in', value: ['received'] } }
  await until('the papers are read', async () => (await ask(page, 'POST', '/documents:count', unread)).count === 0)
  await until('they are classified', async () => (await ask(page, 'GET', '/health')).followers.every((f) => f.behind === 0))
  await done(page)
})
after(() => b.close())

const tree = (page, name = '按事实分层') => page.getByRole('tree', { name })
const text = (name, words) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(words) })
/** Asks until it holds: work goes on behind the page. */
async function until(what, fn) {
  for (let i = 0; i < 960; i++) {
    if (await fn()) return
    await new Promise((r) => setTimeout(r, 250))
  }
  assert.fail(`it never came: ${what}`)
}
/** The list shows as many as the drawer says, whatever arrives meanwhile. */
const listed = (page, drawer) =>
  until(
    'the list shows what the drawer holds',
    async () => (await drawer.getAttribute('aria-selected')) === 'true' && (await total(page)) === (await held(drawer)),
  )
/** How many a drawer says that it holds. */
const held = async (drawer) => Number((await drawer.locator('.figures').first().innerText()).replace(/\D/g, ''))

test('drawers are made of what documents are, opened by keyboard, in an order of one’s own', async () => {
  const page = await visit(b, '/cabinet')
  const first = tree(page).locator('[role=treeitem]:not([aria-disabled])').first()
  await first.waitFor()
  await look(page, 'cabinet')
  await page.getByRole('button', { name: '全部文件' }).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await listed(page, first)
  await page.keyboard.press('ArrowRight')
  const below = first.locator('[role=treeitem]:not([aria-disabled])').first()
  await below.waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await listed(page, below)
  await look(page, 'cabinet-open')
  // The counts of a drawer's own add up to its.
  let sum = 0
  for (const x of await first.locator(':scope > ul > li').all()) sum += await held(x)
  assert.equal(sum, await held(first))
  // A link shows the same.
  const link = page.url()
  await page.reload()
  await listed(page, below)
  assert.equal(page.url(), link)

  await page.getByRole('button', { name: '调整层级' }).click()
  const dialog = page.getByRole('dialog', { name: '调整层级' })
  const name = `走查${Date.now()}`
  await dialog.getByLabel('名称').fill(name)
  await dialog.getByRole('button', { name: '去掉客户 › 首字母' }).click()
  await dialog.getByLabel('再加一层').selectOption({ label: '单据类型' })
  await dialog.getByRole('button', { name: '上移单据类型' }).click()
  await dialog.getByRole('button', { name: '上移单据类型' }).click()
  await look(page, 'cabinet-levels')
  await dialog.getByRole('button', { name: '保存' }).click()
  await tree(page)
    .getByRole('treeitem', { name: /银行回单/ })
    .first()
    .waitFor()
  assert.equal(await page.getByLabel('分层方式').locator('option:checked').innerText(), name)
  // It is his, wherever he looks from; and no view of the list.
  const again = await visit(b, '/cabinet')
  await again.getByLabel('分层方式').locator('option', { hasText: name }).waitFor({ state: 'attached' })
  await again.goto(`${url()}/documents`)
  await again.getByRole('button', { name: '全部' }).first().click()
  assert.equal(await again.getByText(name).count(), 0)
  await done(again)
  await done(page)
})

test('folders are made, filled by hand and by many, and never lie below themselves', async () => {
  const page = await visit(b, '/cabinet')
  await rows(page).first().waitFor()
  const own = tree(page, '自建文件夹')
  const folder = `合同夹${Date.now()}`
  await page.getByRole('button', { name: '新建文件夹' }).click()
  await page.getByRole('dialog').getByLabel('名称').fill(folder)
  await look(page, 'cabinet-folder')
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  const drawer = own.getByRole('treeitem', { name: new RegExp(folder) })
  await drawer.waitFor()
  await drawer.hover()
  await drawer.getByRole('button', { name: `「${folder}」的操作` }).click()
  await page.getByRole('menuitem', { name: '新建下级文件夹' }).click()
  await page.getByRole('dialog').getByLabel('名称').fill('二〇二六')
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  const inner = drawer.getByRole('treeitem', { name: /二〇二六/ })
  await inner.waitFor()

  // Below itself it cannot go, and is told so where it was asked.
  await drawer.hover()
  await drawer.getByRole('button', { name: `「${folder}」的操作` }).click()
  await page.getByRole('menuitem', { name: '移动到…' }).click()
  await page.getByRole('dialog').getByRole('combobox').fill('二〇二六')
  await page.getByRole('option', { name: '二〇二六' }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  await page.getByText('不能放在自己的下级里面').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  // One by its left end, the others by the bar of the chosen.
  await rows(page).nth(0).locator('[role=gridcell]').first().dragTo(drawer.locator('> div'))
  await page.getByText(`移入「${folder}」`).first().waitFor()
  await page.waitForFunction(
    (f) => [...document.querySelectorAll('[role=treeitem]')].some((x) => x.textContent.startsWith(`${f}1`)),
    folder,
  )
  for (const i of [1, 2]) await rows(page).nth(i).getByRole('checkbox').check()
  await page.getByRole('toolbar').getByRole('button', { name: '移入文件夹' }).click()
  await page.getByRole('dialog').getByRole('combobox').fill(folder)
  await page.getByRole('option', { name: folder }).first().click()
  await look(page, 'cabinet-move')
  await page.getByRole('dialog').getByRole('button', { name: '移入', exact: true }).click()
  await page.waitForFunction(
    (f) => [...document.querySelectorAll('[role=treeitem]')].some((x) => x.textContent.startsWith(`${f}3`)),
    folder,
  )
  await drawer.locator('> div').click()
  assert.equal(await total(page), 3)
  await look(page, 'cabinet-folders')

  // One that is not empty is not thrown away.
  await drawer.hover()
  await drawer.getByRole('button', { name: `「${folder}」的操作` }).click()
  await page.getByRole('menuitem', { name: '移到回收站' }).click()
  await page.getByText('里还有文件或下级文件夹').first().waitFor()
  await done(page)
})

test('what is missing is given, what is old renewed, what is open revoked', async () => {
  const page = await visit(b, '/cabinet/missing')
  const list = page.getByRole('list', { name: '缺少', exact: true })
  const line = list.getByRole('listitem').first()
  await line.waitFor()
  await look(page, 'missing')
  const customer = await line.getByRole('link').innerText()
  const { data } = await ask(page, 'GET', '/cabinet/missing')
  const lack = data.find((l) => l.customer.title === customer)
  assert.equal(lack.kinds[0].title, '基本资料')
  // A file is put to the customer as what is missing; then it is not.
  await line
    .locator('input[type=file]')
    .first()
    .setInputFiles(text(`登记${Date.now()}.txt`, `${customer} ${Date.now()}`))
  const papers = async () => (await ask(page, 'GET', `/customers/${lack.customer.id}/papers`)).data
  await until('the paper is there', async () => (await papers()).find((p) => p.kind.title === '基本资料').state === 'here')
  const paper = (await papers()).find((p) => p.kind.title === '基本资料')
  const after = (await ask(page, 'GET', '/cabinet/missing')).data.find((l) => l.customer.title === customer)
  assert.ok(!after?.kinds.some((k) => k.title === '基本资料'))

  // Two years later it is outdated, here and on the customer's own page.
  assert.equal((await ask(page, 'PATCH', `/documents/${paper.document.id}`, { dated_on: '2020-01-01' })).dated_on, '2020-01-01')
  await page.goto(`${url()}/cabinet/missing?list=outdated`)
  await page.getByRole('list', { name: '过期', exact: true }).getByText('2020-01-01，已超过 365 天').first().waitFor()
  await look(page, 'outdated')
  await page.goto(`${url()}/customers?id=${lack.customer.id}`)
  const section = page.getByRole('region', { name: '应有文件' })
  await section.getByText('过期').waitFor()
  await section.getByRole('button', { name: `上传新的基本资料（${customer}）` }).waitFor()
  await look(page, 'papers')

  // A contract that somebody shared is too open; revoked where it stands, it is no more.
  const kind = (await ask(page, 'GET', '/cabinet/checklist')).kinds.find((k) => k.title === '合同')
  assert.equal((await ask(page, 'POST', `/documents/${paper.document.id}/classify`, { set: { d_kind: kind.id } })).d_kind.id, kind.id)
  await ask(page, 'POST', '/shares', {
    about: 'document',
    rec: paper.document.id,
    receiver: '走查',
    expires_at: new Date(Date.now() + 90 * 86_400_000).toISOString(),
  })
  await page.goto(`${url()}/cabinet/missing?list=exposed`)
  const open = page.getByRole('list', { name: '过宽的分享' }).getByRole('listitem').filter({ hasText: '走查' })
  await open.getByText('保密类文件').waitFor()
  await open.getByText('期限过长').waitFor()
  await look(page, 'exposed')
  await open.getByRole('button', { name: /^收回/ }).click()
  await open.waitFor({ state: 'detached' })
  await done(page)
})

test('the checklist is changed, and what is missing with it', async () => {
  const page = await visit(b, '/cabinet/checklist')
  const tick = page.getByRole('checkbox', { name: '流失：反馈' })
  await tick.waitFor()
  await look(page, 'checklist')
  const before = (await ask(page, 'GET', '/cabinet/missing:count')).total
  await tick.check()
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('清单已保存').waitFor()
  await page.reload()
  assert.ok(await page.getByRole('checkbox', { name: '流失：反馈' }).isChecked())
  const grown = (await ask(page, 'GET', '/cabinet/missing:count')).total
  assert.ok(grown > before, `${grown} after ${before}`)
  await page.getByRole('checkbox', { name: '流失：反馈' }).uncheck()
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('清单已保存').first().waitFor()
  await done(page)
})

test('names are previewed, changed, and changed back with the template', async () => {
  const page = await visit(b, '/cabinet/naming')
  const input = page.getByRole('textbox', { name: '命名规则' })
  await input.waitFor()
  const was = await input.inputValue()
  await input.fill('{nothing}')
  await page.getByText(/命名/).first().waitFor()
  await page.waitForFunction(() => document.querySelector('input[aria-invalid=true]'))
  await input.fill('{month}/{type}_{number}')
  await page.getByRole('button', { name: '预览全部' }).click()
  await page.getByText(/份会改名/).waitFor()
  await look(page, 'naming')
  await page.getByRole('button', { name: '按此规则重命名全部' }).click()
  await page
    .getByText(/已改名/)
    .first()
    .waitFor({ timeout: 60_000 })
  const one = (await ask(page, 'POST', '/documents:query', { filter: { field: 'paper', op: 'eq', value: 'slip' }, limit: 1 })).data[0]
  assert.match(one.path, /^\d{4}-\d\d\/回单_/)
  await page.getByRole('button', { name: '撤回' }).first().click()
  await until('the template is back', async () => (await ask(page, 'GET', '/settings')).naming === was)
  const back = await ask(page, 'GET', `/documents/${one.id}`)
  assert.notEqual(back.path, one.path)
  await done(page)
})

test('what is due goes by a person’s hand, and not what is held', async () => {
  const page = await visit(b, '/cabinet/retention')
  await page.getByLabel('发票的保管年数').fill('1')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('保管期限已保存').waitFor()
  const due = page.getByRole('list', { name: '到期可清理' })
  await due.getByRole('listitem').first().waitFor()
  await look(page, 'retention')
  const { data } = await ask(page, 'GET', '/cabinet/due')
  const [first, second] = data
  await page.goto(`${url()}/documents?id=${first.document.id}`)
  await page.getByRole('button', { name: '设保全' }).click()
  const dialog = page.getByRole('dialog', { name: '设保全' })
  await dialog.getByLabel('原因').fill('诉讼中')
  await look(page, 'hold')
  await dialog.getByRole('button', { name: '设保全' }).click()
  await page.getByText('保全中：诉讼中').waitFor()
  await look(page, 'held')
  // In the trash it stays.
  await ask(page, 'DELETE', `/documents/${first.document.id}`)
  assert.equal((await ask(page, 'POST', `/documents/${first.document.id}/purge`)).code, 'conflict')
  await ask(page, 'POST', `/documents/${first.document.id}/restore`)

  await page.goto(`${url()}/cabinet/retention`)
  await page.getByRole('checkbox', { name: `选中 ${second.document.title}` }).check()
  await page.getByRole('button', { name: '移入回收站（1）' }).click()
  await page.getByText(/已将 1 条移到回收站/).waitFor()
  await page.getByRole('link', { name: second.document.title }).waitFor({ state: 'detached' })
  assert.equal(await page.getByRole('list', { name: '到期可清理' }).getByRole('link', { name: first.document.title }).count(), 0)
  await page.getByRole('button', { name: `解除「${first.document.title}」的保全` }).click()
  await page.getByText('已解除保全').waitFor()
  await done(page)
})

test('on a phone the drawers open over the list, and every page of the cabinet fits', async () => {
  const page = await visit(b, '/cabinet', { width: 390 })
  await page.getByRole('button', { name: '文件柜的层级' }).click()
  const dialog = page.getByRole('dialog', { name: '文件柜的层级' })
  await dialog.getByLabel('分层方式').selectOption('kinds')
  await dialog.getByRole('treeitem').first().waitFor()
  await look(page, 'cabinet-drawers')
  const drawer = dialog.getByRole('treeitem').first()
  const n = await held(drawer)
  await drawer.locator('> div').click({ position: { x: 120, y: 20 } })
  await dialog.waitFor({ state: 'detached' })
  assert.equal(await total(page), n)
  await look(page, 'cabinet')
  for (const place of ['missing', 'checklist', 'naming', 'retention']) {
    await page.goto(`${url()}/cabinet/${place}`)
    await page.getByRole('navigation', { name: '文件柜' }).waitFor()
    await page.waitForLoadState('networkidle').catch(() => {})
    await page.waitForTimeout(600)
    await look(page, `cabinet-${place}`)
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
  }
  await done(page)
})

test('it speaks English too', async () => {
  const page = await visit(b, '/cabinet/missing', { language: 'en' })
  await page.getByText('Missing').first().waitFor()
  await look(page, 'missing-en')
  await done(page)
})
