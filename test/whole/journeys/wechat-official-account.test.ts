import { expect } from 'chai'
import { isAlive } from '../../methods/front/account/account-client.js'
import { keepScreenshot, overflowOf, shareChromium, type TestBrowser } from '../../servers/chromium.js'
import { onEachDatabase } from '../../servers/databases.js'
import { startWechatScene, type WechatScene } from './wechat-scene.js'

/** A page of the shop, opened inside of WeChat. */
onEachDatabase('the official account at WeChat, in a browser', (database) => {
  let scene: WechatScene
  let browser: TestBrowser
  before(async function () {
    browser = await shareChromium(this)
    scene = await startWechatScene(database)
  })
  after(async () => {
    await browser.stop()
    await scene.stop()
  })

  it('signs in by redirectToWxCode, and callbackMp answers the token', async () => {
    const { wechat, gateway } = scene
    wechat.person = wechat.addPerson({ nickname: '公众号用户' })
    const page = await browser.open({ size: 'phone', inWechat: true })
    await page.goto(`${gateway.url}/front/account/wechat/redirectToWxCode`)
    expect(await page.textContent('p')).to.equal('公众号用户')
    await page.click('#agree')
    const answer = JSON.parse((await page.textContent('pre')) ?? '') as { data: { token: string } }
    expect(answer).to.deep.include({ status: 200, code: 0 })
    expect(await isAlive(gateway, answer.data.token)).to.equal(true)
    // The page is loaded again, as phones do after a pause: the code is used up, nobody else is signed in.
    await page.reload()
    expect(await page.textContent('body')).to.include('WECHAT_STATE')
  })

  it('signs in a site without a page of its own by /login/wechat, and returns there', async () => {
    const { wechat, gateway, shop } = scene
    wechat.person = wechat.addPerson()
    const page = await browser.open({ size: 'phone', inWechat: true })
    await page.goto(`${gateway.url}/login/wechat?return=${encodeURIComponent(`${shop.url}/home`)}`)
    await page.click('#agree')
    await page.waitForURL(`${shop.url}/home#**`)
    expect(await isAlive(gateway, (await page.textContent('#token')) ?? '')).to.equal(true)
    expect(await page.textContent('#user')).to.match(/^\d+$/)
  })

  it('ends on a page that says so where there is nothing to return to', async () => {
    const { wechat, gateway } = scene
    wechat.person = wechat.addPerson()
    for (const [language, expected] of [
      ['zh-CN', '您已登录，可以关闭这个页面。'],
      ['en-US', 'You are signed in. You may close this page.'],
    ] as const) {
      const page = await browser.open({ size: 'phone', inWechat: true, language })
      await page.goto(`${gateway.url}/login/wechat`)
      await page.click('#agree')
      expect(await page.textContent('[role=status]')).to.equal(expected)
      expect(await overflowOf(page)).to.equal(0)
      await keepScreenshot(page, `wechat-done-phone-${language}`)
    }
  })
})
