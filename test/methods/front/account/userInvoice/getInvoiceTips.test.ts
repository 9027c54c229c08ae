import { expect } from 'chai'
import { saveSetting } from '../../../../../db/settings.js'
import { loginRequired, succeededWith } from '../../../../answers.js'
import { withClient } from '../account-client.js'

withClient('front.account.userInvoice.getInvoiceTips', (gateway, client) => {
  let token: string
  before(async () => {
    token = await (await gateway.addUser()).startSession()
  })

  const tips = async () => (await client.get('userInvoice/getInvoiceTips', {}, token)).text

  it('answers the configured text in msg and in data', async () => {
    await saveSetting(gateway.db, 'invoice_tips', '发票须知："一"\n二\\三 😀</script>')
    const text = '"发票须知：\\"一\\"\\n二\\\\三 😀</script>"'
    expect(await tips()).to.equal(`{"status":200,"code":0,"msg":${text},"data":${text},"error":null}`)
    const { text: gatewayText } = await gateway.request(
      `/gateway?method=front.account.userInvoice.getInvoiceTips&access_token=${token}`,
    )
    expect(gatewayText).to.equal(succeededWith(text))
  })

  it('answers an empty text while none is configured', async () => {
    await gateway.db('site_setting').where({ setting_key: 'invoice_tips' }).delete()
    expect(await tips()).to.equal('{"status":200,"code":0,"msg":"","data":"","error":null}')
  })

  it('says what is wrong as every method does: it needs a login, and GET', async () => {
    expect((await client.get('userInvoice/getInvoiceTips')).text).to.equal(loginRequired)
    expect((await client.post('userInvoice/getInvoiceTips', {}, token)).status).to.equal(405)
  })
})
