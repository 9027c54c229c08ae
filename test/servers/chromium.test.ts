import { createServer, type Server } from 'node:http'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { keepScreenshot, overflowOf, startChromium, type TestBrowser } from './chromium.js'
import { freePort } from './processes/process.js'

describe('the browser of the tests', function () {
  this.timeout(60_000)
  let browser: TestBrowser
  let site: Server
  let url = ''
  before(async function () {
    browser = await startChromium(this)
    const port = await freePort()
    url = `http://127.0.0.1:${port}/`
    site = createServer((request, response) => {
      response.setHeader('content-type', 'text/html;charset=utf-8')
      response.setHeader('set-cookie', 'seen=yes')
      const {
        'user-agent': agent = '',
        'accept-language': language = '',
        cookie = 'no cookie',
      } = request.headers
      const head = '<meta name="viewport" content="width=device-width">'
      response.end(`${head}<pre>${agent}</pre><i>${language}</i><b>${cookie}</b>
        <p style="width: 1000px">你好</p>`)
    }).listen(port, '127.0.0.1')
  })
  after(async () => {
    site.close()
    site.closeAllConnections()
    const group = browser.processId
    await browser.stop()
    expect(membersOf(group), 'processes of the browser').to.deep.equal([])
    expect(existsSync(browser.folder), 'its folder').to.equal(false)
  })

  it('opens pages as wide as a phone or a desktop', async () => {
    const phone = await browser.open({ size: 'phone' })
    await phone.goto(url)
    expect(await phone.textContent('p')).to.equal('你好')
    expect(await overflowOf(phone)).to.be.above(500)
    const desktop = await browser.open({ size: 'desktop' })
    await desktop.goto(url)
    expect(await overflowOf(desktop)).to.equal(0)
  })

  it('is somebody else’s with every window, in his language, inside WeChat or not', async () => {
    const one = await browser.open({ size: 'phone', inWechat: true })
    await one.goto(url)
    expect(await one.textContent('pre')).to.include('MicroMessenger')
    expect(await one.textContent('i')).to.match(/^zh-CN/)
    await one.reload()
    expect(await one.textContent('b')).to.equal('seen=yes')
    const other = await browser.open({ size: 'desktop', language: 'en-US' })
    await other.goto(url)
    expect(await other.textContent('pre')).not.to.include('MicroMessenger')
    expect(await other.textContent('i')).to.match(/^en-US/)
    expect(await other.textContent('b')).to.equal('no cookie')
  })

  it('keeps what a page looks like when it is asked to', async () => {
    const asked = process.env['SCREENSHOTS']
    const file = join(process.cwd(), 'dist', 'screenshots', 'browser-of-the-tests.png')
    const page = await browser.open({ size: 'desktop' })
    await page.goto(url)
    try {
      process.env['SCREENSHOTS'] = '0'
      await keepScreenshot(page, 'browser-of-the-tests')
      expect(existsSync(file)).to.equal(false)
      process.env['SCREENSHOTS'] = '1'
      await keepScreenshot(page, 'browser-of-the-tests')
    } finally {
      if (asked === undefined) delete process.env['SCREENSHOTS']
      else process.env['SCREENSHOTS'] = asked
    }
    expect(readFileSync(file).subarray(1, 4).toString()).to.equal('PNG')
    rmSync(file)
  })
})

/** Processes of a group, by Linux's account of them; where there is none, none are found. */
function membersOf(group: number): string[] {
  if (!existsSync('/proc/self/stat')) return []
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.filter((pid) => {
    try {
      const [state, , processGroup] =
        readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return processGroup === String(group) && state !== 'Z'
    } catch {
      return false
    }
  })
}
