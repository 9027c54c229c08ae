import { expect } from 'chai'
import { loginRequired, permissionDenied } from '../../../answers.js'
import type { HttpAnswer } from '../../../fetch-answer.js'
import type { TestGateway, TestUser } from '../../../harness.js'
import type { TestDatabase } from '../../../servers/databases.js'
import { prepared, withGateway } from '../../../suite.js'
import { addAdmin, type ListData, listOf, type TestAdmin } from './administrators.js'

type Params = Readonly<Record<string, string>>

/** What the suite of a method of the admin site works with. */
export interface ManageSuite {
  readonly gateway: TestGateway
  readonly database: TestDatabase
  /** Signed in, with the built-in role. */
  readonly admin: TestAdmin
  readonly path: string
  /** What the method answers to the administrator, by POST. */
  readonly send: (params?: Params) => Promise<HttpAnswer>
  /** The text of it. */
  readonly post: (params?: Params) => Promise<string>
  /** What the method answers to the administrator, by GET. */
  readonly ask: (params?: Params) => Promise<HttpAnswer>
  /** What the method lists for the administrator. */
  readonly list: <Item = Record<string, unknown>>(params?: Params) => Promise<ListData<Item>>
  /** The audit's last entry of the method. */
  readonly lastEntry: () => ReturnType<typeof lastEntryOf>
  /** What others hear, nobody first, then a user without a role: one of the suite, or a new one. */
  readonly refusals: (verb?: 'GET' | 'POST', params?: Params, user?: TestUser) => Promise<string[]>
  /** The case that the method is for administrators only. */
  readonly refusesOthers: (verb?: 'GET' | 'POST') => void
}

/** What both hear where only a permission opens. */
export const forAdministrators = [loginRequired, permissionDenied]

/** Defines the suite of a method of the admin site, `manage.account.user.edit`, on each kind of database. */
export function withAdmin(method: string, body: (suite: ManageSuite) => void): void {
  withGateway(method, (gateway, database) => {
    const admin = prepared(before, () => addAdmin(gateway))
    const path = `/${method.replaceAll('.', '/')}`
    const refusals: ManageSuite['refusals'] = async (verb = 'POST', params = {}, user) => {
      const perm_key = await (user ?? (await gateway.addUser())).startSession()
      const queries = [params, { ...params, perm_key }].map((all) => new URLSearchParams(all).toString())
      const answers = queries.map((query) => gateway.request(`${path}?${query}`, { method: verb }))
      return (await Promise.all(answers)).map(({ text }) => text)
    }
    body({
      gateway,
      database,
      admin,
      path,
      send: (params) => admin.post(path, params),
      post: async (params) => (await admin.post(path, params)).text,
      ask: (params) => admin.get(path, params),
      list: async (params) => listOf(await admin.get(path, params)),
      lastEntry: () => lastEntryOf(gateway, method),
      refusals,
      refusesOthers: (verb) =>
        it('is for administrators', async () => {
          expect(await refusals(verb)).to.deep.equal(forAdministrators)
        }),
    })
  })
}

function lastEntryOf({ db }: TestGateway, action: string) {
  return db('audit_entry').where({ action }).orderBy('audit_id', 'desc').first()
}
