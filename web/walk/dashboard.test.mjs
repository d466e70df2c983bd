import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, done, look, rows, soon, total, visit } from './lib.mjs'

let b
before(async () => {
  b = await browser()
})
after(() => b.close())

const tiles = (page) => page.locator('main li[class*="row-span"]')
const names = (page) => tiles(page).locator('h2').allInnerTexts()

test('the first dashboard shows figures, each the way to its rows', async () => {
  const page = await visit(b, '/dashboards')
  await page.locator('canvas').nth(2).waitFor()
  await page.getByRole('button', { name: /^浙江 / }).waitFor()
  await page.waitForTimeout(500)
  await look(page, 'dashboard')
  const tile = page.getByRole('button', { name: /^浙江 / })
  const n = Number((await tile.getAttribute('aria-label')).replace(/\D/g, ''))
  await tile.click()
  await rows(page).first().waitFor()
  await soon(async () => (await total(page)) === n)
  await page.goBack()
  await page.getByRole('link', { name: '订单进度' }).click()
  await page.locator('[data-card]').first().waitFor()
  await done(page)
})

test('a dashboard goes into one picture, and into one workbook with a sheet for each tile', async () => {
  const page = await visit(b, '/dashboards')
  await page.locator('canvas').nth(2).waitFor()
  await page.getByRole('button', { name: /^浙江 / }).waitFor()
  await page.waitForTimeout(600) // charts grow into place
  await page.evaluate(() => {
    const make = URL.createObjectURL
    URL.createObjectURL = (blob) => {
      if (blob instanceof Blob && !blob.type.includes('svg')) window.kept = blob
      return make.call(URL, blob)
    }
  })
  const keep = async (button, item) => {
    await button.click()
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: item }).click()])
    await page.getByRole('menu').waitFor({ state: 'detached' }) // it fades: the next one would stand beside it
    return file.suggestedFilename()
  }
  const more = page.getByRole('button', { name: '更多操作' }).first()
  assert.match(await keep(more, /PNG/), /\.png$/)
  // As large as all tiles are, twice as fine, and something is drawn on it: from the canvases as well as from the page.
  const drawn = await page.evaluate(async () => {
    const picture = await createImageBitmap(window.kept)
    const list = document.querySelector('main ul.grid')
    const c = new OffscreenCanvas(picture.width, picture.height).getContext('2d')
    c.drawImage(picture, 0, 0)
    const inks = (el) => {
      const at = el.getBoundingClientRect()
      const from = list.getBoundingClientRect()
      const d = c.getImageData((at.x - from.x) * 2, (at.y - from.y) * 2, at.width * 2, at.height * 2).data
      const seen = new Set()
      for (let i = 0; i < d.length; i += 4) seen.add((d[i] << 16) | (d[i + 1] << 8) | d[i + 2])
      return seen.size
    }
    return {
      wide: picture.width / list.scrollWidth,
      tall: picture.height / list.scrollHeight,
      chart: inks(document.querySelector('main canvas')),
      words: inks(document.querySelector('main h2')),
    }
  })
  assert.deepEqual([drawn.wide, drawn.tall], [2, 2])
  assert.ok(drawn.chart > 8 && drawn.words > 8, JSON.stringify(drawn))
  assert.match(await keep(more, /XLSX/), /\.xlsx$/)
  assert.equal(await page.evaluate(async () => new TextDecoder().decode((await window.kept.arrayBuffer()).slice(0, 2))), 'PK')
  // A map and a table by themselves.
  const own = (name) =>
    tiles(page)
      .filter({ has: page.getByRole('link', { name }) })
      .getByRole('button', { name: '导出' })
  assert.equal(await keep(own('客户分布'), /PNG/), '客户分布.png')
  assert.match(await keep(own(/来源与优先级/), /PNG/), /\.png$/)
  await done(page)
})

test('a dashboard is made, filled, arranged and taken away', async () => {
  const page = await visit(b, '/dashboards')
  await tiles(page).first().waitFor()
  await page.getByRole('button', { name: '新建仪表盘' }).click()
  const dialog = page.getByRole('dialog', { name: '新建仪表盘' })
  await dialog.getByLabel('名称').fill('我的一览')
  await dialog.getByRole('button', { name: '保存' }).click()
  await dialog.waitFor({ state: 'detached' })
  for (const name of ['客户级别', '未结案件']) {
    await page.getByRole('button', { name: '添加视图' }).click()
    await page.getByRole('dialog', { name: '添加视图' }).getByRole('button', { name }).click()
    await tiles(page).locator('h2', { hasText: name }).waitFor()
  }
  assert.deepEqual(await names(page), ['客户级别', '未结案件'])
  await page.waitForTimeout(600)
  await look(page, 'dashboard-arrange')
  // By key, then by hand.
  await page.getByRole('button', { name: '移动「未结案件」' }).focus()
  await page.keyboard.press('ArrowLeft')
  await soon(async () => (await names(page))[0] === '未结案件')
  await page.waitForTimeout(400)
  const a = await tiles(page).nth(1).locator('header').boundingBox()
  const z = await tiles(page).nth(0).boundingBox()
  await page.mouse.move(a.x + 150, a.y + 15)
  await page.mouse.down()
  await page.mouse.move(a.x + 120, a.y + 30, { steps: 4 })
  await page.mouse.move(z.x + 60, z.y + 60, { steps: 8 })
  await page.mouse.up()
  await soon(async () => (await names(page))[0] === '客户级别')
  await page.getByRole('button', { name: '「客户级别」的位置和大小' }).click()
  await look(page, 'dashboard-size')
  await page.getByRole('menuitem', { name: '宽 4 格' }).click()
  await soon(async () => (await tiles(page).first().boundingBox()).width > 900)
  await page.getByRole('button', { name: '完成' }).click()
  await page.reload()
  await tiles(page).first().waitFor()
  assert.deepEqual(await names(page), ['客户级别', '未结案件'])
  await page.getByRole('banner').or(page.locator('header')).first().getByRole('button', { name: '更多操作' }).click()
  await page.getByRole('menuitem', { name: '删除' }).click()
  await page.getByText('已删除').first().waitFor()
  await page.getByRole('heading', { name: '订单金额走势' }).waitFor()
  await done(page)
})

test('on a phone the tiles stand below one another', async () => {
  const page = await visit(b, '/dashboards', { width: 390 })
  await page.locator('canvas').first().waitFor()
  await page.waitForTimeout(500)
  await look(page, 'dashboard')
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(wide <= 390, `the page is ${wide} px wide`)
  await done(page)
})
