import { after, before, test } from 'node:test'
import { ask, browser, done, look, url, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

for (const width of [1440, 390])
  test(`profiles of imports are looked at, renamed and forgotten, at ${width}`, async () => {
    const page = await visit(b, '/imports', { width })
    const mine = `渠道表 ${width}`
    const { proposal, id } = await page.evaluate(
      async ([base, text]) => {
        const r = await fetch(`${base}/api/v1/imports?kind=customer&name=a.csv`, { method: 'POST', body: text })
        const x = await r.json()
        return { proposal: x.mapping, id: x.import.id }
      },
      [url(), `渠道名称,联系电话\n渠道商 ${width},1380000${width}\n`],
    )
    const columns = proposal.columns.map((c, i) => ({ ...c, field: i === 0 ? 'name' : c.field }))
    await ask(page, 'PATCH', `/imports/${id}`, { ...proposal, columns, key: 'name', mode: 'upsert', profile: mine })
    await ask(page, 'POST', `/imports/${id}/run`)
    for (let n = 0; (await ask(page, 'GET', `/imports/${id}`)).state !== 'done' && n < 100; n++) await page.waitForTimeout(200)

    await page.getByRole('button', { name: '导入方案' }).click()
    const dialog = page.getByRole('dialog', { name: '导入方案' })
    await dialog.getByText('淘宝 / 天猫').waitFor()
    await dialog.getByText(mine).click()
    await dialog.getByText('按“名称”找到同一条记录').waitFor()
    await look(page, 'profiles')
    await dialog.getByRole('button', { name: '改名' }).click()
    const rename = page.getByRole('dialog', { name: '改名' })
    await rename.getByLabel('新名称').fill(`${mine} 改`)
    await look(page, 'profile-rename')
    await page.keyboard.press('Enter')
    await dialog.getByText(`${mine} 改`).click()
    await dialog.getByRole('button', { name: '忘掉' }).click()
    await page.getByRole('dialog', { name: '忘掉' }).getByRole('button', { name: '忘掉' }).click()
    await dialog.getByText('淘宝 / 天猫').waitFor()
    await dialog.getByText(`${mine} 改`).waitFor({ state: 'detached' })
    await done(page)
  })
