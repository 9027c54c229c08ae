import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import { loginRequired, methodNotFound, refusal } from '../../../../answers.js'
import { consoleSession, postConsole, type TestConsole } from '../../../../console.js'
import type { HttpAnswer } from '../../../../fetch-answer.js'
import type { TestGateway } from '../../../../harness.js'
import { withGateway } from '../../../../suite.js'

const proofNeeded = refusal(300, '请再次验证您的身份', 'PROOF_NEEDED')
export const codeWrong = refusal(300, '验证码有误', 'VALID_ERROR')

type Data = Record<string, unknown>

/** What the suite of a method for the own account in the console works with. */
export interface OwnAccountSuite {
  readonly gateway: TestGateway
  /** An administrator who has just signed in, and whose role includes nothing but another method. */
  readonly enter: () => Promise<TestConsole>
  /** The data of what a method of the own account answers. */
  readonly ask: (admin: TestConsole, method: string, params?: object) => Promise<Data>
  /** The answer of the method itself. */
  readonly send: (admin: TestConsole, params?: object) => Promise<HttpAnswer>
  /** Sets up an authenticator app, and returns its key and the recovery codes. */
  readonly addTotp: (admin: TestConsole) => Promise<{ secret: string; codes: readonly string[] }>
  /** What an authenticator app with a key shows now. */
  readonly codeOf: (secret: string) => string
  /** What the audit noted of the method, done by an administrator. */
  readonly entriesOf: (admin: TestConsole) => Promise<readonly object[]>
  /** Asked for what is grave, as the method is. */
  readonly wantsProof: (params?: object) => void
}

/** Defines the suite of `manage.console.account.NAME` on each kind of database. */
export function withOwnAccount(name: string, body: (suite: OwnAccountSuite) => void): void {
  const methodOf = (name: string) => `manage.console.account.${name}`
  withGateway(methodOf(name), { CONSOLE: 'on' }, (gateway) => {
    const enter = () => consoleSession(gateway, { paths: ['/manage/console/role/list'] })
    const send = (admin: TestConsole, params: object = {}) => admin.call(methodOf(name), params)
    const ask = async (admin: TestConsole, method: string, params: object = {}): Promise<Data> => {
      const { json, text } = await admin.call(methodOf(method), params)
      if (json?.code !== 0) throw new Error(`no data: ${text}`)
      return (json.data ?? {}) as Data
    }
    const codeOf = (secret: string) =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: gateway.clock.now() })
    body({
      gateway,
      enter,
      ask,
      send,
      codeOf,
      async addTotp(admin) {
        const secret = String((await ask(admin, 'startTotp'))['secret'])
        const added = await ask(admin, 'confirmTotp', { code: codeOf(secret) })
        return { secret, codes: added['recovery_codes'] as string[] }
      },
      entriesOf: ({ uid }) =>
        gateway
          .db('audit_entry')
          .where({ action: methodOf(name), actor_id: uid })
          .select('target_id', 'detail'),
      wantsProof: (params = {}) =>
        it('wants a proof that is younger than five minutes', async () => {
          const admin = await enter()
          gateway.clock.advance(5 * 60_000)
          expect((await send(admin, params)).text).to.equal(proofNeeded)
        }),
    })
    it('is for the console alone, and nobody who is not signed in there', async () => {
      const path = `/${methodOf(name).replaceAll('.', '/')}`
      expect((await postConsole(gateway, path)).text).to.equal(loginRequired)
      const perm_key = await (await gateway.addUser()).startSession()
      const closed = await gateway.request(`${path}?${new URLSearchParams({ perm_key }).toString()}`)
      expect(closed.json, closed.text).to.include({ error: 'METHOD_NOT_FOUND' })
      expect((await gateway.call(methodOf(name))).text).to.equal(methodNotFound)
    })
  })
}
