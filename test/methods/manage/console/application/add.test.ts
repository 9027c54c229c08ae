import { expect } from 'chai'
import { consoleSession } from '../../../../console.js'
import { admitted, codeOf, getApplication } from '../applications.js'
import { beyond } from '../ranks.js'
import { withConsole } from '../suite.js'

const method = 'manage.console.application.add'

withConsole(method, {}, ({ gateway, admin, ask, send, entries, ...cases }) => {
  const app = { name: 'wrong', scheme: 'legacy', trust: 'server', grants: 'web.*' }

  it('adds one, whose secret is shown this once and good at once', async () => {
    const grants = 'web.passport.*, open.*'
    const { secret } = await ask({ ...app, name: 'shop', grants, addresses: '127.0.0.0/8' })
    expect(secret).to.match(/^[0-9a-f]{32}$/)
    const shop = { name: 'shop', secret: String(secret), scheme: 'legacy' } as const
    expect(await codeOf(gateway, shop)).to.equal(admitted)
    const list = await admin.call('manage.console.application.list')
    const shown = await getApplication(admin, 'shop')
    expect(list.text + JSON.stringify(shown)).to.not.include(secret)
    expect(shown).to.deep.include({
      enabled: true,
      live_secrets: 1,
      grants: ['web.passport.*', 'open.*'],
      addresses: ['127.0.0.0/8'],
    })
    const detail = 'application shop, legacy, server, web.passport.* open.*'
    expect(await entries()).to.deep.equal([{ actor_id: admin.uid, target_id: 0, detail }])
  })

  it('refuses one that there is, and what is no name, grant or address', async () => {
    const text = async (change: object) => (await send({ ...app, ...change })).text
    expect(await text({ name: 'shop' }))
      .to.include('应用 shop 已存在')
      .and.include('FIELD_REFUSED')
    expect(await text({ name: 'a b' })).to.include('应用名须为')
    expect(await text({ grants: 'web.(a|b)' })).to.include('不是接口名')
    expect(await text({ addresses: '10.0.0.0/' })).to.include('CIDR')
    expect(await text({ code_length: 3 })).to.include('4 到 8 位')
    const there = await admin.call('manage.console.application.get', { name: 'wrong' })
    expect(there.text).to.include('没有应用 wrong')
  })

  it('adds one, however many add it at a time, whose secret is the one that was shown', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => send({ ...app, name: 'once' })))
    const added = answers.filter(({ json }) => json?.['code'] === 0 && json['status'] === 200)
    expect(added.length, answers.map(({ text }) => text).join('\n')).to.equal(1)
    const secret = String((added[0]?.json?.data as { secret?: string } | undefined)?.secret)
    expect(await codeOf(gateway, { name: 'once', secret, scheme: 'legacy' })).to.equal(admitted)
  })

  it('leaves those that act for any user to a role that includes all of the console', async () => {
    const clerk = await consoleSession(gateway, { paths: ['/manage/console/application/*'] })
    const add = (name: string, trust: string) => clerk.call(method, { ...app, name, trust })
    expect((await add('clerks_server', 'server')).text).to.include(beyond)
    expect((await add('clerks_page', 'public')).json).to.include({ code: 0 })
  })

  cases.namesWhatIsWrong(app, { trust: 'all', scheme: 'rot13' })
  cases.namesWhatIsWrong(app, { name: undefined, scheme: undefined, trust: undefined, grants: undefined })
  cases.wantsProof(app)
  cases.isOfTheConsole(app)
})
