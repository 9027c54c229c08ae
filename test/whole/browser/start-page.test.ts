import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { keepScreenshot, overflowOf, shareChromium, type TestBrowser } from '../../servers/chromium.js'
import { prepared } from '../../suite.js'
import { type DemoServer, startDemoServer } from '../../gateway/openapi/demo-server.js'

/** In pixels: a small phone, a tablet, a desktop. */
const widths = { phone: 360, tablet: 820, desktop: 1280 }
const looks = ['light', 'dark'] as const
const languages = ['zh-CN', 'en-US'] as const

/** The least contrast of text to what is behind it that WCAG 2.2 AA asks for. */
const leastContrast = 4.5

/** The contrast of each text on the page, the lowest first; run in the page. */
const contrasts = `(() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number)
  const light = (text) => {
    const [r, g, b] = rgb(text).map((part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at)
      if (rgb(backgroundColor)[3] !== 0) return backgroundColor
    }
    return 'rgb(255, 255, 255)'
  }
  return [...document.querySelectorAll('h1, h2, h3, p, a, code, th, td, li')].map((node) => {
    const [a, b] = [light(getComputedStyle(node).color), light(behind(node))].sort((x, y) => y - x)
    return (a + 0.05) / (b + 0.05)
  }).sort((x, y) => x - y)
})()`

describe('the start page in a browser', function () {
  this.timeout(120_000)
  let browser: TestBrowser
  before(async function () {
    browser = await shareChromium(this)
  })
  after(() => browser?.stop())
  const server = prepared<DemoServer>(before, startDemoServer, (running) => running.close())

  async function openStart(language: (typeof languages)[number]): Promise<Page> {
    const page = await browser.open({ size: 'desktop', language })
    await page.goto(`${server.gateway.url}/`)
    return page
  }

  for (const language of languages)
    it(`fits every width and is legible, light and dark, in ${language}`, async () => {
      const page = await openStart(language)
      for (const colorScheme of looks) {
        await page.emulateMedia({ colorScheme })
        for (const [size, width] of Object.entries(widths)) {
          await page.setViewportSize({ width, height: 800 })
          expect(await overflowOf(page), `${size} ${colorScheme}`).to.equal(0)
          await keepScreenshot(page, `start-${language}-${size}-${colorScheme}`)
        }
        const [lowest = 0] = await page.evaluate<number[]>(contrasts)
        expect(lowest, colorScheme).to.be.at.least(leastContrast)
      }
    })

  it('leads to a first call by one click, and to the code that was sent by three', async () => {
    const page = await openStart('en-US')
    await page.getByRole('link', { name: 'open.passport.get&uid' }).click()
    expect(await page.textContent('body')).to.contain('{"code":200')
    await page.goBack()
    await page.getByRole('link', { name: 'sendcode' }).click()
    expect(await page.textContent('body')).to.contain('{"code":200')
    await page.goBack()
    await page.getByRole('link', { name: 'Outbox' }).click()
    expect(await page.textContent('table')).to.contain('+8613912345678')
  })

  it('is gone through by keyboard, in the order of reading, under headings and a title', async () => {
    const page = await openStart('en-US')
    const outline = await page.evaluate<string[]>(
      `[...document.querySelectorAll('h1, h2, h3')].map(({ tagName, textContent }) => tagName + ' ' + textContent)`,
    )
    expect(outline).to.deep.equal([
      'H1 passport-gateway · development server',
      'H2 First call',
      'H2 Look around',
      'H2 Demo data',
      'H3 Demo users',
      'H3 Applications',
      'H2 Documents',
    ])
    expect(await page.title()).to.equal('passport-gateway · development server')
    const links = await page.getByRole('link').count()
    const focused: string[] = []
    for (let at = 0; at < links; at++) {
      await page.keyboard.press('Tab')
      focused.push(await page.evaluate<string>('document.activeElement.getAttribute("href")'))
    }
    const inOrder = await page.evaluate<string[]>(
      `[...document.querySelectorAll('a')].map((link) => link.getAttribute('href'))`,
    )
    expect(focused).to.deep.equal(inOrder)
  })
})
