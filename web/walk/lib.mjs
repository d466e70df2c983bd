// What every walk needs: a browser, a person who is logged in, and eyes (a picture and axe) on each open state.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const shots = fileURLToPath(new URL('shots', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export function need(name) {
  const value = process.env[name]
  assert.ok(value, `${name} is not set: the walks are run against a server, see walk/README.md`)
  return value
}

export const url = () => need('GUIKE_URL').replace(/\/$/, '')

function browserPath() {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome'])
    for (const dir of (process.env.PATH ?? '').split(delimiter)) if (existsSync(join(dir, name))) return join(dir, name)
  assert.fail('no chromium on PATH')
}

export async function browser() {
  return chromium.launch({
    executablePath: browserPath(),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A page of a logged-in person. What the console calls an error, or what the policy blocks, fails the walk at its end. */
export async function visit(b, path, { width = 1440, theme = 'light', login = true, language = 'zh-CN', as, tour = false } = {}) {
  const context = await b.newContext({
    viewport: { width, height: width < 768 ? 844 : 900 },
    hasTouch: width < 768,
    locale: 'zh-CN',
    acceptDownloads: false,
  })
  await context.addInitScript(
    ([t, l, tour]) => {
      localStorage.setItem('guike.theme', t)
      localStorage.setItem('guike.language', l)
      if (!tour) localStorage.setItem('guike.tour', 'asked')
    },
    [theme, language, tour],
  )
  const page = await context.newPage()
  page.wrong = []
  page.on('pageerror', (e) => page.wrong.push(String(e)))
  page.on('console', (m) => {
    // An answer of 4xx is printed by the browser itself; whether it was right is what the walk says.
    if (m.type() === 'error' && !m.text().startsWith('Failed to load resource')) page.wrong.push(m.text())
  })
  if (login) await enter(page, as)
  await page.goto(url() + path)
  return page
}

async function enter(page, as = { login: need('GUIKE_LOGIN'), password: need('GUIKE_PASSWORD') }) {
  await page.goto(`${url()}/login`)
  await page.getByLabel('登录名').or(page.getByLabel('Login')).first().fill(as.login)
  await page.locator('input[type=password]').fill(as.password)
  await page.locator('button[type=submit]').click()
  await page.getByRole('navigation').first().waitFor()
}

/** Waits until something is so, as long as the browser waits for what it looks for. */
export async function soon(what) {
  for (let i = 0; i < 200; i++) {
    if (await what()) return
    await new Promise((r) => setTimeout(r, 150))
  }
  assert.fail(String(what))
}

/** One request of the page's person, beside what the page itself asks. */
export async function ask(page, method, path, body) {
  return page.evaluate(
    async ([method, at, body]) => {
      const r = await fetch(at, { method, headers: { 'content-type': 'application/json' }, body })
      const text = await r.text()
      return { status: r.status, text, ...(text.startsWith('{') ? JSON.parse(text) : {}) }
    },
    [method, `${url()}/api/v1${path}`, body && JSON.stringify(body)],
  )
}

/** A picture, and axe in both themes: what is open now must be right in either. */
export async function look(page, name) {
  mkdirSync(shots, { recursive: true })
  const was = await page.evaluate(() => document.documentElement.dataset.theme)
  for (const theme of ['light', 'dark']) {
    await page.evaluate((t) => {
      document.documentElement.dataset.theme = t
    }, theme)
    // Colours fade for a moment; a contrast is judged when they have arrived.
    await page.waitForTimeout(260)
    await page.screenshot({ path: join(shots, `${name}-${page.viewportSize().width}-${theme}.png`) })
    let found = await inspect(page)
    if (found.length > 0) {
      // What was just fading away is gone the second time; a fault stays.
      await page.waitForTimeout(700)
      found = await inspect(page)
    }
    assert.deepEqual(found, [], `${name}, ${theme}`)
  }
  await page.evaluate((t) => {
    document.documentElement.dataset.theme = t
  }, was)
}

// Through the debugger, since the policy of the page lets no injected script run.
async function inspect(page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Runtime.evaluate', { expression: axe })
  const { result } = await cdp.send('Runtime.evaluate', {
    expression: `axe.run(document).then((r) => JSON.stringify(r.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200)).join(' | '))))`,
    awaitPromise: true,
    returnByValue: true,
  })
  await cdp.detach()
  return JSON.parse(result.value)
}

export async function done(page) {
  const wrong = page.wrong
  await page.context().close()
  assert.deepEqual(wrong, [])
}

/** How many the line under the list says there are. */
export async function total(page) {
  const line = page.locator('footer [role=status]').first()
  await line.filter({ hasText: /\d/ }).waitFor()
  return Number((await line.innerText()).replace(/\D/g, ''))
}

export const rows = (page) => page.locator('[role=row][aria-selected]')

/** Opens a row's record beside the list. */
export async function open(page, i) {
  await rows(page).nth(i).hover()
  await rows(page).nth(i).getByRole('button', { name: /^打开/ }).click()
}
