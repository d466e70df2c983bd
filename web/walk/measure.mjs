// How fast the list feels, in a real browser: first paint, a click until its rows are painted, scrolling. Run by BenchmarkWeb (make bench-web), which
// fills a workspace and serves it. Each line is a figure; where nothing else is said, milliseconds, the median of the runs and the worst.
import { browser, visit } from './lib.mjs'

const runs = 7
const b = await browser()
const median = (xs) => xs.toSorted((x, y) => x - y)[Math.floor(xs.length / 2)]
const tell = (name, xs, aim) => console.log(`${name}: ${median(xs).toFixed(1)} (worst ${Math.max(...xs).toFixed(1)}, aim ${aim})`)

const page = await visit(b, '/settings')
const state = await page.context().storageState()

// A browser that has never been here, logged in.
const paints = []
const usable = []
for (let i = 0; i < runs; i++) {
  const fresh = await b.newContext({ viewport: { width: 1440, height: 900 }, storageState: state, locale: 'zh-CN' })
  const p = await fresh.newPage()
  await p.addInitScript(() => {
    const seen = new MutationObserver(() => {
      if (!document.querySelector('[role=row][aria-selected]')) return
      seen.disconnect()
      requestAnimationFrame(() =>
        setTimeout(() => {
          window.usable = performance.now()
        }),
      )
    })
    seen.observe(document, { childList: true, subtree: true })
  })
  await p.goto(new URL('/receipts', page.url()).href)
  await p.waitForFunction(() => window.usable)
  const at = await p.evaluate(() => [performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, window.usable])
  paints.push(at[0])
  usable.push(at[1])
  await fresh.close()
}
tell('first contentful paint', paints, 500)
tell('grid usable', usable, 1000)

// A click until other rows are painted, less what the server took of it.
await page.goto(new URL('/receipts', page.url()).href)
await page.locator('[role=row][aria-selected]').first().waitFor()
await page.waitForTimeout(1500)
async function painted(click) {
  return page.evaluate(async (selector) => {
    const row = () => [...document.querySelectorAll('[role=row][aria-selected]')].map((r) => r.id).join()
    const was = row()
    performance.clearResourceTimings()
    const target = [...document.querySelectorAll(selector)].at(-1)
    const began = performance.now()
    target.click()
    await new Promise((done, fail) => {
      const look = () =>
        row() && row() !== was
          ? setTimeout(done)
          : performance.now() - began > 20_000
            ? fail(new Error('nothing changed'))
            : requestAnimationFrame(look)
      requestAnimationFrame(look)
    })
    const all = performance.now() - began
    const asked = performance.getEntriesByType('resource').filter((r) => r.name.endsWith(':query'))
    const server = Math.max(0, ...asked.map((r) => r.responseStart - r.requestStart))
    return { all, server }
  }, click)
}
for (const [name, field] of [
  ['sorted by day', 'dated_on'],
  ['sorted by amount', 'amount'],
]) {
  const beyond = []
  const all = []
  for (let i = 0; i < runs; i++) {
    await page.waitForTimeout(400)
    const t = await painted(`[data-head="${field}"] button`)
    beyond.push(t.all - t.server)
    all.push(t.all)
  }
  tell(`${name}: click to painted beyond the server`, beyond, 100)
  tell(`${name}: click to painted, all`, all, '-')
}
// Of the values the one that the fewest have, so that the first rows are surely others.
await page.locator('section[aria-label] li:has(input[type=checkbox])').first().waitFor()
await page.evaluate(() => {
  const counted = [...document.querySelectorAll('section[aria-label] label:has(input[type=checkbox])')]
    .map((label) => [label.querySelector('input'), Number(label.parentElement.lastElementChild.textContent.replace(/\D/g, ''))])
    .filter(([, n]) => n > 0)
    .sort((x, y) => x[1] - y[1])
  counted[0][0].dataset.rare = ''
})
const filtered = []
for (let i = 0; i < runs; i++) {
  await page.waitForTimeout(400)
  const t = await painted('input[data-rare]')
  filtered.push(t.all - t.server)
}
tell('filtered: click to painted beyond the server', filtered, 100)

// Scrolling, beside a plain list of the same length in the same browser.
async function scroll(on, box) {
  return on.evaluate(async (selector) => {
    const el = document.querySelector(selector)
    const frames = []
    let long = 0
    const watch = new PerformanceObserver((list) => {
      for (const e of list.getEntries()) long = Math.max(long, e.duration)
    })
    watch.observe({ entryTypes: ['longtask'] })
    let last = performance.now()
    const end = last + 4000
    while (performance.now() < end) {
      el.scrollBy(0, 90)
      await new Promise(requestAnimationFrame)
      const now = performance.now()
      frames.push(now - last)
      last = now
    }
    watch.disconnect()
    frames.sort((x, y) => x - y)
    return { fps: 1000 / frames[Math.floor(frames.length / 2)], slow: 1000 / frames[Math.floor(frames.length * 0.95)], long }
  }, box)
}
await page.goto(new URL('/receipts', page.url()).href)
await page.locator('[role=row][aria-selected]').first().waitFor()
await page.waitForTimeout(1500)
const ours = await scroll(page, 'div:has(> [role=grid])')
const plain = await b.newPage({ viewport: { width: 1440, height: 900 } })
await plain.setContent(
  `<div id=box style="height:800px;overflow:auto">${Array.from({ length: 5000 }, (_, i) => `<div style="height:36px;display:flex">${Array.from({ length: 8 }, (_, k) => `<span style="width:160px">${i} ${k}</span>`).join('')}</div>`).join('')}</div>`,
)
const theirs = await scroll(plain, '#box')
const line = (name, s) =>
  console.log(`${name}: ${s.fps.toFixed(1)} frames/s (95 of 100 above ${s.slow.toFixed(1)}), longest task ${s.long.toFixed(0)} ms`)
line('scrolling the grid (aim 35, no task over 200 ms)', ours)
line('scrolling a plain list of 5,000 rows', theirs)
await b.close()
