import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { flawsOf } from '../../servers/accessibility.js'
import { keepScreenshot, overflowOf, windowSizes } from '../../servers/chromium.js'

/** How the console's pages are looked at. */
export const looks = [
  { language: 'zh-CN', isDark: true },
  { language: 'en-US', isDark: false },
] as const

/**
 * Expects a page to be without a serious flaw for anybody and to fit windows of each size, and keeps a picture of each:
 * `name-phone-variant.png`.
 */
export async function expectToFit(page: Page, name: string, variant = ''): Promise<void> {
  await page.setViewportSize(windowSizes.desktop)
  expect(await flawsOf(page), name).to.deep.equal([])
  for (const [size, pixels] of Object.entries(windowSizes)) {
    await page.setViewportSize(pixels)
    expect(await overflowOf(page), `${name} ${size}`).to.equal(0)
    await keepScreenshot(page, [name, size, variant].filter((part) => part !== '').join('-'))
  }
}

/**
 * Shows a place of the console in a page of it, `audit` for `/console#/audit`, as a link there does: a page made anew
 * takes five times the work. On the way it shows what has nothing in common with any place of an administrator.
 */
export async function moveTo(page: Page, consoleUrl: string, place: string): Promise<void> {
  await page.goto(`${consoleUrl}#/doctor`)
  await page.locator('main.wide').waitFor({ state: 'detached' })
  await page.goto(`${consoleUrl}#/${place}`)
  await page.locator('main.wide').waitFor()
}
