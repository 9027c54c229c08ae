import { expect } from 'chai'
import { saveSetting } from '../../../../../db/settings.js'
import { withGatewayPerTest } from '../../../../suite.js'

const path = '/front/sys/config/info'

const returnStates =
  '[{"value":3100,"label":"提交退单"},{"value":3105,"label":"退单审核"},{"value":3110,"label":"收货确认"},' +
  '{"value":3115,"label":"退款确认"},{"value":3120,"label":"收款确认"},{"value":3125,"label":"完成"},' +
  '{"value":3130,"label":"拒绝退货"},{"value":3135,"label":"买家取消"}]'

/** The three tiles whose pages are an account server's own. */
const menu =
  '{"type":2,"titleType":1,"list":[' +
  '{"id":6,"name":"会员中心","isShow":true,"cat":1,"color":"#ffc333","icon":"zc zc-huiyuanzhongxin","FeatureKey":"MemGrade","url":"/member/member/task"},' +
  '{"id":8,"name":"收货地址","isShow":true,"cat":1,"color":"#1BC2A6","icon":"zc zc-wodedizhi","FeatureKey":"UserAddress","url":"/member/address/list"},' +
  '{"id":120,"name":"开票信息","isShow":true,"cat":1,"color":"#ff85c0","icon":"zc zc-kaipiaoxinxi","FeatureKey":"UserInvoice","url":"/member/invoice/list"},' +
  '{"id":11,"name":"清除缓存","isShow":true,"cat":1,"color":"#80b7f2","icon":"zc zc-qingchuhuancun","FeatureKey":"CleanCacheKey","url":""}]}'

/** What everybody is answered; the differences from the defaults as JSON. */
function site({
  name = '商城',
  logo = '',
  admin = '',
  auto = '0',
  levels = '{"1001":"vip1","1002":"vip2","1003":"vip3"}',
  rates = '{"1001":100,"1002":95,"1003":90}',
} = {}): string {
  return (
    `{"site_name":"${name}","site_mobile_logo":"${logo}","site_admin_logo":"${admin}","account_login_bg":"",` +
    `"site_version":"0.2.0","version":"0.2.0","wechat_connect_auto":${auto},"wechat_app_id":"","chat_global":0,` +
    `"default_shipping_district":"310000,310100,310104","user_level_map":${levels},"user_level_rate_map":${rates},` +
    `"order_state_list":[],"return_state_list":${returnStates},"payment_channel_list":[],"error_type_list":[],` +
    `"user_center_menu":${menu}}`
  )
}

const answer = (data: string) => `{"status":200,"code":0,"msg":"操作成功","data":${data},"error":null}`

