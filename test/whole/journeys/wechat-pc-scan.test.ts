import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { isAlive } from '../../methods/front/account/account-client.js'
import { keepScreenshot, overflowOf, shareChromium, type TestBrowser } from '../../servers/chromium.js'
import { onEachDatabase } from '../../servers/databases.js'
import { startWechatScene, type WechatScene } from './wechat-scene.js'

/** A computer shows a QR code, a phone scans it. */
onEachDatabase('the scan at a computer, in two browsers', (database) => {
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

  async function look(page: Page, name: string): Promise<void> {
    expect(await overflowOf(page), `${name} is wider than its window`).to.equal(0)
    await keepScreenshot(page, `wechat-${name}`)
  }
  const hosted = () =>
    `${scene.gateway.url}/login/wechat?return=${encodeURIComponent(`${scene.shop.url}/home`)}`
  /** What a phone's camera reads from the code on the page. */
  const scannedLink = (page: Page) =>
    `${scene.gateway.url}/front/account/wechat/redirectToWxCode?ticket=${new URL(page.url()).searchParams.get('ticket') ?? ''}`

  it('signs the computer in when the phone agrees', async () => {
    const { wechat, gateway, shop } = scene
    wechat.person = wechat.addPerson({ nickname: '扫码用户' })
    const computer = await browser.open({ size: 'desktop' })
    await computer.goto(hosted())
    await look(computer, 'scan-desktop')
    const box = await computer.locator('.qr svg').boundingBox()
    expect(box?.width, 'the code').to.be.above(150)

    const phone = await browser.open({ size: 'phone', inWechat: true })
    await phone.goto(scannedLink(computer))
    await phone.click('#agree')
    expect(await phone.textContent('.site')).to.equal(shop.host)
    await look(phone, 'question-phone')
    await computer.getByText('已扫描，请在手机上确认登录。').waitFor()
    await look(computer, 'scanned-desktop')
    await phone.click('button[value=agree]')
    await phone.getByText('已确认，请回到电脑继续。').waitFor()
    await look(phone, 'agreed-phone')

    await computer.waitForURL(`${shop.url}/home#**`)
    expect(await isAlive(gateway, (await computer.textContent('#token')) ?? '')).to.equal(true)
  })

  it('leaves the computer where it is when the phone cancels, and lets it try again', async () => {
    const { wechat } = scene
    wechat.person = wechat.addPerson()
    const computer = await browser.open({ size: 'desktop', language: 'en-US' })
    await computer.goto(hosted())
    const phone = await browser.open({ size: 'phone', inWechat: true, language: 'en-US' })
    await phone.goto(scannedLink(computer))
    await phone.click('#agree')
    await look(phone, 'question-phone-en')
    await phone.click('button[value=refuse]')
    await computer.getByText('The sign-in was cancelled on the phone.').waitFor()
    await look(computer, 'cancelled-desktop-en')
    await computer.getByRole('link', { name: 'Get another code' }).click()
    await computer.locator('.qr svg').waitFor()
    await look(computer, 'scan-desktop-en')
  })

  it('fits on a phone that is not in WeChat', async () => {
    const phone = await browser.open({ size: 'phone' })
    await phone.goto(hosted())
    await phone.locator('.qr svg').waitFor()
    await look(phone, 'scan-phone')
    await phone.goto(`${scene.gateway.url}/login/wechat?return=https://evil.example.com/`)
    await look(phone, 'bad-return-phone')
  })

  it('signs in at the PC site by WeChat’s own QR code', async () => {
    const { wechat, gateway, shop } = scene
    wechat.person = wechat.addPerson()
    const { json } = await gateway.request('/front/account/wechat/getQrCode')
    const computer = await browser.open({ size: 'desktop' })
    await computer.goto(String(json?.['msg']))
    await computer.click('#agree')
    await computer.waitForURL(`${shop.url}/#/login/login?ukey=**`)
    expect(await isAlive(gateway, (await computer.textContent('#token')) ?? '')).to.equal(true)
  })
})

onEachDatabase('the scan at a computer, without an official account', (database) => {
  let scene: WechatScene
  let browser: TestBrowser
  before(async function () {
    browser = await shareChromium(this)
    scene = await startWechatScene(database, ['web'])
  })
  after(async () => {
    await browser.stop()
    await scene.stop()
  })

  it('takes the hosted page to WeChat’s own QR code, and returns from there', async () => {
    const { wechat, gateway, shop } = scene
    wechat.person = wechat.addPerson()
    const computer = await browser.open({ size: 'desktop' })
    await computer.goto(`${gateway.url}/login/wechat?return=${encodeURIComponent(`${shop.url}/home`)}`)
    await computer.click('#agree')
    await computer.waitForURL(`${shop.url}/home#**`)
    expect(await isAlive(gateway, (await computer.textContent('#token')) ?? '')).to.equal(true)
  })
})
