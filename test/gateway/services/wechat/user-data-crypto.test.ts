import { expect } from 'chai'
import { createCipheriv } from 'node:crypto'
import { decryptUserData, isForProgram } from '../../../../gateway/services/wechat/user-data-crypto.js'

/**
 * The example of WeChat's own demo (WXBizDataCrypt, of "服务端获取开放数据"); its plain text was computed again with
 * `openssl enc -d -aes-128-cbc`.
 */
const demo = {
  appId: 'wx4f4bc4dec97d474b',
  sessionKey: 'tiihtNczf5v6AKRyjwEUhQ==',
  iv: 'r7BXXKkLb8qrSNn05n0qiA==',
  encryptedData:
    'CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+3hVbJSRgv+4l' +
    'GOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInN' +
    'lxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/' +
    'r7Z6xNrXd2UIeorGj5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNHR1Vf7Xjf' +
    'hQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew==',
}

function encrypt(text: string) {
  const [key, iv] = [demo.sessionKey, demo.iv].map((part) => Buffer.from(part, 'base64'))
  if (!key || !iv) throw new Error('no key')
  const cipher = createCipheriv('aes-128-cbc', key, iv)
  return { ...demo, encryptedData: Buffer.concat([cipher.update(text), cipher.final()]).toString('base64') }
}

describe('the encrypted data of mini programs', () => {
  it("is read as WeChat's own demo reads it", () => {
    expect(decryptUserData(demo)).to.deep.equal({
      openId: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE',
      nickName: 'Band',
      gender: 1,
      language: 'zh_CN',
      city: 'Guangzhou',
      province: 'Guangdong',
      country: 'CN',
      avatarUrl:
        'http://wx.qlogo.cn/mmopen/vi_32/aSKcBBPpibyKNicHNTMM0qJVh8Kjgiak2AHWr8MHM4WgMEm7GFhsf8OYrySdbvAMvTsw3mo8ibKicsnfN5pRjl1p8HQ/0',
      unionId: 'ocMvos6NjeKLIBqg5Mr9QjxrP1FA',
      watermark: { timestamp: 1477314187, appid: 'wx4f4bc4dec97d474b' },
    })
  })

  it('is refused when it is of another app, or says of none whose it is', () => {
    const read = decryptUserData(demo) ?? {}
    expect(isForProgram(read, demo.appId)).to.equal(true)
    expect(isForProgram(read, 'wx0000000000000000')).to.equal(false)
    for (const data of [{}, { watermark: null }, { watermark: 'wx4f4bc4dec97d474b' }, { watermark: {} }])
      expect(isForProgram(decryptUserData(encrypt(JSON.stringify(data))) ?? {}, demo.appId)).to.equal(false)
  })

  it('is refused alike whatever else is wrong: key, iv, padding, length, JSON', () => {
    const wrong = [
      { ...demo, sessionKey: 'AAAAAAAAAAAAAAAAAAAAAA==' },
      { ...demo, sessionKey: 'AAAA' },
      { ...demo, sessionKey: '' },
      { ...demo, iv: '' },
      { ...demo, iv: 'AAAAAAAAAAAAAAAAAAAAAA==' },
      { ...demo, encryptedData: '' },
      { ...demo, encryptedData: demo.encryptedData.slice(4) },
      { ...demo, encryptedData: `${demo.encryptedData.slice(0, -8)}AAAAAA==` },
      encrypt('no JSON'),
      encrypt('[1]'),
      encrypt('null'),
    ]
    for (const data of wrong) expect(decryptUserData(data), JSON.stringify(data)).to.equal(undefined)
  })
})
