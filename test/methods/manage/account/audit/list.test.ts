import { expect } from 'chai'
import { audit } from '../../../../../methods/rules/audit.js'
import { loginRequired, permissionDenied } from '../../../../answers.js'
import { type TestAdmin, addAdmin, listOf } from '../administrators.js'
import { withGateway } from '../../../../suite.js'

const path = '/manage/account/audit/list'

withGateway('manage.account.audit.list', (gateway) => {
  let admin: TestAdmin
  before(async () => {
    admin = await addAdmin(gateway)
    gateway.clock.freeze(Date.parse('2026-11-20T10:00:00+08:00'))
    const { services } = gateway
    const record = async (action: string, actorId: number, targetId: number) => {
      gateway.clock.advance(1000)
      const call = { action, session: undefined, ip: '2001:db8::1' }
      await audit(services, call, { actorId, targetId, detail: `${targetId}` })
    }
    await record('first', 1, 2)
    await record('second', 2, 3)
    await record('first', 1, 3)
    admin = await addAdmin(gateway)
  })

  const actions = async (params: Record<string, string> = {}) =>
    listOf<{ action: string; detail: string }>(await admin.get(path, params)).items.map(
      ({ action, detail }) => `${action} ${detail}`,
    )

  it('shows the newest first', async () => {
    const { items, records } = listOf(await admin.get(path, { size: '1' }))
    expect(records).to.equal(3)
    const [first] = items
    expect(first).to.deep.equal({
      audit_id: first?.['audit_id'],
      happened_at: gateway.clock.now(),
      action: 'first',
      outcome: 'ok',
      actor_id: 1,
      actor: '',
      target_id: 3,
      ip: '2001:db8::1',
      detail: '3',
    })
    expect(await actions()).to.deep.equal(['first 3', 'second 3', 'first 2'])
  })

  it('filters by who acted, on whom, what and when', async () => {
    expect(await actions({ actor_id: '1' })).to.deep.equal(['first 3', 'first 2'])
    expect(await actions({ target_id: '3' })).to.deep.equal(['first 3', 'second 3'])
    expect(await actions({ action: 'second' })).to.deep.equal(['second 3'])
    expect(await actions({ createTimeEnd: '2026-11-20 10:00:02' })).to.deep.equal(['second 3', 'first 2'])
    expect(await actions({ createTimeStart: '2026-11-20', createTimeEnd: '2026-11-20' })).to.have.length(3)
    expect(await actions({ createTimeStart: '2026-11-21' })).to.deep.equal([])
    expect(await actions({ sidx: 'happened_at', sort: 'asc' })).to.deep.equal([
      'first 2',
      'second 3',
      'first 3',
    ])
  })

  it('is for administrators', async () => {
    const token = await (await gateway.addUser()).startSession()
    expect((await gateway.request(`${path}?perm_key=${token}`)).text).to.equal(permissionDenied)
    expect((await gateway.request(path)).text).to.equal(loginRequired)
  })
})
