import { get, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { deleteIpBlock, saveIpBlock } from '../../../db/ip-blocks.js'
import { duringGateway, type TestGateway } from '../../harness.js'
import { provideSqlite } from '../../servers/databases.js'
import { prepared } from '../../suite.js'

const production = {
  NODE_ENV: 'production',
  SMS_PROVIDER: 'webhook',
  SMS_WEBHOOK_URL: 'http://127.0.0.1:9/sms',
}
const absent = '404 {"code":1000,"message":"接口不存在"}'

async function ask(gateway: TestGateway, headers: Record<string, string> = {}) {
  const request = get(`${gateway.url}/openapi.json`, { headers, agent: false })
  const [response]: IncomingMessage[] = await once(request, 'response')
  if (!response) throw new Error('no response')
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) }
}

describe('/openapi.json', function () {
  this.timeout(60_000)
  const database = prepared(
    before,
    () => provideSqlite('migrated'),
    (provided) => provided.remove(),
  )

  it('describes all methods in development, packed for who can unpack it, to pages of other origins too', async () => {
    await duringGateway(database, { NODE_ENV: 'development' }, async (gateway) => {
      const plain = await ask(gateway, { Origin: 'https://editor.example' })
      expect(plain.status).to.equal(200)
      expect(plain.headers['content-type']).to.match(/^application\/json/)
      expect(plain.headers['access-control-allow-origin']).to.equal('https://editor.example')
      const description = JSON.parse(plain.body.toString())
      expect(description).to.include({ openapi: '3.1.0' })
      expect(description.servers).to.deep.equal([{ url: 'http://passport.test' }])
      const packed = await ask(gateway, { 'Accept-Encoding': 'gzip' })
      expect(packed.headers['content-encoding']).to.equal('gzip')
      expect(packed.body.length).to.be.below(plain.body.length / 8)
      expect(gunzipSync(packed.body).equals(plain.body)).to.equal(true)
      // Nothing of the database, its secrets or its users is in it.
      expect(plain.body.toString()).to.not.contain(gateway.web.secret)
    })
  })

  it('is there in production only where the console is on', async () => {
    const shown: string[] = []
    for (const env of [
      production,
      { ...production, CONSOLE: 'on' },
      { NODE_ENV: 'development', CONSOLE: 'off' },
    ])
      await duringGateway(database, env, async (gateway) => {
        const { status, body } = await ask(gateway)
        shown.push(`${status} ${body.toString().slice(0, absent.length)}`.slice(0, absent.length))
      })
    expect(shown[0]).to.equal(absent)
    expect(shown[1]).to.match(/^200 \{"openapi":"3\.1\.0"/)
    expect(shown[2]).to.equal(absent)
  })

  it('is closed to blocked addresses', async () => {
    const development = { NODE_ENV: 'development' }
    const address = '127.0.0.1'
    await duringGateway(database, development, ({ db }) =>
      saveIpBlock(db, { address, reason: '', created_at: 0, expires_at: null }),
    )
    await duringGateway(database, development, async (gateway) => {
      expect((await ask(gateway)).status).to.equal(403)
      await deleteIpBlock(gateway.db, address)
    })
  })
})
