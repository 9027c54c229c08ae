import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { signatureMissing } from '../answers.js'
import { loadDemoData } from '../../gateway/start/demo-data.js'
import { projectRoot } from '../whole/architecture/source-tree.js'
import { startGateway, type TestApp, type TestGateway } from '../harness.js'
import { onEachDatabase } from '../servers/databases.js'

interface DocumentedMethod {
  readonly method: string
  readonly params: readonly { readonly name: string; readonly example: string }[]
  readonly example: { readonly code: number; readonly data: object; readonly message: string }
}

const document: { readonly methods: readonly DocumentedMethod[] } = JSON.parse(
  readFileSync(join(projectRoot(), 'gateway/move/check/documents/passport-api.json'), 'utf8'),
)

/** The moment of the document's answers, in milliseconds: the `random` of open.passport.get. */
const moment = 1458378392_046

type Parameters = Record<string, string>

/** What has to take the place of a documented example, as it is one of another system's users or codes. */
const replacements: Record<string, (gateway: TestGateway) => Promise<Parameters> | Parameters> = {
  'web.passport.getUserVerifyInfo': () => ({ uid: '6030455' }),
  'web.passport.verifyUserPwd': () => ({ uid: '12345', password: '1234567' }),
  'web.passport.changePwd': () => ({ uid: '12345' }),
  'web.passport.checkcode': async (gateway) => ({ code: await gateway.lastCode('13912345678') }),
  'web.passport.changeVerifyMobile': () => ({ uid: '12345' }),
  'web.passport.verifyEmail': () => ({ uid: '12345' }),
  'web.passport.checkCodeValid': async (gateway) => ({ code: await gateway.lastMailToken('t@163.com') }),
  'web.passport.changeEmail': async (gateway) => ({ code: await gateway.lastMailToken('t@163.com') }),
}

/** Fields of documented answers that contradict the rest of the answer: a mobile cannot be verified and absent. */
const contradictions: Record<string, Parameters> = {
  'web.passport.getUserVerifyInfo': { mobile: '13812345678' },
}

function expectedAnswer({ method, example }: DocumentedMethod): string {
  // Changing the value of a key there is leaves the order of the keys alone.
  const data = Array.isArray(example.data) ? [] : { ...example.data, ...contradictions[method] }
  return JSON.stringify({ ...example, data })
}

for (const way of ['signed', 'unsigned, from this machine'] as const) {
  onEachDatabase(`the passport document's requests, ${way}`, (database) => {
    let gateway: TestGateway
    let app: TestApp | null = null
    before(async () => {
      gateway = await startGateway(database, { NODE_ENV: 'development' })
      // The demonstration data comes into an empty database only.
      await gateway.db('client_app').delete()
      const apps = await loadDemoData(gateway.services)
      expect(apps.map(({ name }) => name)).to.deep.equal(['web', 'internal'])
      const secret = apps.find(({ name }) => name === 'web')?.secret ?? ''
      if (way === 'signed') app = { name: 'web', secret, scheme: 'legacy' }
      gateway.clock.freeze(moment)
    })
    after(() => gateway.close())

    it('are eleven', () => {
      expect(document.methods).to.have.length(11)
      expect(new Set(document.methods.map(({ method }) => method)).size).to.equal(11)
    })

    for (const documented of document.methods) {
      it(`get the documented answer of ${documented.method}, byte for byte`, async () => {
        const { method, params } = documented
        const examples = Object.fromEntries(params.map(({ name, example }) => [name, example]))
        const replaced = (await replacements[method]?.(gateway)) ?? {}
        expect(Object.keys(examples)).to.include.members(Object.keys(replaced))
        const { status, headers, text } = await gateway.call(method, { ...examples, ...replaced }, { app })
        expect(status).to.equal(200)
        expect(headers.get('content-type')).to.equal('application/json;charset=UTF-8')
        expect(text).to.equal(expectedAnswer(documented))
      })
    }

    it('have done what they say', async () => {
      const { json } = await gateway.call('web.passport.getUserVerifyInfo', { uid: '12345' }, { app })
      expect(json?.data).to.deep.equal({
        email: 't@163.com',
        emailVerify: 'Y',
        emailVerifyTime: '2016-03-19 17:06:32',
        mobile: '13912345678',
        mobileVerify: 'Y',
        mobileVerifyTime: '2016-03-19 17:06:32',
        uid: 12345,
      })
      const wrong = { uid: '12345', password: '1234567' }
      expect((await gateway.call('web.passport.verifyUserPwd', wrong, { app })).json?.code).to.equal(10012)
      const right = { uid: '12345', password: '123456' }
      expect((await gateway.call('web.passport.verifyUserPwd', right, { app })).json?.code).to.equal(200)
    })

    it('are not answered to callers that do not sign and are not this machine', async () => {
      const headers = { 'X-Forwarded-For': '203.0.113.7' }
      const { text } = await gateway.call('open.passport.get', { uid: '5357305' }, { app: null, headers })
      expect(text).to.equal(signatureMissing)
    })
  })
}
