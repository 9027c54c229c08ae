import { expect } from 'chai'
import { createWebhookSender } from '../../../../gateway/services/sms/webhook.js'
import {
  startVendorServer,
  type VendorRequest,
  type VendorServer,
} from '../../../servers/sms/vendor-server.js'
import { startWebhook } from '../../../servers/sms/webhook.js'
import { codeMessage, detailOf, noticeMessage } from './messages.js'
import { prepared } from '../../../suite.js'

describe('text messages by webhook', () => {
  const webhook = prepared(before, () => startWebhook())
  after(() => webhook.stop())
  beforeEach(() => {
    webhook.status = 200
    webhook.clear()
  })

  it('are posted as JSON with number, area, text, code and template', async () => {
    await createWebhookSender(webhook.url).send(codeMessage)
    expect(webhook.bodies).to.deep.equal([
      { mobile: '13912345678', area: '86', text: '您的验证码是4711。', code: '4711', template: 'code' },
    ])
  })

  it('have no code when they carry none', async () => {
    await createWebhookSender(webhook.url).send(noticeMessage)
    expect(webhook.bodies).to.deep.equal([
      { mobile: '13912345678', area: '86', text: '此号码不再与账号绑定。', template: 'mobile-changed' },
    ])
  })

  it('are accepted by any status from 200 to 299 and by no other', async () => {
    const sender = createWebhookSender(webhook.url)
    for (const status of [200, 202, 204, 299]) {
      webhook.status = status
      await sender.send(codeMessage)
    }
    for (const status of [300, 400, 404, 500, 503]) {
      webhook.status = status
      expect(await detailOf(sender.send(codeMessage))).to.equal(`webhook: HTTP ${status}`)
    }
  })
})

describe('the address of the webhook', () => {
  const requests: VendorRequest[] = []
  let server: VendorServer
  before(async () => {
    server = await startVendorServer((request) => {
      requests.push(request)
      return { status: 200, json: {} }
    })
  })
  after(() => server.stop())

  it('may carry a user and a password, which are sent as Basic authorization', async () => {
    const url = new URL(`${server.url}/sms?to=x`)
    url.username = 'gateway'
    url.password = 'p@ss:w0rd/é'
    await createWebhookSender(url.href).send(codeMessage)
    const { target, headers } = requests.at(-1) ?? expect.fail('nothing was posted')
    expect(target).to.equal('/sms?to=x')
    const [scheme, pair = ''] = (headers.authorization ?? '').split(' ')
    expect(scheme).to.equal('Basic')
    expect(Buffer.from(pair, 'base64').toString()).to.equal('gateway:p@ss:w0rd/é')
  })

  it('without them is asked without authorization', async () => {
    await createWebhookSender(`${server.url}/sms`).send(codeMessage)
    expect(requests.at(-1)?.headers).not.to.have.property('authorization')
  })
})
