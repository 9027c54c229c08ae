import { expect } from 'chai'
import { withGateway } from '../../../../suite.js'

const path = '/front/account/user/listsExpRule'
const defaults =
  '{"exp_reg":"0","exp_login":"50","exp_evaluate_good":"50","exp_consume_rate":"0.1","exp_consume_max":"500"}'

withGateway('front.account.user.listsExpRule', (gateway) => {
  beforeEach(() => gateway.db('sys_config_base').delete())

  it('answers the default rules as texts, to anybody', async () => {
    const { status, text } = await gateway.request(path)
    expect(status).to.equal(200)
    expect(text).to.equal(`{"status":200,"code":0,"msg":"操作成功","data":${defaults},"error":null}`)
    const dead = await gateway.request(path, { headers: { Authorization: 'Bearer dead' } })
    expect(dead.text).to.equal(text)
    const gatewayCall = await gateway.request('/gateway?method=front.account.user.listsExpRule')
    expect(gatewayCall.text).to.equal(`{"code":200,"data":${defaults},"message":"操作成功"}`)
  })

  it('answers what the operator configured, as it was written, and nothing else of the settings', async () => {
    await gateway.db('sys_config_base').insert([
      { config_key: 'exp_login', config_value: '7', config_enable: 1 },
      { config_key: 'exp_consume_rate', config_value: '0.50', config_enable: 1 },
      { config_key: 'smtp_password', config_value: 'secret', config_enable: 1 },
    ])
    expect((await gateway.request(path)).json?.data).to.deep.equal({
      ...JSON.parse(defaults),
      exp_login: '7',
      exp_consume_rate: '0.50',
    })
  })

  it('answers the default where a setting is switched off', async () => {
    await gateway
      .db('sys_config_base')
      .insert({ config_key: 'exp_login', config_value: '7', config_enable: 0 })
    expect((await gateway.request(path)).json?.data).to.deep.equal(JSON.parse(defaults))
  })
})
