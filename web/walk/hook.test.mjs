import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

/** One delivery, signed as the other system would (Standard Webhooks 1.0). */
async function push(address, secret, id, body) {
  const at = String(Math.floor(Date.now() / 1000))
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const sign = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
  const r = await fetch(url() + new URL(address).pathname, {
    method: 'POST',
    headers: { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${sign}` },
    body,
  })
  return r.status
}

for (const width of [1440, 390])
  test(`an address is made, fed, mended and ended, at ${width}`, async () => {
    const page = await visit(b, '/settings', { width })
    await page.locator('a[href="/hooks"]').first().click()
    await page.getByText('还没有接收地址').waitFor()
    await look(page, 'hook-none')
    await page.getByRole('button', { name: '添加接收地址' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('名称').fill(`商城${width}`)
    await dialog.getByLabel('记录类型').selectOption('order')
    await look(page, 'hook-new')
    await dialog.getByRole('button', { name: '创建' }).click()
    await dialog.getByText('密钥只显示这一次').waitFor()
    const address = await dialog.getByLabel('接收地址').first().inputValue()
    const secret = await dialog.getByLabel('密钥', { exact: true }).inputValue()
    assert.match(secret, /^whsec_/)
    assert.match(await dialog.getByRole('textbox', { name: '签名示例' }).inputValue(), /openssl/)
    await look(page, 'hook-secret')
    await dialog.getByRole('button', { name: '已保存' }).click()

    // A wrong signature leaves nothing behind; a right one is told with what became of it.
    await page.getByText('还没有收到推送').waitFor()
    assert.equal(await push(address, 'whsec_AAAA', 'msg_0', '{"number":"X"}'), 401)
    // Of a form of its own: what one walk mapped, the next would find known.
    const body = (no) => JSON.stringify({ no, [`buyer${width}`]: '走查商贸', total: '1200.00' })
    assert.equal(await push(address, secret, 'msg_1', body(`WALK-${width}`)), 202)
    assert.equal(await push(address, secret, 'msg_1', body(`WALK-${width}`)), 202)
    await page.getByText('列还没有对应到字段').waitFor()
    assert.equal(await page.getByText('列还没有对应到字段').count(), 1)
    await page.getByRole('button', { name: /待对应列.*B/ }).click()
    await page.getByRole('region', { name: '推送内容' }).waitFor()
    await look(page, 'hook-mapping')
    // Mapped and run once, the same form comes in by itself.
    const list = await ask(page, 'GET', `/hooks/${address.split('/').pop()}/deliveries`)
    const imp = list.data[0].import
    await page.getByRole('link', { name: '对应列' }).click()
    await page.waitForURL(`**/imports?id=${imp}`)
    const { mapping } = await ask(page, 'GET', `/imports/${imp}/proposal`)
    const to = { no: 'number', [`buyer${width}`]: '+note', total: 'amount' }
    for (const c of mapping.columns) c.field = to[c.name]
    Object.assign(mapping, { key: 'number', mode: 'upsert' })
    assert.equal((await ask(page, 'PATCH', `/imports/${imp}`, mapping)).status, 200)
    assert.equal((await ask(page, 'POST', `/imports/${imp}/run`)).status, 202)
    await page.goBack()
    await page.getByRole('button', { name: /已收下.*1 行/ }).waitFor()
    assert.equal(await push(address, secret, 'msg_2', body(`WALK-${width}-2`)), 202)
    await page
      .getByRole('button', { name: /已收下.*1 行/ })
      .nth(1)
      .waitFor()
    // What the rows lack is said, and can be tried again.
    assert.equal(await push(address, secret, 'msg_3', JSON.stringify({ no: 'N', [`buyer${width}`]: 'x', total: 'abc' })), 202)
    await page.getByRole('button', { name: /^.*拒收.*拒收 1/ }).click()
    await page.getByText(/total.*不是金额/).waitFor()
    await look(page, 'hook-deliveries')
    await page.getByRole('button', { name: '重试' }).click()
    await page.getByText('已重新处理').waitFor()
    await page.getByRole('button', { name: /^.*拒收.*拒收 1/ }).waitFor()
    await page.getByRole('group', { name: '结果' }).getByRole('button', { name: '拒收', exact: true }).click()
    await page
      .getByRole('button', { name: '从记录中移除' })
      .or(page.getByRole('button', { name: /拒收 1/ }))
      .first()
      .click()
    await page.getByRole('button', { name: '从记录中移除' }).click()
    await page.getByText('没有这样的推送').waitFor()

    // A test judges and writes nothing.
    await page.getByRole('group', { name: '结果' }).getByRole('button', { name: '全部' }).click()
    await page.getByRole('button', { name: '试推一次' }).first().click()
    await page.getByRole('dialog').getByLabel('推送内容').fill('{')
    await page.getByRole('dialog').getByRole('button', { name: '推送', exact: true }).click()
    await page.getByText('不是有效的 JSON').first().waitFor()
    await look(page, 'hook-try')
    await page.getByRole('dialog').getByLabel('推送内容').fill(body('WALK-T'))
    await page.getByRole('dialog').getByRole('button', { name: '推送', exact: true }).click()
    await page.getByRole('button', { name: /已检查/ }).waitFor()
    const none = await ask(page, 'POST', '/orders:query', { filter: { field: 'number', op: 'eq', value: 'WALK-T' } })
    assert.deepEqual(none.data, [])

    await page.getByRole('button', { name: '暂停' }).click()
    await page.getByText('已暂停', { exact: true }).waitFor()
    assert.equal(await push(address, secret, 'msg_4', body('P')), 503)
    await page.getByRole('button', { name: '继续' }).click()
    await page.getByRole('button', { name: '暂停' }).waitFor()
    await page.getByRole('button', { name: '更换密钥' }).click()
    await look(page, 'hook-rotate')
    await page.getByRole('dialog').getByRole('button', { name: '更换密钥' }).click()
    await page.getByText('密钥已更换').waitFor()
    assert.equal(await push(address, secret, 'msg_5', body('R')), 401)
    await page.getByRole('dialog').getByRole('button', { name: '已保存' }).click()
    await page.getByRole('button', { name: '移除', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: '移除', exact: true }).click()
    await page.getByText('还没有接收地址').waitFor()
    await done(page)
  })
