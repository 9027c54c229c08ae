import { expect } from 'chai'
import { createFloodWindow } from '../../../gateway/services/limits/flood-window.js'
import { createMovableClock } from '../../harness.js'
import { withGateway } from '../../suite.js'

const day = 86_400_000
const noon = Date.UTC(2026, 0, 5, 4)

withGateway('a clock that jumped a day ahead and back', { CODE_GAP: '60' }, (gateway) => {
  /** Does something while the clock is a day ahead, and puts it back. */
  async function ahead(work: () => Promise<unknown>): Promise<void> {
    gateway.clock.freeze(noon + day)
    await work()
    gateway.clock.freeze(noon)
  }
  const send = async (mobile: string) => (await gateway.call('web.passport.sendcode', { mobile })).json?.code
  const check = async (mobile: string, code: string) =>
    (await gateway.call('web.passport.checkcode', { mobile, code })).json?.code

  it('blocks no number', async () => {
    await ahead(() => send('13500000001'))
    expect(await send('13500000001')).to.equal(200)
    expect(await send('13500000001')).to.equal(9999991)
  })

  it('leaves no code valid for longer than its own time', async () => {
    let code = ''
    await ahead(async () => {
      await send('13500000002')
      code = await gateway.lastCode('13500000002')
    })
    expect(await check('13500000002', code)).to.equal(404)
  })

  it('leaves no wrong tries counted', async () => {
    await ahead(async () => {
      await send('13500000003')
      for (let n = 0; n < 5; n++) await check('13500000003', '0000')
    })
    await send('13500000003')
    expect(await check('13500000003', await gateway.lastCode('13500000003'))).to.equal(200)
  })

  it('pauses no user', async () => {
    const { uid, password } = await gateway.addUser()
    const verify = async (password: string) =>
      (await gateway.call('web.passport.verifyUserPwd', { uid: String(uid), password })).json?.code
    await ahead(async () => {
      for (let n = 0; n < 7; n++) {
        await verify('a wrong one')
        gateway.clock.advance(120_000)
      }
    })
    expect(await verify(password)).to.equal(200)
  })

  it('keeps no message back', async () => {
    const { db, queue } = gateway.services
    await queue.add(db, 'mobile-changed', { area: '86', mobile: '13500000005' })
    await db('delivery_job').update({ due_at: noon + day })
    expect(await gateway.sentTo('+8613500000005')).to.have.length(1)
  })

  it('does not take the clocks of two nodes for one that jumped', async () => {
    gateway.clock.freeze(noon + 2000)
    expect(await send('13500000006')).to.equal(200)
    gateway.clock.freeze(noon)
    expect(await send('13500000006')).to.equal(9999991)
  })
})

describe('a flood window whose clock jumped ahead and back', () => {
  it('begins anew', () => {
    const clock = createMovableClock()
    clock.freeze(noon + day)
    const flood = createFloodWindow(1, 10, clock)
    flood.exceeded('203.0.113.7')
    expect(flood.exceeded('203.0.113.7')).to.be.above(0)
    clock.freeze(noon)
    expect(flood.exceeded('203.0.113.7')).to.equal(undefined)
  })
})
