import type { TestConsole } from '../../../console.js'
import { dataOf } from '../../../harness.js'

interface Setting {
  readonly key: string
  readonly value: string
  readonly source: string
  readonly kind: string
  readonly meaning: string
  readonly meaning_zh: string
}

/** All settings as the console lists them. */
export async function listSettings(admin: TestConsole): Promise<readonly Setting[]> {
  const answer = await admin.call('manage.console.setting.list')
  return dataOf<{ items: Setting[] }>(answer.json).items
}

/** The setting of a key, or the first that is wanted. */
export async function findSetting(
  admin: TestConsole,
  wanted: string | ((setting: Setting) => boolean),
): Promise<Setting | undefined> {
  const isWanted = typeof wanted === 'string' ? ({ key }: Setting) => key === wanted : wanted
  return (await listSettings(admin)).find(isWanted)
}