withGatewayPerTest('front.sys.config.info', (gateway) => {
  beforeEach(async () => {
    await gateway.db('sys_config_base').delete()
    await gateway.db('site_setting').delete()
  })

  /** A row as an old shop has it. */
  const shopRow = (config_key: string, config_value: string, config_datatype = 'text') =>
    gateway.db('sys_config_base').insert({ config_key, config_value, config_datatype })

  const siteNow = async (): Promise<Record<string, unknown>> =>
    JSON.parse((await gateway.request(path)).text).data

  it('answers the defaults, to anybody', async () => {
    const { status, text } = await gateway.request(path)
    expect(status).to.equal(200)
    expect(text).to.equal(answer(site()))
    expect((await gateway.request(path, { headers: { Authorization: 'Bearer dead' } })).text).to.equal(text)
    const gatewayCall = await gateway.request('/gateway?method=front.sys.config.info')
    expect(gatewayCall.text).to.equal(`{"code":200,"data":${site()},"message":"操作成功"}`)
  })

  // account-beside.md §3: config_enable is not looked at, and switches are numbers.
  it("answers an old shop's rows, enabled or not, and nothing else of the settings", async () => {
    await gateway.db('sys_config_base').insert([
      { config_key: 'site_name', config_value: '我的商店', config_enable: 1 },
      { config_key: 'site_mobile_logo', config_value: 'https://cdn.example.com/logo.png', config_enable: 1 },
      { config_key: 'site_admin_logo', config_value: 'switched off', config_enable: 0 },
      { config_key: 'wechat_connect_auto', config_value: 'true', config_enable: 1 },
      { config_key: 'wechat_app_secret', config_value: 'secret', config_enable: 1 },
      { config_key: 'URL', config_value: 'https://example.com', config_enable: 1 },
      { config_key: 'CONFIG', config_value: '{}', config_enable: 1 },
      { config_key: 'HTTPS', config_value: '1', config_enable: 1 },
    ])
    const logo = 'https://cdn.example.com/logo.png'
    expect((await gateway.request(path)).text).to.equal(
      answer(site({ name: '我的商店', logo, admin: 'switched off', auto: '1' })),
    )
  })

  it('sends rows of the types radio, select and number as whole numbers, others as they are stored', async () => {
    await shopRow('points_enable', '1', 'radio')
    await shopRow('kefu_type_id', '2', 'select')
    await shopRow('withdraw_min_amount', '100', 'number')
    await shopRow('withdraw_received_day', '0.001', 'text')
    await shopRow('icp_number', '0', 'text')
    await shopRow('edu_enable', 'false', 'text')
    await shopRow('site_status', '', 'radio')
    await shopRow('site_tel', 'none', 'number')
    expect(await siteNow()).to.include({
      points_enable: 1,
      kefu_type_id: 2,
      withdraw_min_amount: 100,
      withdraw_received_day: '0.001',
      icp_number: '0',
      edu_enable: 0,
      site_status: null,
      site_tel: null,
    })
  })

  it('leaves a key out whose row is missing', async () => {
    expect(await siteNow()).to.not.have.any.keys('copyright', 'points_enable', 'language_settings')
  })

  it('lets what was set here count before the row of that name', async () => {
    await shopRow('site_name', 'theirs')
    await shopRow('im_enable', '1', 'radio')
    await saveSetting(gateway.db, 'site_name', 'ours')
    await saveSetting(gateway.db, 'im_enable', 'off')
    await saveSetting(gateway.db, 'language_settings', '[{"code":"zh-CN"}]')
    await saveSetting(gateway.db, 'order_state_list', '[{"value":1,"label":"一"}]')
    await saveSetting(gateway.db, 'user_level_rate_map', '{"1001":80}')
    const now = await siteNow()
    expect(now).to.deep.include({
      site_name: 'ours',
      im_enable: 0,
      language_settings: [{ code: 'zh-CN' }],
      order_state_list: [{ value: 1, label: '一' }],
      user_level_rate_map: { 1001: 80, 1002: 95, 1003: 90 },
    })
  })

  it('answers the ids of a district, never names, which clients could not split', async () => {
    await shopRow('default_shipping_district', '北京市,北京市,东城区')
    expect(await siteNow()).to.include({ default_shipping_district: '310000,310100,310104' })
    await gateway.db('sys_config_base').update({ config_value: '110000,110100,110101' })
    gateway.services.cache.drop('site-settings')
    expect(await siteNow()).to.include({ default_shipping_district: '110000,110100,110101' })
  })

  it('computes the states of an order from those the shop goes through, in the order of its options', async () => {
    const process = { config_key: 'sc_order_process', config_value: '2040,2010', config_datatype: 'checkbox' }
    const config_options = '2010:待支付|2020:待出库|2030:待发货|2040:待收货|2060:交易完成'
    await gateway.db('sys_config_base').insert({ ...process, config_options })
    expect((await siteNow())['order_state_list']).to.deep.equal([
      { value: 2010, label: '待支付' },
      { value: 2040, label: '待收货' },
      { value: 2070, label: '交易取消' },
    ])
  })

  it('answers an object of levels even where there are none', async () => {
    await gateway.db('account_user_level').delete()
    expect((await gateway.request(path)).text).to.equal(answer(site({ levels: '{}', rates: '{}' })))
  })

  it('answers the defaults, and logs why, when the settings cannot be read', async () => {
    await gateway.db.schema.renameTable('sys_config_base', 'moved_away')
    const { status, text } = await gateway.request(path)
    await gateway.db.schema.renameTable('moved_away', 'sys_config_base')
    expect(status).to.equal(200)
    expect(text).to.equal(answer(site({ levels: '{}', rates: '{}' })))
    expect(gateway.logLines.join('')).to.include('the defaults stand in for the settings')
  })

  describe('beside an old shop', () => {
    beforeEach(async () => {
      await gateway.db.schema.createTable('sys_config_type', (table) => {
        table.increments('config_type_id')
        table.string('config_type_name', 30)
        table.integer('config_type_sort').defaultTo(255)
        table.integer('config_type_module')
      })
      const group = (config_type_id: number, config_type_name: string, config_type_module = 1004) => ({
        config_type_id,
        config_type_name,
        config_type_module,
      })
      const other = group(1423, '客服', 1003)
      await gateway.db('sys_config_type').insert([group(1401, '支付宝'), group(1403, '微信'), other])
    })
    afterEach(() => gateway.db.schema.dropTable('sys_config_type'))

    it('answers its ways to pay, whether they are switched on or not', async () => {
      await shopRow('wechat_pay_enable', '1', 'radio')
      await shopRow('wechat_pay_logo', 'https://cdn.example.com/wx.png', 'image')
      expect((await siteNow())['payment_channel_list']).to.deep.equal([
        { value: 1401, label: '支付宝', ext1: '', ext2: 'alipay', enable: false },
        { value: 1403, label: '微信', ext1: 'https://cdn.example.com/wx.png', ext2: 'wxpay', enable: true },
      ])
    })

    /** The names of the tiles of the member page. */
    const tiles = async (): Promise<string[]> => {
      gateway.services.cache.drop('site-settings')
      const { list } = (await siteNow())['user_center_menu'] as { list: { name: string }[] }
      return list.map(({ name }) => name)
    }

    it("answers the shop's menu, and the whole one built in where that is missing or broken", async () => {
      const whole = '售后服务 签到 会员中心 商品收藏 我的足迹 收货地址 开票信息 我的发票 帮助 清除缓存'
      expect((await tiles()).join(' ')).to.equal(whole)
      const menuOfShop = { type: 1, titleType: 2, list: [{ id: '9', name: '拼团', isShow: true, cat: 1 }] }
      const page = (PageCode: unknown) => JSON.stringify({ PageName: '会员中心', PageCode })
      await shopRow('app_member_center', page(JSON.stringify(menuOfShop)))
      expect(await tiles()).to.deep.equal(['拼团'])
      expect((await siteNow())['user_center_menu']).to.deep.equal(menuOfShop)
      for (const broken of ['', '{', page('{'), page('[]'), page('{"list":{}}'), page(null), 'null']) {
        await gateway.db('sys_config_base').update({ config_value: broken })
        expect((await tiles()).join(' '), broken).to.equal(whole)
      }
    })
  })
})
