import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const require = createRequire(import.meta.url)
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds on a page that is serious for somebody, in a line each. */
export async function flawsOf(page: Page): Promise<string[]> {
  await page.evaluate(`${axe}; 0`)
  type Violation = { impact: string; id: string; nodes: { html: string }[] }
  const violations = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations)')
  return violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 100)).join(' ')}`)
}
