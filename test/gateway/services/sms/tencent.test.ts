import { expect } from 'chai'
import type { TencentAccount } from '../../../../config/config.js'
import type { SmsSender } from '../../../../gateway/services/sms/sms-sender.js'
import { createTencentSender, signTencent } from '../../../../gateway/services/sms/tencent.js'
import { createMovableClock } from '../../../harness.js'
import { startTencent, tencentAccount } from '../../../servers/sms/tencent.js'
import { codeMessage, detailOf, noticeMessage } from './messages.js'
import { itReadsRefusals } from './vendor-refusals.js'
import { prepared } from '../../../suite.js'

describe('the request signature of Tencent', () => {
  const example = {
    service: 'cvm',
    body: String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`,
    timestamp: 1_551_113_065,
  }
  const signed = { 'content-type': 'application/json; charset=utf-8', host: 'cvm.tencentcloudapi.com' }

  it('is that of the example in the document of TC3-HMAC-SHA256', () => {
    const keys = {
      secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
      secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
    }
    expect(signTencent(keys, { ...example, signed })).to.equal(
      'TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168',
    )
  })

  it('is that of the newer example, which signs the action too', () => {
    const keys = { secretId: `AKID${'*'.repeat(32)}`, secretKey: '*'.repeat(32) }
    const withAction = { ...signed, 'x-tc-action': 'describeinstances' }
    expect(signTencent(keys, { ...example, signed: withAction })).to.match(
      /SignedHeaders=content-type;host;x-tc-action, Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f$/,
    )
  })
})

describe('text messages by Tencent', () => {
  const clock = createMovableClock()
  const tencent = prepared(before, () => startTencent(() => clock.now()))
  after(() => tencent.stop())
  afterEach(() => {
    tencent.mood = 'well'
    tencent.refusal = undefined
  })

  function createSender(changes: Partial<TencentAccount> = {}, time = clock): SmsSender {
    const templates = { code: '2001', 'code-abroad': '2003', 'mobile-changed': '2002' }
    const account = {
      provider: 'tencent',
      url: tencent.url,
      region: 'ap-guangzhou',
      ...tencentAccount,
      templates,
      ...changes,
    } as const
    return createTencentSender(account, time)
  }

  it('carry the code as the first parameter of the configured template', async () => {
    await createSender().send(codeMessage)
    expect(tencent.messages.at(-1)).to.deep.equal({
      PhoneNumberSet: ['+8613912345678'],
      SmsSdkAppId: '1400006666',
      TemplateId: '2001',
      SignName: '某某商城',
      TemplateParamSet: ['4711'],
    })
  })

  it('have no parameters when they carry no code', async () => {
    await createSender().send(noticeMessage)
    expect(tencent.messages.at(-1)).to.deep.include({ TemplateId: '2002', TemplateParamSet: [] })
  })

  it('go abroad by the template for abroad, without the signature of the mainland', async () => {
    await createSender().send({ ...codeMessage, area: '852', mobile: '51234567' })
    expect(tencent.messages.at(-1)).to.deep.equal({
      PhoneNumberSet: ['+85251234567'],
      SmsSdkAppId: '1400006666',
      TemplateId: '2003',
      TemplateParamSet: ['4711'],
    })
  })

  it('are not sent with keys that are not right', async () => {
    const wrongKey = createSender({ secretKey: 'another' })
    expect(await detailOf(wrongKey.send(codeMessage))).to.equal('tencent: AuthFailure.SignatureFailure')
    const wrongId = createSender({ secretId: 'another' })
    expect(await detailOf(wrongId.send(codeMessage))).to.equal('tencent: AuthFailure.SecretIdNotFound')
    const wrongApp = createSender({ appId: '1' })
    expect(await detailOf(wrongApp.send(codeMessage))).to.equal(
      'tencent: UnauthorizedOperation.SmsSdkAppIdVerifyFail',
    )
  })

  it('are not sent by a clock that is wrong', async () => {
    const slow = createMovableClock()
    slow.advance(-6 * 60_000)
    expect(await detailOf(createSender({}, slow).send(codeMessage))).to.equal(
      'tencent: AuthFailure.SignatureExpire',
    )
  })

  itReadsRefusals({
    provider: 'tencent',
    standIn: tencent,
    createSender,
    taken: { Response: { SendStatusSet: [{ Code: 'Ok' }] } },
    codes: {
      ofVendor: [
        'FailedOperation.InsufficientBalanceInSmsPackage',
        'FailedOperation.SignatureIncorrectOrUnapproved',
        'LimitExceeded.AppDailyLimit',
        'InternalError.Timeout',
      ],
      ofMessage: [
        'InvalidParameterValue.IncorrectPhoneNumber',
        'LimitExceeded.PhoneNumberThirtySecondLimit',
        'FailedOperation.PhoneNumberInBlacklist',
        'FailedOperation.TemplateIncorrectOrUnapproved',
        'UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone',
      ],
    },
    number: '+8613912345678',
  })
})
