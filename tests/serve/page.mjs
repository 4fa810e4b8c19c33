// SPDX-License-Identifier: Apache-2.0
// The dashboard in a browser that stays open. Each line of stdin is {"hash", "selector"}: shows that view and prints
// how many elements fit the selector now. operated_test.py starts it with {url, token} as JSON in WORLD.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const { chromium } = createRequire(`${process.env.BALLAST_PLAYWRIGHT}/`)('playwright-core')
const world = JSON.parse(process.env.WORLD)
const browser = await chromium.launch({ executablePath: process.env.BALLAST_CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
const page = await browser.newPage()
await page.addInitScript((token) => sessionStorage.setItem('token', token), world.token)
await page.goto(world.url)
await page.waitForSelector('tr[data-name]')
console.log('open')
for await (const line of createInterface({ input: process.stdin })) {
  const { hash, selector } = JSON.parse(line)
  if (await page.evaluate(() => location.hash) !== hash) {
    await page.evaluate((to) => { location.hash = to }, hash)
    await page.waitForFunction((to) => document.querySelector('#tabs a[aria-current="page"]')?.getAttribute('href') === to, hash)
  }
  console.log(await page.locator(selector).count())
}
await browser.close()
