import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import { saveRecoveryCodes } from '../../../../db/second-factors.js'
import { renewRecoveryCodes } from '../../../../methods/rules/console/recovery-codes.js'
import { addConsoleAdmin, cookieOf, postConsole } from '../../../console.js'
import { dataOf, startGateway, type TestGateway } from '../../../harness.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { makePasskey } from '../../../software-passkey.js'

const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const calls = 12

onEachDatabase('a second factor, used many times at once on all nodes', function (database) {
  this.timeout(60_000)
  const nodes: TestGateway[] = []
  const env = { CONSOLE: 'on', PUBLIC_URL: 'http://localhost:1' }
  const headers = { Origin: env.PUBLIC_URL }
  before(async () => {
    nodes.push(await startGateway(database, env))
    if (database.kind !== 'sqlite') nodes.push(await startGateway(database, env))
  })
  after(async () => {
    for (const node of nodes) await node.close()
  })
  const node = (at: number): TestGateway => nodes[at % nodes.length] ?? expect.fail('no node')

  async function addAdmin() {
    const admin = await addConsoleAdmin(node(0))
    const sealed = node(0).services.vault.seal('console-totp', secret)
    const row = { user_id: admin.uid, secret: sealed, pending: '', last_step: 0, confirmed_at: 1 }
    await node(0).db('console_totp').insert(row)
    return admin
  }
  async function halfSession({ account: name, password }: { account: string; password: string }) {
    const answer = await postConsole(node(0), '/session/password', { name, password }, headers)
    return { ...headers, Cookie: cookieOf(answer) }
  }
  /** How many of the calls, each of a sign-in of its own unless told otherwise, were let in. */
  async function letIn(
    params: object,
    visits: readonly Record<string, string | undefined>[],
  ): Promise<number> {
    const sent = visits.map((visit, at) => postConsole(node(at), '/session/factor', params, visit))
    const answers = await Promise.all(sent)
    return answers.filter(({ json }) => json?.code === 0).length
  }
  async function visitsOf(admin: { account: string; password: string }) {
    const visits = []
    for (let at = 0; at < calls; at++) visits.push(await halfSession(admin))
    return visits
  }

  it('lets one in by one code of an app', async () => {
    const admin = await addAdmin()
    const visits = await visitsOf(admin)
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
    expect(await letIn({ code }, visits)).to.equal(1)
  })

  it('lets one in by one recovery code', async () => {
    const admin = await addAdmin()
    const visits = await visitsOf(admin)
    const [recovery = ''] = await renewRecoveryCodes(node(0).services, admin.uid)
    expect(await letIn({ recovery }, visits)).to.equal(1)
    await saveRecoveryCodes(node(0).db, admin.uid, [])
  })

  it('lets one in by one answer of a passkey', async () => {
    const admin = await addAdmin()
    const passkey = makePasskey()
    const visit = await halfSession(admin)
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
    const full = {
      ...headers,
      Cookie: cookieOf(await postConsole(node(0), '/session/factor', { code }, visit)),
    }
    const optionsOf = async (path: string, visit: Record<string, string | undefined>) =>
      dataOf<{ options: string }>((await postConsole(node(0), path, {}, visit)).json).options
    const created = passkey.create(
      await optionsOf('/manage/console/account/startPasskey', full),
      headers.Origin,
    )
    const added = await postConsole(
      node(0),
      '/manage/console/account/addPasskey',
      { response: created },
      full,
    )
    expect(added.json).to.include({ code: 0 })
    const half = await halfSession(admin)
    const answer = passkey.get(await optionsOf('/session/passkey', half), headers.Origin)
    const visits = Array.from({ length: calls }, () => half)
    expect(await letIn({ passkey: answer }, visits)).to.equal(1)
  })
})
