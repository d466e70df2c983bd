import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

/** A port of this machine where nobody listens. */
const nobody = () =>
  new Promise((tell) => {
    const s = createServer().listen(0, '127.0.0.1', () => {
      const { port } = s.address()
      s.close(() => tell(port))
    })
  })

for (const width of [1440, 390])
  test(`a mailbox that cannot be reached says so before it is kept, at ${width}`, async () => {
    const page = await visit(b, '/mailboxes', { width })
    await page.getByRole('button', { name: '添加邮箱' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('IMAP 服务器').fill('imap.example.com')
    await dialog.getByRole('textbox', { name: '账号', exact: true }).fill('huidan@example.com')
    await dialog.getByLabel('密码或授权码').fill('secret')
    await dialog.getByLabel('加密').selectOption('none')
    assert.equal(await dialog.getByLabel('端口').inputValue(), '143')
    await dialog.getByRole('button', { name: '测试连接' }).click()
    await dialog.getByText('不加密的连接只允许连本机').first().waitFor()
    await dialog.getByLabel('IMAP 服务器').fill('127.0.0.1')
    await dialog.getByLabel('端口').fill(String(await nobody()))
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.getByText('连不上邮件服务器').waitFor()
    await look(page, 'mailbox-wrong')
    assert.deepEqual((await ask(page, 'POST', '/mailboxes:query', {})).data, [])
    await dialog.getByRole('button', { name: '取消' }).click()
    await look(page, 'mailbox-none')

    // One that stops answering later stands there with what is wrong, and can be paused and removed.
    const made = await ask(page, 'POST', '/mailboxes', {
      name: `走查${width}`,
      host: '127.0.0.1',
      port: await nobody(),
      security: 'none',
      login: 'x',
      password: 'secret',
    })
    assert.ok(made.id)
    await page.getByText('连接失败').waitFor()
    await look(page, 'mailbox-failing')
    await page.getByRole('button', { name: '暂停' }).click()
    await page.getByText('已暂停', { exact: true }).waitFor()
    await page.getByRole('button', { name: '移除' }).click()
    await page.getByText('还没有收件邮箱').waitFor()
    const kept = await ask(page, 'GET', `/mailboxes/${made.id}`)
    assert.equal(kept.password, undefined)
    await done(page)
  })
