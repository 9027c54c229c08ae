import { expect } from 'chai'
import { fetchAnswer } from '../../fetch-answer.js'
import { aliyunAccount, expectedAuthorization, startAliyun } from './aliyun.js'
import { expectedTc3, startTencent, tencentAccount } from './tencent.js'
import { prepared } from '../../suite.js'
import type { VendorRequest } from './vendor-server.js'

const emptyDigest = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

describe('the stand-in for Aliyun', () => {
  const now = Date.UTC(2026, 0, 5, 8)
  const aliyun = prepared(
    before,
    () => startAliyun(() => now),
    (aliyun) => aliyun.stop(),
  )

  /** A well signed call, changed before and after it was signed. */
  async function call(
    query: string,
    before: Record<string, string> = {},
    after: Record<string, string> = {},
  ): Promise<unknown> {
    const headers = {
      host: new URL(aliyun.url).host,
      'x-acs-action': 'SendSms',
      'x-acs-content-sha256': emptyDigest,
      'x-acs-date': '2026-01-05T08:00:00Z',
      'x-acs-signature-nonce': `nonce-${Math.random()}`,
      'x-acs-version': '2017-05-25',
      ...before,
    }
    const signed: VendorRequest = { method: 'POST', target: `/?${query}`, headers, body: '' }
    const authorization = expectedAuthorization(signed, aliyunAccount)
    const { host: _, ...rest } = { ...headers, authorization, ...after }
    return (await fetchAnswer(`${aliyun.url}/?${query}`, { method: 'POST', headers: rest })).json?.['Code']
  }
  const message = new URLSearchParams({
    PhoneNumbers: '13912345678',
    SignName: aliyunAccount.signName,
    TemplateCode: 'SMS_101',
    TemplateParam: '{"code":"4711"}',
  }).toString()

  it('demands the signature that the example in Aliyun’s document has', () => {
    const request = {
      method: 'POST',
      target: '/?RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
      headers: {
        host: 'ecs.cn-shanghai.aliyuncs.com',
        'x-acs-action': 'RunInstances',
        'x-acs-content-sha256': emptyDigest,
        'x-acs-date': '2023-10-26T10:22:32Z',
        'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
        'x-acs-version': '2014-05-26',
      },
      body: '',
    }
    const keys = { keyId: 'YourAccessKeyId', keySecret: 'YourAccessKeySecret' }
    expect(expectedAuthorization(request, keys)).to.match(
      /Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0$/,
    )
  })

  it('accepts what is signed well, and no nonce twice', async () => {
    const nonce = { 'x-acs-signature-nonce': 'once' }
    expect(await call(message, nonce)).to.equal('OK')
    expect(await call(message, nonce)).to.equal('SignatureNonceUsed')
  })

  it('refuses a call that was changed after it was signed', async () => {
    for (const after of [
      { 'x-acs-signature-nonce': 'another' },
      { 'x-acs-date': '2026-01-05T08:00:01Z' },
      { 'x-acs-more': 'unsigned' },
    ])
      expect(await call(message, {}, after)).to.equal('SignatureDoesNotMatch')
    expect(await call(message, { 'x-acs-date': '2026-01-05T07:44:59Z' })).to.equal('InvalidTimeStamp.Expired')
    expect(await call(message, { 'x-acs-action': 'SendSmss' })).to.equal('InvalidAction.NotFound')
  })

  it('answers the documented codes for parameters it does not like', async () => {
    const change = (name: string, value: string): string => {
      const changed = new URLSearchParams(message)
      changed.set(name, value)
      return changed.toString()
    }
    expect(await call(change('PhoneNumbers', '+8613912345678'))).to.equal('isv.MOBILE_NUMBER_ILLEGAL')
    expect(await call(change('SignName', 'x'))).to.equal('isv.SMS_SIGNATURE_ILLEGAL')
    expect(await call(change('TemplateCode', 'x'))).to.equal('isv.SMS_TEMPLATE_ILLEGAL')
    expect(await call(change('TemplateCode', 'SMS_103'))).to.equal('isv.DOMESTIC_NUMBER_NOT_SUPPORTED')
    expect(await call(change('TemplateParam', '{"code":4711}'))).to.equal('isv.INVALID_JSON_PARAM')
    expect(await call(change('TemplateParam', '{}'))).to.equal('isv.TEMPLATE_MISSING_PARAMETERS')
  })
})

