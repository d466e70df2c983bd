import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, browser, done, look, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

for (const width of [1440, 390])
  test(`something is said about a record, changed, taken back and brought back, at ${width}`, async () => {
    const page = await visit(b, '/customers', { width })
    const made = await ask(page, 'POST', '/customers', { name: `动态走查${Date.now()}` })
    await page.goto(new URL(`/customers?id=${made.id}&tab=talk`, page.url()).href)
    const box = page.getByLabel('写评论')
    await box.fill('请 ')
    await box.press('End')
    await box.pressSequentially('@')
    const people = page.getByRole('listbox', { name: '同事' })
    await people.getByRole('option').first().waitFor()
    await look(page, 'mention')
    await box.press('Escape')
    await people.waitFor({ state: 'detached' })
    await box.press('Backspace')
    await box.pressSequentially('@')
    const who = (await people.getByRole('option').first().innerText()).trim()
    await box.press('Enter')
    await box.pressSequentially('看看')
    // What was begun stays while the panel is open.
    await page.getByRole('tab', { name: '内容' }).click()
    await page.getByRole('tab', { name: '动态' }).click()
    assert.equal(await box.inputValue(), `请 @${who} 看看`)
    await box.press('Control+Enter')
    const said = page.getByRole('article')
    await said.getByText(`@${who}`, { exact: true }).waitFor()
    assert.equal(await box.inputValue(), '')
    const kept = await ask(page, 'GET', `/comments?about=customer&rec=${made.id}`)
    assert.equal(kept.data[0].mentions[0].title, who)
    await look(page, 'talk')
    // Another tab of the same person says something: it comes by itself.
    await ask(page, 'POST', '/comments', { about: 'customer', rec: made.id, body: '第二条' })
    await said.getByText('第二条').waitFor()
    await said.first().getByRole('button', { name: '编辑评论' }).click()
    await page.getByRole('textbox', { name: '编辑评论' }).fill('改过')
    await look(page, 'talk-edit')
    await page.getByRole('button', { name: '保存' }).click()
    await said.getByText('改过').waitFor()
    await said.first().getByRole('button', { name: '删除评论' }).click()
    await said.getByText('改过').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '撤销' }).first().click()
    await said.getByText('改过').waitFor()
    await done(page)
  })
