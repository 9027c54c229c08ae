import { expect } from 'chai'
import { permissionDenied } from '../../../answers.js'
import { consoleSession } from '../../../console.js'
import { dataOf } from '../../../harness.js'
import { prepared, withGateway } from '../../../suite.js'

const env = { CONSOLE: 'on', CODE_PER_DAY: '1000', CODE_RESERVE: '20' }

withGateway('blocks, limits and settings in the console', env, (gateway) => {
  const admin = prepared(before, () => consoleSession(gateway))
  const call = (name: string, params: object = {}) => admin.call(`manage.console.${name}`, params)
  const items = async (name: string) =>
    dataOf<{ items: Record<string, unknown>[] }>((await call(`${name}.list`)).json).items

  it('block an address in any spelling, for a time or for good, and unblock it', async () => {
    await call('ipBlock.add', { address: '2001:DB8:0:0::/32', reason: '<b>短信</b>' })
    await call('ipBlock.add', { address: '203.0.113.7', hours: 1.5 })
    const [wide, one] = await items('ipBlock')
    expect(wide).to.include({ address: '2001:db8::/32', reason: '<b>短信</b>', expires_at: 0 })
    expect(Number(one?.['expires_at']) - Number(one?.['created_at'])).to.equal(1.5 * 3_600_000)
    expect((await call('ipBlock.remove', { address: '2001:db8::1' })).text).to.include('属于已封禁的')
    expect((await call('ipBlock.remove', { address: '2001:0db8::/32' })).json).to.include({ code: 0 })
    expect((await call('ipBlock.remove', { address: '2001:db8::/32' })).text).to.include('未被封禁')
    expect((await call('ipBlock.add', { address: '10.0.0.0/' })).text).to.include('请填写 IP 地址')
    expect(await items('ipBlock')).to.have.length(1)
  })

  it('block nobody out of the console by mistake', async () => {
    for (const address of ['127.0.0.1', '0.0.0.0/0'])
      expect((await call('ipBlock.add', { address })).text).to.include('不能封禁您自己的地址')
    for (const address of ['128.0.0.0/1', '8000::/1'])
      expect((await call('ipBlock.add', { address })).text).to.include('网段过大')
  })

  it('show what is used of the day, and what is left', async () => {
    for (const mobile of ['13712345671', '13712345672'])
      await gateway.call('web.passport.sendcode', { mobile })
    type Overview = { budgets: object[]; limits: { name: string }[]; busiest: Record<string, unknown>[] }
    const { budgets, limits, busiest } = dataOf<Overview>((await call('limit.list')).json)
    expect(budgets[0]).to.include({ channel: 'sms', per_day: 1000, reserved: 200, used: 2, left: 998 })
    expect(budgets[1]).to.include({ channel: 'mail', used: 0, left: 1000, resets_at: 0 })
    expect(limits).to.deep.include({ name: 'CODE_PER_DAY', points: 1000, seconds: 86_400 })
    expect(JSON.stringify(busiest)).to.not.include('1371234567')
  })

  it('set a setting, and give it its default again', async () => {
    const settingOf = async (key: string) =>
      (await items('setting')).find((setting) => setting['key'] === key)
    const before = await settingOf('site_name')
    expect(before).to.include({ source: 'default' })
    await call('setting.set', { key: 'site_name', value: '"><img src=x onerror=alert(1)>' })
    expect(await settingOf('site_name')).to.include({
      source: 'set',
      value: '"><img src=x onerror=alert(1)>',
    })
    await call('setting.set', { key: 'site_name' })
    expect(await settingOf('site_name')).to.include({ source: 'set', value: '' })
    await call('setting.unset', { key: 'site_name' })
    expect(await settingOf('site_name')).to.deep.equal(before)
    expect((await call('setting.unset', { key: 'site_name' })).text).to.include('未设置')
    expect((await call('setting.set', { key: 'no_such', value: '1' })).text).to.include('没有设置项')
    const number = (await items('setting')).find(({ kind }) => kind === 'number')
    const wrong = await call('setting.set', { key: number?.['key'], value: 'many' })
    expect(wrong.text).to.include('的值不合要求')
  })

  it('are audited, without the text of a setting', async () => {
    const entries = await gateway.db('audit_entry').where('action', 'like', 'manage.console.%')
    const seen = entries.map(({ action, detail }) => `${action.slice('manage.console.'.length)} ${detail}`)
    expect(seen).to.include.members([
      'ipBlock.add 203.0.113.7, 1.5 hours',
      'ipBlock.remove 2001:db8::/32',
      'setting.set site_name, 30 characters',
      'setting.unset site_name',
    ])
  })

  it('are for whom the role includes them', async () => {
    const nobody = await consoleSession(gateway, { paths: ['/manage/console/role/list'] })
    for (const name of ['ipBlock.list', 'ipBlock.add', 'limit.list', 'setting.list', 'setting.set'])
      expect((await nobody.call(`manage.console.${name}`)).text, name).to.equal(permissionDenied)
  })
})