describe('the stand-in for Tencent', () => {
  const now = Date.UTC(2026, 0, 5, 8)
  const tencent = prepared(
    before,
    () => startTencent(() => now),
    (tencent) => tencent.stop(),
  )

  interface Changes {
    readonly message?: Record<string, unknown>
    readonly before?: Record<string, string>
    readonly after?: Record<string, string>
  }

  /** The code of a well signed call, changed before and after it was signed: that of the number, or of the whole. */
  async function call({ message, before, after }: Changes = {}): Promise<unknown> {
    const body = JSON.stringify({
      PhoneNumberSet: ['+8613912345678'],
      SmsSdkAppId: tencentAccount.appId,
      TemplateId: '2001',
      SignName: tencentAccount.signName,
      TemplateParamSet: ['4711'],
      ...message,
    })
    const headers: Record<string, string> = {
      'content-type': 'application/json; charset=utf-8',
      host: new URL(tencent.url).host,
      'x-tc-action': 'SendSms',
      'x-tc-version': '2021-01-11',
      'x-tc-region': 'ap-guangzhou',
      'x-tc-timestamp': String(now / 1000),
      ...before,
    }
    const signed = {
      method: 'POST',
      target: '/',
      body,
      headers: { ...headers, authorization: 'SignedHeaders=content-type;host' },
    }
    const authorization = expectedTc3(signed, 'sms', tencentAccount)
    const rest: Record<string, string> = { ...headers, authorization, ...after }
    const answer = (await fetchAnswer(tencent.url, { method: 'POST', headers: rest, body }))
      .json as unknown as {
      Response: { Error?: { Code: string }; SendStatusSet?: { Code: string }[] }
    }
    return answer.Response.Error?.Code ?? answer.Response.SendStatusSet?.[0]?.Code
  }

  it('demands the signature that the examples in Tencent’s document have', () => {
    const request = (signedHeaders: string): VendorRequest => ({
      method: 'POST',
      target: '/',
      headers: {
        authorization: `SignedHeaders=${signedHeaders}`,
        'content-type': 'application/json; charset=utf-8',
        host: 'cvm.tencentcloudapi.com',
        'x-tc-action': 'DescribeInstances',
        'x-tc-timestamp': '1551113065',
      },
      body: String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`,
    })
    const older = { secretId: 'AKID', secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE' }
    expect(expectedTc3(request('content-type;host'), 'cvm', older)).to.match(
      /Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168$/,
    )
    const newer = { secretId: 'AKID', secretKey: '*'.repeat(32) }
    expect(expectedTc3(request('content-type;host;x-tc-action'), 'cvm', newer)).to.match(
      /Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f$/,
    )
  })

  it('accepts what is signed well, and refuses what was changed after', async () => {
    expect(await call()).to.equal('Ok')
    const later = { 'x-tc-timestamp': String(now / 1000 + 1) }
    expect(await call({ after: later })).to.equal('AuthFailure.SignatureFailure')
    const old = { 'x-tc-timestamp': String(now / 1000 - 301) }
    expect(await call({ before: old })).to.equal('AuthFailure.SignatureExpire')
    expect(await call({ before: { 'x-tc-action': 'SendSmss' } })).to.equal('InvalidAction')
    expect(await call({ before: { 'x-tc-version': '2019-07-11' } })).to.equal('NoSuchVersion')
  })

  it('answers the documented codes for parameters it does not like', async () => {
    const codeOf = (message: Record<string, unknown>): Promise<unknown> => call({ message })
    expect(await codeOf({ SmsSdkAppId: '1' })).to.equal('UnauthorizedOperation.SmsSdkAppIdVerifyFail')
    expect(await codeOf({ PhoneNumberSet: ['13912345678'] })).to.equal(
      'InvalidParameterValue.IncorrectPhoneNumber',
    )
    expect(await codeOf({ TemplateId: '1' })).to.equal('FailedOperation.TemplateIncorrectOrUnapproved')
    expect(await codeOf({ TemplateId: '2003' })).to.equal(
      'UnsupportedOperation.GlobalTemplateToChineseMainlandPhone',
    )
    expect(await codeOf({ PhoneNumberSet: ['+85251234567'] })).to.equal(
      'UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone',
    )
    expect(await codeOf({ SignName: 'x' })).to.equal('FailedOperation.SignatureIncorrectOrUnapproved')
    expect(await codeOf({ TemplateParamSet: [] })).to.equal(
      'FailedOperation.TemplateParamSetNotMatchApprovedTemplate',
    )
  })
})
