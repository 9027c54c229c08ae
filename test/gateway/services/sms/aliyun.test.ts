import { expect } from 'chai'
import type { AliyunAccount } from '../../../../config/config.js'
import { createAliyunSender, signAliyun } from '../../../../gateway/services/sms/aliyun.js'
import type { SmsSender } from '../../../../gateway/services/sms/sms-sender.js'
import { createMovableClock } from '../../../harness.js'
import { aliyunAccount, startAliyun } from '../../../servers/sms/aliyun.js'
import { codeMessage, detailOf, noticeMessage } from './messages.js'
import { itReadsRefusals } from './vendor-refusals.js'
import { prepared } from '../../../suite.js'

describe('the request signature of Aliyun', () => {
  it('is that of the example in the document of its version 3', () => {
    const request = signAliyun(
      { keyId: 'YourAccessKeyId', keySecret: 'YourAccessKeySecret' },
      {
        url: 'https://ecs.cn-shanghai.aliyuncs.com',
        action: 'RunInstances',
        version: '2014-05-26',
        query: {
          RegionId: 'cn-shanghai',
          ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
        },
        now: Date.UTC(2023, 9, 26, 10, 22, 32),
        nonce: '3156853299f313e23d1673dc12e1703d',
      },
    )
    expect(request.headers).to.deep.equal({
      'x-acs-action': 'RunInstances',
      'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'x-acs-date': '2023-10-26T10:22:32Z',
      'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
      'x-acs-version': '2014-05-26',
      Authorization:
        'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    })
    expect(request.url).to.equal(
      'https://ecs.cn-shanghai.aliyuncs.com/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai',
    )
  })
})

describe('text messages by Aliyun', () => {
  const clock = createMovableClock()
  const aliyun = prepared(before, () => startAliyun(() => clock.now()))
  after(() => aliyun.stop())
  afterEach(() => {
    aliyun.mood = 'well'
    aliyun.refusal = undefined
  })

  function createSender(changes: Partial<AliyunAccount> = {}, time = clock): SmsSender {
    const templates = { code: 'SMS_101', 'code-abroad': 'SMS_103', 'mobile-changed': 'SMS_102' }
    const account = { provider: 'aliyun', url: aliyun.url, ...aliyunAccount, templates, ...changes } as const
    return createAliyunSender(account, time)
  }

  it('carry the code as the variable of the configured template', async () => {
    await createSender().send(codeMessage)
    expect(aliyun.messages.at(-1)).to.deep.equal({
      PhoneNumbers: '13912345678',
      SignName: '某某商城',
      TemplateCode: 'SMS_101',
      TemplateParam: '{"code":"4711"}',
    })
  })

  it('have no variables when they carry no code', async () => {
    await createSender().send(noticeMessage)
    expect(aliyun.messages.at(-1)).to.deep.equal({
      PhoneNumbers: '13912345678',
      SignName: '某某商城',
      TemplateCode: 'SMS_102',
    })
  })

  it('go abroad by the template for abroad, to the area and the number without a plus', async () => {
    await createSender().send({ ...codeMessage, area: '852', mobile: '51234567' })
    expect(aliyun.messages.at(-1)).to.include({ PhoneNumbers: '85251234567', TemplateCode: 'SMS_103' })
  })

  it('go abroad by the same template when there is but one', async () => {
    const sender = createSender({ templates: { code: 'SMS_103' } })
    await sender.send({ ...codeMessage, area: '852', mobile: '51234567' })
    expect(aliyun.messages.at(-1)).to.include({ TemplateCode: 'SMS_103' })
  })

  it('are signed whatever signs the texts are made of', async () => {
    // The stand-in refuses the signature's text, so it has checked the request's signature by then.
    const sender = createSender({ signName: "a b+c*(d)!~'é/?&=%" })
    expect(await detailOf(sender.send(codeMessage))).to.equal('aliyun: isv.SMS_SIGNATURE_ILLEGAL')
  })

  it('are not sent with keys that are not right', async () => {
    const wrongSecret = createSender({ keySecret: 'another' })
    expect(await detailOf(wrongSecret.send(codeMessage))).to.equal('aliyun: SignatureDoesNotMatch')
    const wrongId = createSender({ keyId: 'another' })
    expect(await detailOf(wrongId.send(codeMessage))).to.equal('aliyun: InvalidAccessKeyId.NotFound')
  })

  it('are not sent by a clock that is wrong', async () => {
    const slow = createMovableClock()
    slow.advance(-16 * 60_000)
    expect(await detailOf(createSender({}, slow).send(codeMessage))).to.equal(
      'aliyun: InvalidTimeStamp.Expired',
    )
  })

  itReadsRefusals({
    provider: 'aliyun',
    standIn: aliyun,
    createSender,
    taken: { Code: 'OK', BizId: '1' },
    codes: {
      ofVendor: ['isv.AMOUNT_NOT_ENOUGH', 'isv.OUT_OF_SERVICE', 'isp.SYSTEM_ERROR', 'Throttling.User'],
      ofMessage: [
        'isv.MOBILE_NUMBER_ILLEGAL',
        'isv.BUSINESS_LIMIT_CONTROL',
        'isv.SMS_TEMPLATE_ILLEGAL',
        'isv.TEMPLATE_MISSING_PARAMETERS',
      ],
    },
    number: '13912345678',
  })
})
