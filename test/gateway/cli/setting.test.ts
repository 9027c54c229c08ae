import { expect } from 'chai'
import { keys, refusal, refusalOf, useCommandLine, within5Seconds } from './command-line.js'
import { findSettingProblem, publicSettings } from '../../../methods/rules/settings/known-settings.js'
import { withGateway } from '../../suite.js'

withGateway('setting', keys, (gateway, database) => {
  const cli = useCommandLine(database)

  const siteName = async (): Promise<unknown> =>
    JSON.parse((await gateway.request('/front/sys/config/info')).text).data.site_name

  it('shows the default of what is not set', async () => {
    expect(await cli.run('setting get exp_login')).to.deep.equal({ code: 0, stdout: '50\n', stderr: '' })
    expect(await cli.run('setting get site_name')).to.include({ code: 0, stdout: '商城\n' })
    expect(refusal(await cli.run('setting unset site_name'))).to.deep.equal({
      code: 1,
      line: 'error: site_name is not set',
    })
  })

  it('sets what running gateways answer within five seconds, and takes it back', async () => {
    expect(await siteName()).to.equal('商城')
    expect(await cli.run(['setting', 'set', 'site_name', '我的 商店'])).to.deep.equal({
      code: 0,
      stdout: 'site_name is set; running nodes see it within 5 seconds\n',
      stderr: '',
    })
    expect(await within5Seconds(siteName, (name) => name === '我的 商店')).to.equal('我的 商店')
    expect(await cli.run('setting get site_name')).to.include({ stdout: '我的 商店\n' })
    expect(await cli.run('setting unset site_name')).to.deep.equal({
      code: 0,
      stdout: 'site_name has its default again; running nodes see it within 5 seconds\n',
      stderr: '',
    })
    expect(await within5Seconds(siteName, (name) => name === '商城')).to.equal('商城')
  })

  it('reads a document from standard input', async () => {
    const input = '<h1>注册协议</h1>\n<p>第一条</p>\n'
    const set = ['setting', 'set', 'reg_protocols_description', '-']
    expect((await cli.run(set, { input })).code).to.equal(0)
    expect((await cli.run('setting get reg_protocols_description')).stdout).to.equal(input)
  })

  it('lists every setting there is, long ones cut', async () => {
    await cli.run(['setting', 'set', 'store_description', 'x'.repeat(100)])
    await cli.run('setting set points_reg 12.5')
    const { code, stdout } = await cli.run('setting list')
    const lines = stdout.trimEnd().split('\n')
    expect(code).to.equal(0)
    expect(lines[0]).to.match(/^KEY +VALUE +SOURCE +MEANING$/)
    expect(stdout).to.match(/^points_reg +12\.5 +set +points for a registration$/m)
    expect(stdout).to.match(/^exp_login +50 +default +experience for a day's first login$/m)
    expect(stdout).to.match(/^reg_protocols_description +<h1>注册协议<\/h1> <p>第一条<\/p> +set +document: /m)
    expect(stdout).to.match(/^store_description +x{40}… +set +document: about the shop$/m)
  })

  it('prints JSON', async () => {
    expect(JSON.parse((await cli.run('setting get points_reg --json')).stdout)).to.deep.equal({
      key: 'points_reg',
      value: '12.5',
      source: 'set',
      meaning: 'points for a registration',
    })
    const all: { key: string; value: string }[] = JSON.parse((await cli.run('setting list --json')).stdout)
    expect(all.map(({ key }) => key)).to.include.members([
      'site_name',
      'wechat_connect_auto',
      'exp_consume_max',
      'reg_privacy_protocols',
      'pr_protocols_description',
      'cancellation_agreement',
      'points_protocols',
      'withdraw_protocols_description',
    ])
    expect(all.find(({ key }) => key === 'store_description')?.value).to.equal('x'.repeat(100))
  })

  // account-beside.md §3: our own setting of a name counts before the imported row, which is the shop's.
  it('sets beside a row of an old shop, which stays as it is', async () => {
    const { db } = gateway
    const row = { config_key: 'exp_reg', config_value: '9', config_enable: 0, config_title: '注册经验' }
    await db('sys_config_base').insert(row)
    expect((await cli.run('setting get exp_reg')).stdout).to.equal('0\n')
    await cli.run('setting set exp_reg 11')
    expect((await cli.run('setting get exp_reg')).stdout).to.equal('11\n')
    expect(await db('sys_config_base').where({ config_key: 'exp_reg' }).first()).to.include(row)
    await cli.run('setting unset exp_reg')
    await db('sys_config_base').update({ config_enable: 1 })
    expect(JSON.parse((await cli.run('setting get exp_reg --json')).stdout)).to.include({
      value: '9',
      source: 'shop',
    })
  })

  it('shows a row of an old shop that everybody may read even if it is not enabled', async () => {
    await gateway
      .db('sys_config_base')
      .insert({ config_key: 'site_tel', config_value: '400', config_enable: 0 })
    expect((await cli.run('setting get site_tel')).stdout).to.equal('400\n')
  })

  it('takes every key that front/sys/config/info answers', async () => {
    const values: Record<string, string> = {
      text: '1',
      switch: 'on',
      integer: '2',
      districts: '1,2,3',
      list: '[]',
      object: '{}',
      menu: '{"list":[]}',
    }
    const keys = Object.entries(publicSettings)
    for (const [key, { kind }] of keys)
      expect(findSettingProblem(key, values[kind] ?? ''), key).to.equal(undefined)
    expect((await cli.run('setting set user_center_menu {"list":[]}')).code).to.equal(0)
  })
})

describe('setting', () => {
  it('refuses a key that there is not, and says which exist', async () => {
    for (const words of [
      ['set', 'smtp_password', 'x'],
      ['get', 'URL'],
      ['unset', 'toString'],
    ]) {
      const { code, line } = await refusalOf(['setting', ...words])
      expect(code, words.join(' ')).to.equal(2)
      expect(line, words.join(' ')).to.match(/It must be one of site_name, .*, store_description\.$/)
    }
  })

  it('refuses a value that its readers could not use', async () => {
    const refusals: readonly (readonly [string, string, string])[] = [
      ['exp_login', '-1', 'a number from 0 to 9999999'],
      ['exp_login', '1e3', 'a number from 0 to 9999999'],
      ['exp_consume_rate', 'much', 'a number from 0 to 9999999'],
      ['points_reg', '', 'a number from 0 to 9999999'],
      ['wechat_connect_auto', 'maybe', 'true or false'],
      ['kefu_type_id', '1.5', 'a whole number'],
      ['default_shipping_district', '北京市,北京市,东城区', 'three district ids, with commas between'],
      ['order_state_list', '{}', 'a JSON list'],
      ['user_center_menu', '{}', 'a JSON object with a list'],
      ['message_notice_user', 'somebody', 'the id of a user, 0 for none'],
      ['store_description', 'x'.repeat(65_536), 'at most 65535 bytes'],
      ['site_name', 'a\0b', 'no NUL characters'],
    ]
    for (const [key, value, problem] of refusals)
      expect(
        await refusalOf(['setting', 'set', '--', key, value]),
        `${key} ${value.slice(0, 20)}`,
      ).to.deep.equal({ code: 2, line: `error: ${key}: ${problem}` })
  })
})
