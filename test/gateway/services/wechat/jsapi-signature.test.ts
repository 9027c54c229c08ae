import { expect } from 'chai'
import { signPage } from '../../../../gateway/services/wechat/jsapi-signature.js'

/** The example of the JS-SDK's documentation (附录1-JS-SDK使用权限签名算法). */
const documented = {
  nonce: 'Wm3WZYTPz0wzccnW',
  ticket: 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
  timestamp: '1414587457',
  url: 'http://mp.weixin.qq.com?params=value',
}

describe('the signature of pages that use the JS-SDK', () => {
  it("is that of WeChat's documentation", () => {
    expect(signPage(documented)).to.equal('0f9de62fce790f9a083d5c99e95740ceb90c27ed')
  })

  it('does not cover the fragment, and takes the URL for what it is', () => {
    const withFragment = `${documented.url}#/pages/index?a=1#b`
    expect(signPage({ ...documented, url: withFragment })).to.equal(signPage(documented))
    expect(signPage({ ...documented, url: 'http://mp.weixin.qq.com/?params=value' })).to.not.equal(
      signPage(documented),
    )
  })
})
