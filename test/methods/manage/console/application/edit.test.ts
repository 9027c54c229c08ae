import { expect } from 'chai'
import { changeApp } from '../../../../../gateway/services/apps/registry.js'
import { consoleSession } from '../../../../console.js'
import { getApplication, leavesServersAlone } from '../applications.js'
import { beyond } from '../ranks.js'
import { withConsole } from '../suite.js'

const method = 'manage.console.application.edit'

withConsole(method, {}, ({ gateway, admin, send, entries, ...cases }) => {
  const refusalOf = async (params: object) => (await send(params)).text

  it('changes grants, addresses, trust and rules, one by one or together', async () => {
    await gateway.addApp({ name: 'changed', grants: ['*'] })
    await send({ name: 'changed', grants: 'web.*，open.*' })
    expect(await getApplication(admin, 'changed')).to.deep.include({
      grants: ['web.*', 'open.*'],
      trust: 'server',
    })
    await send({ name: 'changed', trust: 'public', addresses: '10.0.0.1 ::1', code_length: 6 })
    expect(await getApplication(admin, 'changed')).to.deep.include({
      trust: 'public',
      addresses: ['10.0.0.1', '::1'],
      code_length: 6,
      grants: ['web.*', 'open.*'],
    })
    await send({ name: 'changed', addresses: 'any', code_length: 0, recut: 'report' })
    expect(await getApplication(admin, 'changed')).to.deep.include({
      addresses: [],
      code_length: 0,
      recut: 'report',
    })
    const before = await changeApp(gateway.db, 'changed', { recut: 'refuse' })
    expect(before.recut).to.equal('report')
    const noted = (await entries()).map(({ actor_id, detail }) => [actor_id, detail])
    expect(noted).to.deep.equal([
      [admin.uid, 'application changed: grants web.* open.*'],
      [admin.uid, 'application changed: trust public, addresses 10.0.0.1 ::1, codeLength 6'],
      [admin.uid, 'application changed: addresses any, codeLength null, recut report'],
    ])
  })

  it('refuses what leaves no grant or is none, and an application that there is not', async () => {
    expect(await refusalOf({ name: 'changed', grants: ' , ' })).to.include('至少授予一个')
    expect(await refusalOf({ name: 'changed', grants: 'web.(a|b)' })).to.include('不是接口名')
    expect(await refusalOf({ name: 'changed', addresses: '10.0.0.0/' })).to.include('CIDR')
    expect(await refusalOf({ name: 'nobody', trust: 'public' })).to.include('没有应用 nobody')
  })

  it('lets guards report only until a day, and says so', async () => {
    await gateway.addApp({ name: 'reported' })
    const until = Date.now() + 86_400_000
    await send({ name: 'reported', report_only: 'trust, scheme', report_until: until })
    expect(await getApplication(admin, 'reported')).to.deep.include({
      report_only: ['trust', 'scheme'],
      report_until: until,
    })
    await send({ name: 'reported', report_only: 'none' })
    expect(await getApplication(admin, 'reported')).to.deep.include({ report_only: [], report_until: 0 })
    const text = (fields: object) => refusalOf({ name: 'reported', ...fields })
    expect(await text({ report_only: 'doors', report_until: until })).to.include('没有名为 doors 的防护')
    expect(await text({ report_only: 'trust' })).to.include('90 天之内')
    expect(await text({ report_only: 'trust', report_until: until, trust: 'public' })).to.include(
      '已是 public',
    )
  })

  it('makes none act for any user but by a role that includes all of the console', async () => {
    await gateway.addApp({ name: 'page', trust: 'public' })
    const clerk = await consoleSession(gateway, { paths: ['/manage/console/application/*'] })
    expect((await clerk.call(method, { name: 'page', trust: 'server' })).text).to.include(beyond)
    expect((await clerk.call(method, { name: 'page', code_length: 5 })).json).to.include({ code: 0 })
    expect(await getApplication(admin, 'page')).to.include({ trust: 'public', code_length: 5 })
  })

  leavesServersAlone(gateway, method)
  cases.namesWhatIsWrong({ name: 'web' }, { name: undefined, trust: 'all', recut: 'perhaps', code_length: 9 })
  cases.wantsProof({ name: 'web' })
  cases.isOfTheConsole({ name: 'web' })
})
