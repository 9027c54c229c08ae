import { expect } from 'chai'
import { consoleSession, type TestConsole } from '../../../console.js'
import { dataOf, type TestApp, type TestGateway } from '../../../harness.js'
import { beyond } from './ranks.js'

/** An application as the console shows it. */
export interface Application {
  readonly name: string
  readonly enabled: boolean
  readonly live_secrets: number
  readonly grants: readonly string[]
  readonly addresses: readonly string[]
  readonly trust: string
  readonly code_length: number
  readonly calls: number
  readonly last_seen_at: number
  readonly callers: readonly { readonly version: string; readonly calls: number }[]
  readonly method_callers: readonly {
    readonly method: string
    readonly scheme: string
    readonly finding: string
    readonly network: string
    readonly calls: number
  }[]
}

/** What `codeOf` gives for an application that is let in. */
export const admitted = 10010

/** The code of an application's signed call for a user there is not. */
export async function codeOf(
  gateway: TestGateway,
  app: TestApp,
  more: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const answer = await gateway.call('web.passport.getUserVerifyInfo', { uid: '404404', ...more }, { app })
  return answer.json?.code
}

export async function getApplication(admin: TestConsole, name: string): Promise<Application> {
  return dataOf<Application>((await admin.call('manage.console.application.get', { name })).json)
}

/**
 * A case of what acts on applications: one that acts for any user, `web`, is left to a role that includes all of the
 * console.
 */
export function leavesServersAlone(gateway: TestGateway, method: string, params: object = {}): void {
  it('leaves one that acts for any user to a role that includes all of the console', async () => {
    const clerk = await consoleSession(gateway, { paths: ['/manage/console/application/*'] })
    expect((await clerk.call(method, { name: 'web', ...params })).text).to.include(beyond)
  })
}
