import { expect } from 'chai'
import { refusal } from '../../answers.js'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { CompiledMethod } from '../../../gateway/contract/compile-table.js'
import type { Contract } from '../../../gateway/contract/contract.js'
import { createGateway, type Gateway } from '../../../gateway/gateway.js'
import { createRouter } from '../../../gateway/router.js'
import { fetchAnswer } from '../../fetch-answer.js'
import { withGateway } from '../../suite.js'

const name = 'front.account.login.protocol'
const restPath = '/front/account/login/protocol'
const gatewayPath = `/gateway?method=${name}`
const xml = '<xml><Content>你好 method=x&state=1</Content></xml>'
const refused = refusal(
  300,
  '参数错误：body: application/x-www-form-urlencoded or application/json',
  'BODY_TYPE',
)

withGateway('what a contract asks to be told of a call', (gateway) => {
  let core: Gateway
  let told: Record<string, unknown>
  let contract: Contract
  const servers: Server[] = []
  before(async () => {
    core = createGateway(gateway.services)
    contract = core.table.byName.get(name)?.contract ?? expect.fail()
  })
  after(async () => {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
  })

  /** A method that asks for what `flags` says, and only tells what it was given. */
  function ask(flags: object): void {
    const method: CompiledMethod = core.table.byName.get(name) ?? expect.fail()
    const document = { ...contract.document, 'x-verbs': ['GET', 'POST'], ...flags }
    const handle = async (call: Record<string, unknown>) => {
      told = call
      return { document: '', state: 0 }
    }
    Object.assign(method, {
      handle,
      verbs: ['GET', 'POST'],
      takesMore: Object.keys(flags).length > 0,
      contract: { ...contract, document },
    })
  }

  async function listen(app: RequestListener): Promise<string> {
    const server = createServer(app)
    servers.push(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const mounted = (...parsers: express.RequestHandler[]) => {
    const app = express()
    for (const parser of parsers) app.use(parser)
    app.use(createRouter(core, gateway.services, { isDraining: () => false }))
    return listen(app)
  }
  const postText = (body: string, type = 'text/xml'): RequestInit => ({
    method: 'POST',
    headers: { 'Content-Type': type },
    body,
  })

  it('is the cookie it names, under both endpoints, and undefined without', async () => {
    ask({ 'x-cookie': 'browser' })
    const url = await mounted()
    const headers = { Cookie: 'a=1; browser=%E4%BD%A0; browser2=no' }
    for (const path of [restPath, gatewayPath]) {
      expect((await fetchAnswer(`${url}${path}`, { headers })).status).to.equal(200)
      expect(told, path).to.have.property('cookie', '你')
      expect(told).not.to.have.any.keys('raw', 'body')
      await fetchAnswer(`${url}${path}`, { headers: { Cookie: 'a=1' } })
      expect(told, path).to.have.property('cookie', undefined)
      await fetchAnswer(`${url}${path}`)
      expect(told, path).to.have.property('cookie', undefined)
    }
  })

  it('is a body of another type as text, never read as parameters', async () => {
    ask({ 'x-text-body': true })
    const url = await mounted()
    for (const path of [`${restPath}?document_type=a`, `${gatewayPath}&document_type=a`]) {
      for (const type of ['text/xml', 'application/xml; charset=utf-8', 'text/plain']) {
        expect((await fetchAnswer(`${url}${path}`, postText(xml, type))).status).to.equal(200)
        expect(told['body'], type).to.equal(xml)
        expect(told['params']).to.deep.equal({ document_type: 'a' })
      }
      await fetchAnswer(`${url}${path}`, postText('protocols_key=b', 'application/x-www-form-urlencoded'))
      // Empty, so that a method tells a POST without a text from a GET.
      expect([told['body'], told['params']]).to.deep.equal(['', { document_type: 'a', protocols_key: 'b' }])
    }
    expect((await fetchAnswer(`${url}${restPath}`, postText('x'.repeat(300_000)))).status).to.equal(413)
  })

  it('is such a body also where parsers of an application stand before it', async () => {
    ask({ 'x-text-body': true })
    const usual = [express.json(), express.urlencoded({ extended: false })]
    for (const parsers of [
      usual,
      [...usual, express.text({ type: 'text/xml' })],
      [...usual, express.raw({ type: 'text/xml' })],
    ]) {
      const url = await mounted(...parsers)
      for (const path of [restPath, gatewayPath]) {
        told = {}
        expect((await fetchAnswer(`${url}${path}`, postText(xml))).status).to.equal(200)
        expect(told['body'], `${parsers.length} ${path}`).to.equal(xml)
      }
    }
  })

  it('is nothing unless it asks: then such a body is refused, and no cookie handed on', async () => {
    ask({})
    const url = await mounted()
    const answer = await fetchAnswer(`${url}${restPath}`, postText(xml))
    expect([answer.status, answer.text]).to.deep.equal([415, refused])
    expect((await fetchAnswer(`${url}${gatewayPath}`, postText(xml))).status).to.equal(415)
    // Where there is nothing, it does not matter what the body was (account-beside.md §7).
    expect((await fetchAnswer(`${url}/front/no/such`, postText(xml))).status).to.equal(404)
    await fetchAnswer(`${url}${restPath}`, { headers: { Cookie: 'browser=1' } })
    expect(told).to.have.all.keys('action', 'params', 'app', 'session', 'ip', 'requestId', 'console')
  })
})
