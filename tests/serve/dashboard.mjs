// SPDX-License-Identifier: Apache-2.0
// Drives the dashboard in Chromium. dashboard_test.py starts it with what it needs as JSON in WORLD:
// {scenario, url, token, urls: {name: database URL}}. BALLAST_SHOTS names a folder for screenshots.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { mkdirSync, readFileSync } from 'node:fs'

const require = createRequire(`${process.env.BALLAST_PLAYWRIGHT}/`)
const { chromium } = require('playwright-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const world = JSON.parse(process.env.WORLD)
const shots = process.env.BALLAST_SHOTS
if (shots) mkdirSync(shots, { recursive: true })

const sql = (url, text) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', url, '-c', text], { encoding: 'utf8' })
const browser = await chromium.launch({ executablePath: process.env.BALLAST_CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
const faults = []
// Milliseconds. It only ends a test that hangs: a busy machine is no failure.
const patience = 120000

async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(patience)
  page.on('pageerror', (error) => faults.push(`page error: ${error}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|ERR_INTERNET_DISCONNECTED/.test(message.text())) faults.push(message.text())
  })
  page.on('request', (request) => { if (!request.url().startsWith(world.url)) faults.push(`request to ${request.url()}`) })
  return page
}

// Without the empty space below what is shown.
async function shot(page, name) {
  if (!shots) return
  const size = page.viewportSize()
  const content = await page.evaluate(() => scrollY + Math.max(...[...document.querySelectorAll('main > *')].map((part) => part.getBoundingClientRect().bottom)) +
    parseFloat(getComputedStyle(document.querySelector('main')).paddingBottom) + document.querySelector('footer').offsetHeight)
  await page.setViewportSize({ width: size.width, height: Math.min(size.height, Math.ceil(content)) })
  await page.screenshot({ path: `${shots}/${name}.png` })
  await page.setViewportSize(size)
}

const row = (page, name) => page.locator(`tr[data-name="${name}"]`)
const awaitState = (page, name, state) => page.waitForSelector(`tr[data-name="${name}"][data-state="${state}"]`)

// Nothing but tables and graphs in their own boxes is wider than the screen.
async function fitsTheScreen(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  assert.ok(wide <= 0, `${page.url()} is ${wide} px too wide`)
}

// The tab of the view is in sight, also where there is no room for all.
async function showsItsTab(page) {
  const [left, right] = await page.locator('#tabs a[aria-current="page"]').evaluate((tab) => { const box = tab.getBoundingClientRect(); return [box.left, innerWidth - box.right] })
  assert.ok(left >= 0 && right >= 0, `${page.url()}: its tab is ${left} px from the left and ${right} px from the right`)
}

// Every control and graphic has a name for screen readers.
async function hasNames(page) {
  const client = await page.context().newCDPSession(page)
  const { nodes } = await client.send('Accessibility.getFullAXTree')
  const roles = ['button', 'link', 'textbox', 'searchbox', 'combobox', 'image', 'img']
  const unnamed = nodes.filter((node) => !node.ignored && roles.includes(node.role?.value) && !node.name?.value)
  assert.deepEqual(unnamed.map((node) => node.role.value), [], `${page.url()} has controls without a name`)
  await client.detach()
}

// What axe-core finds: WCAG 2.1 A and AA (contrast, labels, structure), and its best practices.
async function isAccessible(page) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }))
  const found = violations.map((rule) => `${rule.id}: ${rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`)
  assert.deepEqual(found, [], `${page.url()} (${await page.evaluate(() => document.documentElement.dataset.theme)})`)
}

async function go(page, hash, selector) {
  await page.evaluate((to) => { location.hash = to }, hash)
  await page.waitForSelector(selector)
}

const titles = ['Databases', 'drifted · Database', 'Upgrade paths', 'Deploys', 'Key figures', 'Packages', 'current · Diagram']
const views = [
  ['#/', 'tr[data-name="current"]'], ['#/database/drifted', 'details.difference'], ['#/paths', 'svg.graph .edge'], ['#/deploys', 'canvas'],
  ['#/figures', '[data-figure="drift_objects"]'], ['#/packages', 'dl.facts'], ['#/diagram/current', '.entity'],
]

const scenarios = {
  async views() {
    const page = await open()
    await page.goto(world.url)
    for (const [name, state] of [['empty', 'fresh'], ['current', 'current'], ['behind', 'behind'], ['drifted', 'drifted']]) await awaitState(page, name, state)
    await page.waitForSelector('#live[data-state="live"]')
    assert.equal(await page.locator('#ready').textContent(), '1 of 4 ready')
    assert.deepEqual(await page.locator('th.release').allTextContents(), ['v1.0.0', 'v1.1.0'])
    assert.equal(await row(page, 'behind').locator('td.release').first().getAttribute('title'), 'is at v1.0.0')
    assert.match(await row(page, 'behind').locator('td.waits').textContent(), /ballast deploy/)
    await shot(page, 'databases')

    // What needs somebody is first; a click sorts by another column, in the order that people count in.
    const names = () => page.locator('tbody tr:visible').evaluateAll((rows) => rows.map((r) => r.dataset.name))
    assert.deepEqual(await names(), ['drifted', 'behind', 'empty', 'current'])
    await page.locator('button.sort', { hasText: 'Database' }).click()
    assert.deepEqual(await names(), ['behind', 'current', 'drifted', 'empty'])
    await page.locator('button.sort', { hasText: 'Database' }).click()
    assert.deepEqual(await names(), ['empty', 'drifted', 'current', 'behind'])
    assert.equal(await page.locator('th[aria-sort]').getAttribute('aria-sort'), 'descending')
    await page.locator('button.sort', { hasText: 'State' }).click()

    await page.getByRole('searchbox').fill('drif')
    assert.equal(await page.locator('tbody tr:visible').count(), 1)
    await page.getByRole('searchbox').fill('nothing like it')
    await page.getByText('No database fits the filter.').waitFor()
    await page.getByRole('searchbox').fill('')
    await page.getByRole('button', { name: /Behind/ }).click()
    assert.deepEqual(await page.locator('tbody tr:visible').evaluateAll((rows) => rows.map((r) => r.dataset.name)), ['behind', 'empty'])
    await page.getByRole('button', { name: /Behind/ }).click()

    await go(page, '#/database/drifted', 'details.difference[open]')
    const index = page.locator('details[data-object=\'index "Post_authorId_idx"\']')
    assert.match(await index.locator('.sides > div').nth(0).textContent(), /USING btree/)
    assert.match(await index.locator('.sides > div').nth(1).textContent(), /does not exist/)
    assert.equal(await page.locator('details').filter({ hasText: 'dba_idx' }).count(), 1)
    await page.getByRole('heading', { name: 'Drift (2)' }).evaluate((title) => scrollBy(0, title.getBoundingClientRect().top - document.querySelector('header').offsetHeight - 34))
    await shot(page, 'drift')

    await go(page, '#/paths', 'svg.graph .edge')
    assert.equal(await page.locator('main .edge.proven').count(), 2)
    assert.ok(await page.locator('path.edge.unproven').count() >= 1) // a migration that no package covers
    await shot(page, 'paths')

    await go(page, '#/deploys', 'canvas')
    await page.waitForSelector('tr[data-run] button')
    const before = await page.locator('dl.facts:visible').count()
    await page.locator('tr[data-run] button').first().click()
    assert.equal(await page.locator('dl.facts:visible').count(), before + 1)
    await shot(page, 'deploys')

    await go(page, '#/figures', '[data-figure="drift_objects"]')
    assert.equal(await page.locator('[data-figure="drift_objects"] .badge').textContent(), 'Alert')
    assert.doesNotMatch(await page.locator('main').textContent(), /\dT\d\d:/) // times are as elsewhere
    await shot(page, 'figures')

    await go(page, '#/packages', 'dl.facts')
    assert.equal(await page.locator('main .badge').textContent(), 'Intact')
    await shot(page, 'packages')

    await go(page, '#/diagram/current', '.entity')
    assert.equal(await page.locator('.entity').count(), 4)
    assert.equal(await page.locator('.reference').count(), 3)
    await page.waitForTimeout(200)
    await shot(page, 'diagram')
    await page.getByRole('searchbox').fill('tag')
    assert.deepEqual((await page.locator('.entity.found').evaluateAll((all) => all.map((e) => e.dataset.id))).sort(), ['public.PostTag', 'public.Tag'])
    const scale = () => page.locator('svg.diagram > g').evaluate((g) => Number(g.getAttribute('transform').match(/scale\((.*)\)/)[1]))
    const was = await scale()
    await page.locator('svg.diagram').focus()
    await page.keyboard.press('+')
    assert.ok(await scale() > was)
    await page.keyboard.press('0')
    await page.locator('svg.diagram').hover()
    await page.mouse.wheel(0, -300)
    assert.ok(await scale() > 0.1)
    for (const [index, [hash, selector]] of views.entries()) {
      await go(page, hash, selector)
      await page.waitForFunction((title) => document.title === title, `! ${titles[index]} · ballast`)
      await hasNames(page)
      await fitsTheScreen(page)
      await isAccessible(page)
    }
    await page.getByRole('button', { name: 'Switch between light and dark' }).click()
    for (const [hash, selector] of views) {
      await go(page, hash, selector)
      await isAccessible(page)
    }
    await page.context().close()
  },

  async screens() {
    for (const [name, options] of [['phone', { viewport: { width: 390, height: 844 }, hasTouch: true }], ['narrow', { viewport: { width: 360, height: 740 }, hasTouch: true }], ['wide', { viewport: { width: 2560, height: 1300 } }], ['dark', { colorScheme: 'dark' }]]) {
      const page = await open(options)
      await page.goto(world.url)
      for (const [hash, selector] of views) {
        await go(page, hash, selector)
        await page.waitForTimeout(150)
        await fitsTheScreen(page)
        await showsItsTab(page)
        await shot(page, `${name}-${hash.split('/')[1] || 'databases'}`)
      }
      const theme = await page.evaluate(() => document.documentElement.dataset.theme)
      assert.equal(theme, name === 'dark' ? 'dark' : 'light')
      await page.getByRole('button', { name: 'Switch between light and dark' }).click()
      assert.notEqual(await page.evaluate(() => document.documentElement.dataset.theme), theme)
      await page.context().close()
    }
  },

  async keyboard() {
    const page = await open()
    await page.goto(world.url)
    await awaitState(page, 'current', 'current')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip')
    for (let i = 0; i < 20; i += 1) {
      await page.keyboard.press('Tab')
      if (await page.evaluate(() => document.activeElement.getAttribute('href')) === '#/figures') break
    }
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-figure="drift_objects"]')
    assert.equal(await page.locator('#tabs a[aria-current="page"]').textContent(), 'Key figures')
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main')
    await page.context().close()
  },

  // An update changes what is new in place: the focus, open parts, the selection, the search and the zoom stay.
  async inPlace() {
    const page = await open()
    await page.goto(world.url)
    const focused = (locator) => locator.evaluate((element) => element === document.activeElement)
    const select = (locator) => locator.evaluate((element) => getSelection().selectAllChildren(element))
    const selected = () => page.evaluate(() => getSelection().toString())

    await awaitState(page, 'drifted', 'drifted')
    const link = row(page, 'drifted').getByRole('link')
    await link.focus()
    sql(world.urls.drifted, 'CREATE INDEX dba_more ON "Post" ("title")')
    await row(page, 'drifted').locator('td[data-label="Additions"]', { hasText: '2' }).waitFor()
    assert.ok(await focused(link))

    await go(page, '#/database/drifted', 'details.difference[open]')
    await page.evaluate(() => {
      window.alerts = 0
      new MutationObserver((all) => { window.alerts += all.filter(({ target }) => (target.parentElement || target).closest('[role="alert"]')).length })
        .observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })
    })
    const addition = page.locator('details', { hasText: 'dba_idx' })
    const run = page.locator('main button[data-run]').first()
    await addition.locator('summary').click()
    await page.locator('details[open]').first().locator('summary').click()
    const open_ = await page.locator('details[open]').count()
    await run.click()
    await run.focus()
    await select(page.locator('main h1'))
    sql(world.urls.drifted, 'CREATE INDEX dba_another ON "Post" ("title")')
    await page.getByText('Additions (3)').waitFor()
    assert.ok(await focused(run))
    assert.equal(await run.getAttribute('aria-expanded'), 'true')
    assert.equal(await page.locator('tr dl.facts:visible').count(), 1)
    assert.ok(await addition.evaluate((element) => element.open))
    assert.equal(await page.locator('details[open]').count(), open_)
    assert.equal(await selected(), 'drifted')
    const summary = addition.locator('summary')
    await summary.focus()
    await page.getByRole('button', { name: 'Switch between light and dark' }).evaluate((button) => button.click())
    sql(world.urls.drifted, 'DROP INDEX dba_another')
    await page.getByText('Additions (2)').waitFor()
    assert.ok(await focused(summary))
    // What is focused goes away.
    await page.locator('details', { hasText: 'dba_more' }).locator('summary').focus()
    sql(world.urls.drifted, 'DROP INDEX dba_more')
    await page.getByText('Additions (1)').waitFor()
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main')

    // An error is announced once, however often it is looked at again.
    const name = new URL(world.urls.drifted).pathname.slice(1)
    sql(world.server, `ALTER DATABASE "${name}" RENAME TO "${name}_gone"`)
    await page.locator('main [role="alert"]', { hasText: 'P1003' }).waitFor()
    await page.evaluate(() => { window.alerts = 0 })
    for (let updates = 0; updates < 3; updates += 1) {
      await Promise.all([page.waitForResponse((response) => response.url().endsWith('/samples')), page.evaluate(() => dispatchEvent(new HashChangeEvent('hashchange')))])
    }
    assert.equal(await page.evaluate(() => window.alerts), 0)
    for (let i = 0; i < 50; i += 1) {
      try { sql(world.server, `ALTER DATABASE "${name}_gone" RENAME TO "${name}"`); break } catch { await page.waitForTimeout(100) }
    }
    await page.getByText('Additions (1)').waitFor()

    await go(page, '#/diagram/drifted', '.entity')
    const search = page.getByRole('searchbox')
    await search.fill('tag')
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await search.focus()
    const place = () => page.locator('svg.diagram > g').getAttribute('transform')
    const was = await place()
    sql(world.urls.drifted, 'CREATE TABLE "TagNote" ("id" INTEGER PRIMARY KEY)')
    await page.locator('.entity[data-id="public.TagNote"].found').waitFor()
    assert.ok(await focused(search))
    assert.equal(await search.inputValue(), 'tag')
    assert.equal(await place(), was)
    sql(world.urls.drifted, 'DROP TABLE "TagNote"')

    // A name that is not encoded correctly is only the name of no database.
    await go(page, '#/database/%E0%A4%A', 'main [role="alert"]')
    assert.equal(await page.locator('main').innerText(), 'There is no database called %E0%A4%A.')
    await page.context().close()
  },

  // On the narrowest phone everything is there, and can be read.
  async phone() {
    const page = await open({ viewport: { width: 320, height: 640 }, hasTouch: true })
    await page.goto(world.url)
    await awaitState(page, 'drifted', 'drifted')
    const shown = await row(page, 'drifted').evaluate((element) => [...element.querySelectorAll('td')].filter((cell) => cell.offsetParent).map((cell) => cell.dataset.label))
    assert.deepEqual(shown.filter(Boolean), ['Waits for', 'Drift', 'Additions', 'Observed in'])
    for (const [hash, selector] of views) {
      await go(page, hash, selector)
      await fitsTheScreen(page)
      await showsItsTab(page)
      await isAccessible(page)
      const outside = await page.locator('main svg.graph .box').evaluateAll((boxes) => boxes.filter((box) => box.getBoundingClientRect().right > innerWidth).length)
      assert.equal(outside, 0, page.url())
      const cut = await page.locator('main .stacked td').evaluateAll((cells) => cells.filter((cell) => cell.getBoundingClientRect().right > innerWidth).map((cell) => cell.textContent))
      assert.deepEqual(cut, [], page.url())
    }
    const heights = await page.locator('.entity text').evaluateAll((texts) => texts.map((text) => text.getBoundingClientRect().height))
    assert.ok(Math.min(...heights) > 9, `text of ${Math.min(...heights)} px`)
    await page.context().close()
  },

  async live() {
    const page = await open()
    await page.goto(world.url)
    await awaitState(page, 'current', 'current')
    await page.waitForSelector('#live[data-state="live"]')
    await page.evaluate(() => { window.sameSession = true })
    sql(world.urls.current, 'DROP INDEX "Post_authorId_idx"')
    await awaitState(page, 'current', 'drifted')
    sql(world.urls.current, 'CREATE INDEX "Post_authorId_idx" ON "Post" ("authorId")')
    await awaitState(page, 'current', 'current')
    // A database that goes away, and comes back.
    const name = new URL(world.urls.behind).pathname.slice(1)
    sql(world.server, `ALTER DATABASE "${name}" RENAME TO "${name}_gone"`)
    await awaitState(page, 'behind', 'unreachable')
    await go(page, '#/database/behind', 'main [role="alert"]')
    assert.match(await page.locator('main [role="alert"]').first().textContent(), /P1003/)
    await go(page, '#/diagram/behind', '.entity')
    assert.ok(await page.locator('.stale').isVisible())
    for (let i = 0; i < 50; i += 1) {
      try { sql(world.server, `ALTER DATABASE "${name}_gone" RENAME TO "${name}"`); break } catch { await page.waitForTimeout(100) }
    }
    await page.waitForSelector('.stale', { state: 'hidden' })
    await go(page, '#/', 'table')
    await awaitState(page, 'behind', 'behind')
    // Tables without relations are in the middle, too.
    sql(world.urls.empty, 'CREATE TABLE a (id int); CREATE TABLE b (id int)')
    await go(page, '#/diagram/empty', '.entity[data-id="public.b"]')
    const [left, right] = await page.evaluate(() => {
      const box = document.querySelector('svg.diagram').getBoundingClientRect()
      const frames = [...document.querySelectorAll('.entity rect.frame')].map((frame) => frame.getBoundingClientRect())
      return [Math.min(...frames.map((f) => f.left)) - box.left, box.right - Math.max(...frames.map((f) => f.right))]
    })
    assert.ok(Math.abs(left - right) < 4, `${left} px at the left, ${right} px at the right`)
    sql(world.urls.empty, 'DROP TABLE a, b')
    await go(page, '#/', 'table')
    await awaitState(page, 'empty', 'fresh')
    // The server itself goes away: what was known stays, and a banner says so.
    await page.context().setOffline(true)
    await page.evaluate(() => dispatchEvent(new HashChangeEvent('hashchange')))
    await page.waitForSelector('#banner:not([hidden])')
    assert.ok(await row(page, 'current').isVisible())
    assert.equal(await page.locator('#ready').textContent(), 'Not known')
    const [banner, content] = await page.evaluate(() => {
      const main = document.querySelector('main')
      const inner = main.getBoundingClientRect()
      const style = getComputedStyle(main)
      const { left, right } = document.querySelector('#banner').getBoundingClientRect()
      return [[left, right], [inner.left + parseFloat(style.paddingLeft), inner.right - parseFloat(style.paddingRight)]]
    })
    assert.deepEqual(banner, content)
    await shot(page, 'offline')
    await page.context().setOffline(false)
    await page.waitForSelector('#banner[hidden]', { state: 'attached' })
    assert.ok(await page.evaluate(() => window.sameSession))
    await page.context().close()
  },

  // A server that keeps its connections and sends nothing.
  async hang() {
    const page = await open()
    await page.goto(world.url)
    await page.waitForSelector('#live[data-state="live"]')
    process.kill(world.pid, 'SIGSTOP')
    try {
      await page.waitForSelector('#live[data-state="lost"]')
      await page.waitForSelector('#banner:not([hidden])')
    } finally {
      process.kill(world.pid, 'SIGCONT')
    }
    await page.waitForSelector('#live[data-state="live"]')
    await page.waitForSelector('#banner[hidden]', { state: 'attached' })
    await page.context().close()
  },

  async token() {
    const page = await open()
    await page.goto(world.url)
    await page.getByLabel('Token').fill('wrong wrong wrong wrong')
    await page.getByRole('button', { name: 'Show the dashboard' }).click()
    await page.getByText('The token is not the right one.').waitFor()
    await page.getByLabel('Token').fill('half a tok')
    await page.waitForTimeout(2500) // nothing replaces what is typed
    assert.equal(await page.getByLabel('Token').inputValue(), 'half a tok')
    await shot(page, 'token')
    await page.getByLabel('Token').fill(world.token)
    await page.keyboard.press('Enter')
    await page.waitForSelector('tr[data-name]')
    await page.waitForSelector('#live[data-state="live"]')
    assert.ok(!page.url().includes(world.token))
    await page.context().close()
  },

  // With the history strategy and no baseline, nothing tells how the database should look.
  async uncompared() {
    const page = await open()
    await page.goto(world.url)
    await awaitState(page, 'default', 'current')
    const why = 'no proven state is known to compare the database with'
    for (const label of ['Drift', 'Additions']) {
      assert.equal(await row(page, 'default').locator(`td[data-label="${label}"] span`).getAttribute('title'), `not known: ${why}`)
    }
    await go(page, '#/database/default', 'main h1')
    await page.getByText(`Not known: ${why}.`).nth(1).waitFor()
    const name = new URL(world.urls.default).pathname.slice(1)
    sql(world.server, `ALTER DATABASE "${name}" RENAME TO "${name}_gone"`)
    await page.locator('main [role="alert"]', { hasText: 'P1003' }).waitFor()
    await page.getByText('Not known: the last observation failed.').nth(1).waitFor()
    for (let i = 0; i < 50; i += 1) {
      try { sql(world.server, `ALTER DATABASE "${name}_gone" RENAME TO "${name}"`); break } catch { await page.waitForTimeout(100) }
    }
    await page.context().close()
  },

  async empty() {
    const page = await open()
    await page.goto(world.url)
    await page.waitForSelector('tr[data-name="default"]')
    for (const [hash, text] of [['#/paths', 'There is no release package'], ['#/deploys', 'There are no runs yet'], ['#/figures', 'No data'], ['#/packages', 'No package'], ['#/database/nobody', 'There is no database called nobody']]) {
      await page.evaluate((to) => { location.hash = to }, hash)
      await page.getByText(text).first().waitFor()
      await fitsTheScreen(page)
    }
    await page.context().close()
  },

  async thousand() {
    const page = await open()
    await page.goto(world.url)
    await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1000)
    await page.waitForFunction(() => document.querySelectorAll('tr[data-state="current"]').length === 1000, null)
    const took = await page.evaluate(async () => {
      const input = document.querySelector('input[type=search]')
      const begin = performance.now()
      input.value = 'tenant_0999'
      input.dispatchEvent(new Event('input'))
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
      return performance.now() - begin
    })
    assert.equal(await page.locator('tbody tr:visible').count(), 1)
    assert.ok(took < 2000, `filtering took ${took} ms`)
    await page.getByRole('searchbox').fill('')
    await shot(page, 'thousand')
    await fitsTheScreen(page)
    await page.context().close()
  },
}

try {
  for (const name of world.scenarios) {
    console.error(`  ${name}`)
    await scenarios[name]()
    assert.deepEqual(faults, [], name)
  }
} finally {
  await browser.close()
}
