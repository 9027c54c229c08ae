import { expect } from 'chai'
import { methodNotFound } from '../../../answers.js'
import { consoleSession, type TestConsole } from '../../../console.js'
import type { HttpAnswer } from '../../../fetch-answer.js'
import type { TestGateway } from '../../../harness.js'
import type { TestDatabase } from '../../../servers/databases.js'
import { prepared, withGateway } from '../../../suite.js'

/** What the suite of a method of the console works with. */
export interface ConsoleSuite {
  readonly gateway: TestGateway
  readonly database: TestDatabase
  /** Signed in to the console, with the built-in role. */
  readonly admin: TestConsole
  /** What the method answers to the administrator. */
  readonly send: (params?: object) => Promise<HttpAnswer>
  /** The data of it. */
  readonly ask: (params?: object) => Promise<Data>
  /** What the audit noted of the method, the oldest first. */
  readonly entries: () => Promise<readonly Entry[]>
  /** The cases that all methods of the console have in common. */
  readonly isOfTheConsole: (params?: object) => void
  /** Asked for what is grave, as the method is. */
  readonly wantsProof: (params?: object) => void
  /** Given parameters each of which is wrong, by name: its value in place of the right one, undefined for none. */
  readonly namesWhatIsWrong: (right: Data, wrong: Data) => void
}

type Data = Record<string, unknown>

interface Entry {
  readonly actor_id: number
  readonly target_id: number
  readonly detail: string
}

/** Defines the suite of a method of the console on each kind of database. */
export function withConsole(
  method: string,
  env: Readonly<Record<string, string>>,
  body: (suite: ConsoleSuite) => void,
): void {
  withGateway(method, { CONSOLE: 'on', ...env }, (gateway, database) => {
    const admin = prepared(before, () => consoleSession(gateway))
    const send = (params: object = {}) => admin.call(method, params)
    body({
      gateway,
      database,
      admin,
      send,
      async ask(params) {
        const { json, text } = await send(params)
        if (json?.code !== 0 || json['status'] !== 200) throw new Error(`no data: ${text}`)
        return json.data as Data
      },
      entries: () =>
        gateway
          .db('audit_entry')
          .where({ action: method })
          .orderBy('audit_id')
          .select('actor_id', 'target_id', 'detail'),
      isOfTheConsole: (params = {}) =>
        it('is for those whose role includes it, and for the console alone', async () => {
          const path = `/${method.replaceAll('.', '/')}`
          const officer = await consoleSession(gateway, { paths: [`${path}Not`, '/manage/account/*'] })
          expect((await officer.call(method, params)).json).to.include({ error: 'PERMISSION_DENIED' })
          const perm_key = await (await gateway.addUser()).startSession()
          const query = new URLSearchParams({ perm_key, user_id: '1' }).toString()
          const closed = await gateway.request(`${path}?${query}`)
          expect(closed.json, closed.text).to.include({ error: 'METHOD_NOT_FOUND' })
          expect((await gateway.call(method, { user_id: '1' })).text).to.equal(methodNotFound)
        }),
      wantsProof: (params = {}) =>
        it('wants a proof that is younger than five minutes', async () => {
          const late = await consoleSession(gateway)
          await gateway.db('console_session').where({ user_id: late.uid }).update({ proved_at: 1 })
          expect((await late.call(method, params)).json).to.include({ error: 'PROOF_NEEDED' })
        }),
      namesWhatIsWrong: (right, wrong) =>
        it('names the parameter that is missing or does not fit', async () => {
          for (const [name, value] of Object.entries(wrong)) {
            const { json, text } = await send({ ...right, [name]: value })
            expect(json, name).to.include({ error: 'PARAM_ERROR' })
            expect(text).to.include(`参数错误：${name}`)
          }
        }),
    })
  })
}
