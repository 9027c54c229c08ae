import { expect } from 'chai'
import { admitted, codeOf, getApplication } from '../applications.js'
import { withConsole } from '../suite.js'

withConsole('manage.console.application.get', {}, ({ gateway, admin, send, ...cases }) => {
  it('shows with which versions it calls, summed over nodes, and passwords in queries', async () => {
    const app = await gateway.addApp({ name: 'seen' })
    expect(await codeOf(gateway, app, { app_version: '3.8.2' })).to.equal(admitted)
    await codeOf(gateway, app, { app_version: '3.8.2' })
    await codeOf(gateway, app, { app_version: '<script>4' })
    const { callers } = gateway.services
    await callers.flush()
    await codeOf(gateway, app, { app_version: '3.8.2' })
    await gateway.call('web.passport.verifyUserPwd', { uid: '1', password: 'x' }, { app })
    await callers.flush()
    const seen = await getApplication(admin, 'seen')
    expect(seen.callers.map(({ version, calls }) => `${version} ${calls}`)).to.have.members([
      '3.8.2 3',
      'script4 1',
      ' 1',
    ])
    expect(seen).to.include({ calls: 5 })
    expect(seen.last_seen_at).to.be.closeTo(gateway.clock.now(), 60_000)
    await gateway.addApp({ name: 'unseen' })
    expect(await getApplication(admin, 'unseen')).to.include({ calls: 0, last_seen_at: 0 })
  })

  it('shows what it calls in which scheme, from where, and what guards find in it', async () => {
    const app = await gateway.addApp({ name: 'placed' })
    await gateway.call('web.passport.verifyUserPwd', { uid: '1', password: 'x' }, { app })
    await gateway.services.callers.flush()
    const { method_callers } = await getApplication(admin, 'placed')
    const rows = method_callers.map(({ method, scheme, finding, network, calls }) =>
      [method, scheme, finding, network, calls].join(' '),
    )
    const call = 'web.passport.verifyUserPwd legacy'
    expect(rows).to.have.members([`${call}  127.0.0.0/24 1`, `${call} query-credentials 127.0.0.0/24 1`])
  })

  it('says which application there is not', async () => {
    expect((await send({ name: 'nobody' })).text).to.include('没有应用 nobody')
  })

  cases.namesWhatIsWrong({}, { name: undefined })
  cases.isOfTheConsole({ name: 'web' })
})
