import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const require = createRequire(import.meta.url)
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** What fades in has less contrast meanwhile. What moves for ever, as what says that something loads, is no matter. */
const untilStill = `new Promise((resolve) => requestAnimationFrame(resolve)).then(() => Promise.allSettled(
  document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime < 1e9).map((one) => one.finished)))`

/** The serious flaws of a page for who can't see it well or uses no mouse, as axe-core finds them. */
export async function flawsOf(page: Page): Promise<string[]> {
  // Half a megabyte, which stays while the page's own script shows one place after another.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(`${axe}; 0`)
  await page.evaluate(untilStill)
  type Violation = { impact: string; id: string; nodes: { html: string }[] }
  const run = "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)"
  return (await page.evaluate<Violation[]>(run))
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 100)).join(' ')}`)
}
