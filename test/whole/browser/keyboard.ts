import { expect } from 'chai'
import type { Page } from 'playwright-core'

/** What the keyboard can reach on a page, in order; a group of radio buttons is reached once. */
const reachable = `
  [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter((element) => !element.disabled && element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => element.type !== 'radio' || element.checked)`

const nameOf = `((element) => (element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText ?? '').slice(0, 60) + ' <' + element.localName + '>')`

/** A ring of two pixels around the element, or around what is drawn in place of a radio button or tick box. */
const hasRing = `((element) => {
  const drawn = [element, element.parentElement, ...element.parentElement.children]
  const isRing = ({ outlineStyle: style, outlineWidth: width }) =>
    style === 'auto' || (style !== 'none' && parseFloat(width) >= 2)
  return drawn.some((part) => isRing(getComputedStyle(part)))
})`

const isSeen = `((element) => {
  const { top, bottom, left, right } = element.getBoundingClientRect()
  return bottom > 0 && right > 0 && top < innerHeight && left < innerWidth
})`

/**
 * Walks with Tab from the beginning of a page through all that can be reached, and back with Shift+Tab; expects that
 * nothing is left out, holds the focus or hides it.
 */
export async function expectWalk(page: Page, place: string): Promise<void> {
  const stops = await page.evaluate<number>(`
    window.walk = { wanted: ${reachable}, met: new Set(), ringless: [] }
    if (!window.isWalked) addEventListener('focusin', ({ target }) => {
      // Where the walk begins.
      if (target === document.body) return
      window.walk.met.add(target)
      if (!${hasRing}(target)) window.walk.ringless.push(${nameOf}(target))
      else if (!${isSeen}(target)) window.walk.ringless.push(${nameOf}(target) + ' out of sight')
    })
    window.isWalked = true
    document.body.tabIndex = -1
    document.body.focus()
    document.body.removeAttribute('tabindex')
    scrollTo(0, 0)
    // The parts of a moment have the focus one after the other.
    window.walk.wanted.length + 8 * window.walk.wanted.filter(({ type }) => type === 'datetime-local').length`)
  const missed = () =>
    page.evaluate<string[]>(
      `window.walk.wanted.filter((element) => element.isConnected && !window.walk.met.has(element)).map(${nameOf})`,
    )
  for (const key of ['Tab', 'Shift+Tab']) {
    await page.evaluate('window.walk.met.clear()')
    for (let at = 0; at <= stops + 1; at++) await page.keyboard.press(key)
    expect(await missed(), `${place} by ${key}`).to.deep.equal([])
  }
  expect(await page.evaluate('window.walk.ringless'), `${place}: focus to be seen`).to.deep.equal([])
}

/** Presses Tab until the focus is on what has this name or label. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let at = 0; at < 250; at++) {
    await page.keyboard.press('Tab')
    const focused = await focusedName(page)
    if (typeof name === 'string' ? focused === name : name.test(focused)) return
  }
  throw new Error(`${String(name)} is not reached by the tabulator`)
}

/** What the element with the focus is called. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const element = document.activeElement
    const text = element?.getAttribute('aria-label') ?? element?.labels?.[0]?.innerText ?? element?.innerText ?? ''
    return text.replace(/\\s+\\*$/, '').split('\\n')[0].trim()
  })()`)
}

/** Presses Tab until the focus is on what has this name, and then a key. */
export async function pressOn(page: Page, name: string | RegExp, key = 'Enter'): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press(key)
}
