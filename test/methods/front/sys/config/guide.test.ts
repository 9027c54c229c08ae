import { expect } from 'chai'
import { saveSetting } from '../../../../../db/settings.js'
import { withGateway } from '../../../../suite.js'

const answer = (open: number, logo: string) =>
  `{"status":200,"code":0,"msg":"操作成功","data":{"items":[],"advertisement_open":${open},"logo":"${logo}"},"error":null}`

withGateway('front.sys.config.guide', (gateway) => {
  it('answers no pictures, whether there is an advertisement, and the logo', async () => {
    const path = '/front/sys/config/guide?config_key=account_login_bg'
    expect((await gateway.request(path)).text).to.equal(answer(0, ''))
    await saveSetting(gateway.db, 'advertisement_open', 'on')
    await saveSetting(gateway.db, 'site_mobile_logo', '/logo.png')
    gateway.services.cache.drop('site-settings')
    expect((await gateway.request(path)).text).to.equal(answer(1, '/logo.png'))
  })
})
