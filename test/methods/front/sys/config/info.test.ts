import { expect } from 'chai'
import { withGatewayPerTest } from '../../../../suite.js'

const path = '/front/sys/config/info'

/** What everybody is answered; the differences from the defaults as JSON. */
function site({
  name = '商城',
  logo = '',
  auto = false,
  levels = '{"1001":"vip1","1002":"vip2","1003":"vip3"}',
  rates = '{"1001":100,"1002":95,"1003":90}',
} = {}): string {
  return (
    `{"site_name":"${name}","site_mobile_logo":"${logo}","site_admin_logo":"","account_login_bg":"",` +
    `"default_shipping_district":"北京市,北京市,东城区","wechat_app_id":"","wechat_connect_auto":${auto},` +
    `"user_level_map":${levels},"user_level_rate_map":${rates},` +
    `"order_state_list":[],"return_state_list":[],"payment_channel_list":[]}`
  )
}

const answer = (data: string) => `{"status":200,"code":0,"msg":"操作成功","data":${data},"error":null}`

withGatewayPerTest('front.sys.config.info', (gateway) => {
  beforeEach(() => gateway.services.db('sys_config_base').delete())

  it('answers the defaults, to anybody', async () => {
    const { status, text } = await gateway.request(path)
    expect(status).to.equal(200)
    expect(text).to.equal(answer(site()))
    expect((await gateway.request(path, { headers: { Authorization: 'Bearer dead' } })).text).to.equal(text)
    const gatewayCall = await gateway.request('/gateway?method=front.sys.config.info')
    expect(gatewayCall.text).to.equal(`{"code":200,"data":${site()},"message":"操作成功"}`)
  })

  it('answers what the operator has set, and nothing else of the settings', async () => {
    await gateway.services.db('sys_config_base').insert([
      { config_key: 'site_name', config_value: '我的商店', config_enable: 1 },
      { config_key: 'site_mobile_logo', config_value: 'https://cdn.example.com/logo.png', config_enable: 1 },
      { config_key: 'site_admin_logo', config_value: 'switched off', config_enable: 0 },
      { config_key: 'wechat_connect_auto', config_value: 'true', config_enable: 1 },
      { config_key: 'wechat_app_secret', config_value: 'secret', config_enable: 1 },
      { config_key: 'URL', config_value: 'https://example.com', config_enable: 1 },
      { config_key: 'CONFIG', config_value: '{}', config_enable: 1 },
      { config_key: 'HTTPS', config_value: '1', config_enable: 1 },
    ])
    expect((await gateway.request(path)).text).to.equal(
      answer(site({ name: '我的商店', logo: 'https://cdn.example.com/logo.png', auto: true })),
    )
  })

  it('answers an object of levels even where there are none', async () => {
    await gateway.services.db('account_user_level').delete()
    expect((await gateway.request(path)).text).to.equal(answer(site({ levels: '{}', rates: '{}' })))
  })

  it('answers the defaults, and logs why, when the settings cannot be read', async () => {
    await gateway.services.db.schema.renameTable('sys_config_base', 'moved_away')
    const { status, text } = await gateway.request(path)
    await gateway.services.db.schema.renameTable('moved_away', 'sys_config_base')
    expect(status).to.equal(200)
    expect(text).to.equal(answer(site({ levels: '{}', rates: '{}' })))
    expect(gateway.logLines.join('')).to.include('the defaults stand in for the settings')
  })
})
