import { expect } from 'chai'
import type { Incoming } from '../../gateway/dialects/dialect.js'
import { withGatewayPerTest } from '../suite.js'

const name = 'front.account.login.protocol'
const head = { verb: 'GET', path: '/', headers: {}, ip: '127.0.0.1', requestId: 'a-call', isLocal: false }
const incoming: Incoming = { head, method: name, params: {}, token: undefined }

withGatewayPerTest('the way of a call', (gateway) => {
  let told: unknown

  /** Dispatches a call of a method that answers so. */
  function dispatch(answer: () => unknown, changed: object = {}) {
    const method = gateway.gateway.table.byName.get(name) ?? expect.fail()
    const handle = (call: unknown) => {
      told = call
      return answer()
    }
    Object.assign(method, { handle, limit: undefined, ...changed })
    return gateway.gateway.dispatch(incoming)
  }
  const result = { document: '', state: 0 }

  it('does not pause where nothing waits', () => {
    expect(dispatch(() => result)).to.deep.include({ ok: true, result })
    const crash = () => {
      throw new Error('broken')
    }
    expect(dispatch(crash)).to.have.property('ok', false)
  })

  it('waits for the steps that wait, and goes on after them', async () => {
    const limit = { by: 'ip', points: 1, seconds: 10, name }
    const outcome = dispatch(async () => result, { limit })
    expect(outcome).to.be.instanceOf(Promise)
    expect(await outcome).to.deep.include({ ok: true, result })
    expect(await dispatch(() => Promise.reject(new Error('broken')))).to.have.property('ok', false)
  })

  it('tells the handler the method by its wire name, and where the call comes from', async () => {
    await dispatch(() => result)
    const nobody = { app: undefined, session: undefined, console: undefined }
    const call = { action: name, params: {}, ...nobody, ip: '127.0.0.1', requestId: 'a-call' }
    expect(told).to.deep.equal(call)
  })

  it('ends before the handler for an application without the trust the method takes', async () => {
    told = undefined
    const outcome = await dispatch(() => result, { trust: 'server' })
    expect(outcome).to.have.nested.property('error.key', 'PERMISSION_DENIED')
    expect(told).to.equal(undefined)
  })
})
