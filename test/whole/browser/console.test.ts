import { expect } from 'chai'
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { signHmac, signLegacy } from '../../../gateway/wire/signature.js'
import { startGateway, type TestApp, type TestGateway } from '../../harness.js'
import { requireProgram } from '../../servers/available.js'
import { type NewWindow, shareChromium, type SharedBrowser } from '../../servers/chromium.js'
import { onEachDatabase } from '../../servers/databases.js'
import { useFolder } from '../../suite.js'
import { expectToFit, looks } from './looks.js'

const require = createRequire(import.meta.url)

onEachDatabase('the console', function (database) {
  // Its page does not know which database there is.
  if (database.kind !== 'sqlite') return
  this.timeout(120_000)
  const folder = useFolder('console')
  let browser: SharedBrowser
  let gateway: TestGateway
  let newer: TestApp
  before(async function () {
    browser = await shareChromium(this)
    gateway = await startGateway(database, { NODE_ENV: 'development' })
    newer = await gateway.addApp({ name: 'web2', scheme: 'hmac-sha256' })
  })
  afterEach(() => browser.freePages())
  after(async () => {
    await browser?.stop()
    await gateway?.close()
  })

  /** A page of the console, and what it asked for elsewhere or complained of. */
  async function open(place = '/console', window: NewWindow = { size: 'desktop', language: 'en-US' }) {
    const page = await browser.open(window)
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => {
      if (!request.url().startsWith(`${gateway.url}/`)) complaints.push(request.url())
    })
    await page.goto(`${gateway.url}${place}`)
    return { page, complaints }
  }

  async function callAs(page: Page, app: TestApp): Promise<void> {
    await page.getByLabel('Application').fill(app.name)
    await page.getByLabel('Secret', { exact: true }).fill(app.secret)
    await page.getByText(app.scheme, { exact: true }).click()
  }

  const answerOf = async (page: Page) => {
    await page.getByRole('heading', { name: 'Answer', exact: true }).waitFor()
    return JSON.parse(await page.locator('pre').first().innerText()) as Record<string, unknown>
  }

  it('is three clicks from the start page to a signed call', async () => {
    const { page, complaints } = await open('/')
    await page.getByRole('link', { name: 'Console' }).click()
    await page.getByRole('link', { name: /^sendcode/ }).click()
    await page.getByRole('button', { name: 'Send' }).click()
    expect(await answerOf(page)).to.include({ code: 200 })
    await page.getByRole('tab', { name: 'Signed text' }).waitFor()
    const signed = await page.locator('pre').nth(1).innerText()
    expect(signed).to.match(
      /^client_type=\w+&method=web\.passport\.sendcode&mobile=13912345678&private_key=\*+$/,
    )
    expect(complaints).to.deep.equal([])
  })

  it('tells its own user of the application that unsigned calls count as, and nobody else', async () => {
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${gateway.url}/console/applications.json`, { headers })).json()
    expect(await ask({})).to.deep.equal([{ name: 'web', scheme: 'legacy', secret: gateway.web.secret }])
    expect(await ask({ 'X-Forwarded-For': '203.0.113.9' })).to.deep.equal([])
    expect(await ask({ Origin: 'https://evil.example' })).to.deep.equal([])
  })

  for (const scheme of ['legacy', 'hmac-sha256'] as const)
    it(`copies a call of scheme ${scheme} as three programs that run as they are`, async function () {
      const php = requireProgram(this, 'php')
      requireProgram(this, 'curl')
      const app = scheme === 'legacy' ? gateway.web : newer
      const user = await gateway.addUser()
      const { page } = await open('/console#/method/web.passport.getUserVerifyInfo')
      await callAs(page, app)
      await page.getByLabel(/^uid/).fill(String(user.uid))
      const copy = async (name: string) => {
        await page.getByRole('button', { name: 'Send' }).click()
        await page.getByRole('tab', { name }).click()
        return page.getByRole('tabpanel').locator('pre').innerText()
      }
      await page.getByRole('button', { name: 'Send' }).click()
      const answer = await answerOf(page)
      expect(answer).to.include({ code: 200 })
      const run = async (command: string, args: readonly string[]) =>
        JSON.parse((await promisify(execFile)(command, args, { timeout: 30_000 })).stdout) as unknown
      expect(await run('sh', ['-c', await copy('curl')])).to.deep.equal(answer)
      expect(await run(php, [folder.write(`${scheme}.php`, await copy('PHP'))])).to.deep.equal(answer)
      const program = folder.write(`${scheme}.mts`, await copy('TypeScript'))
      expect(await run(process.execPath, [require.resolve('tsx/cli'), program])).to.deep.equal(answer)
    })

  describe('as a doctor', () => {
    const mistakes = {
      legacy: doctoredLegacy,
      'hmac-sha256': doctoredHmac,
    }
    for (const [scheme, cases] of Object.entries(mistakes))
      it(`names the commonest mistakes of scheme ${scheme}`, async () => {
        const { page, complaints } = await open('/console#/doctor')
        await callAs(page, scheme === 'legacy' ? gateway.web : newer)
        const app = scheme === 'legacy' ? gateway.web : newer
        for (const [name, query] of Object.entries(cases(app))) {
          await page.getByLabel('URL that was refused').fill(`https://passport.test/gateway?${query}`)
          await page.getByRole('button', { name: 'Examine' }).click()
          await page.getByRole('listitem').filter({ hasText: name }).waitFor({ timeout: 5000 })
        }
        expect(complaints).to.deep.equal([])
      })

    it('knows a right signature, and says what it can not read', async () => {
      const { page } = await open('/console#/doctor')
      await callAs(page, gateway.web)
      const examine = async (text: string) => {
        await page.getByLabel('URL that was refused').fill(text)
        await page.getByRole('button', { name: 'Examine' }).click()
      }
      const params = { method: 'open.passport.get', uid: '1', client_type: gateway.web.name }
      const signed = { ...params, client_secret: signLegacy(params, gateway.web.secret) }
      await examine(`/gateway?${new URLSearchParams(signed).toString()}`)
      await page.getByText('The signature is right.').waitFor()
      await examine('nothing of a URL')
      await page.getByText('This is no URL with parameters.').waitFor()
    })
  })

  const places = [
    { place: 'home', hash: '', shows: 'nav a >> nth=4' },
    { place: 'method', hash: '#/method/front.account.userDeliveryAddress.add', shows: 'main.chosen h2' },
    { place: 'doctor', hash: '#/doctor', shows: 'main.page h2' },
  ]
  for (const look of looks)
    it(`fits windows of each size in ${look.language}, without a serious flaw for anybody`, async () => {
      const { page, complaints } = await open('/console', { size: 'desktop', ...look })
      for (const { place, hash, shows } of places) {
        await page.goto(`${gateway.url}/console${hash}`)
        await page.locator(shows).waitFor()
        await expectToFit(page, `console-${place}`, look.language)
        expect(complaints, place).to.deep.equal([])
      }
    })

  it('is used by the keyboard alone', async () => {
    const { page } = await open('/console#/method/open.passport.get')
    await page.getByLabel(/^uid/).focus()
    await page.keyboard.press('Enter')
    expect(await answerOf(page)).to.have.property('code')
    await page.getByRole('tab', { name: 'Signed text' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.getByText(/^curl -sS/).waitFor()
  })

  it('says that the server is slow, does not answer or has no such method', async () => {
    const page = await browser.open({ size: 'desktop', language: 'en-US' })
    await page.route('**/openapi.json', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 6000))
      await route.abort()
    })
    await page.goto(`${gateway.url}/console#/method/no.such.method`)
    await page.getByText('The server takes long to answer.').waitFor()
    await page.getByText('The description could not be read').waitFor()
    await page.unroute('**/openapi.json')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('There is no method of this name.').waitFor()
    await page.getByRole('searchbox').fill('nothing is called so')
    await page.getByText('No method has this in its name or text.').waitFor()
    await page.goto(`${gateway.url}/console#/method/open.passport.get`)
    await page.route('**/gateway', (route) => route.abort())
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('The server did not answer').waitFor()
  })

  it('keeps the secret out of address, storage and markup, and lets nobody frame it or add a script', async () => {
    const { page } = await open('/console#/method/open.passport.get')
    await callAs(page, newer)
    await page.getByRole('button', { name: 'Send' }).click()
    await answerOf(page)
    const [address, stored, markup] = await page.evaluate<string[]>(
      '[location.href, JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie]), document.documentElement.outerHTML]',
    )
    // A field shows what it holds; React writes that to no attribute.
    for (const text of [address, stored, markup]) expect(text).to.not.include(newer.secret)
    const policy = (await fetch(`${gateway.url}/console`)).headers.get('content-security-policy')
    expect(policy).to.include("default-src 'none'; script-src 'self'; style-src 'self';")
    expect(policy).to.include("frame-ancestors 'none'")
    expect(policy).to.not.include('unsafe')
  })

  it('comes packed, and is small', async () => {
    const sizeOf = async (path: string): Promise<{ text: string; size: number }> => {
      const response = await fetch(`${gateway.url}/console/${path}`)
      expect(response.headers.get('content-encoding')).to.equal('gzip')
      const text = await response.text()
      return { text, size: gzipSync(text, { level: 9 }).length }
    }
    const main = await sizeOf('main.js')
    // What a page of operators' needs is loaded with that page.
    const first = [...main.text.matchAll(/from"\.\/([\w-]+\.js)"/g)].map(([, name = '']) => name)
    expect(first).to.not.have.length(0)
    const scripts = await Promise.all(first.map(sizeOf))
    const all = scripts.reduce((sum, { size }) => sum + size, main.size)
    expect(all).to.be.below(200 * 1024)
    expect((await sizeOf('main.css')).size).to.be.below(50 * 1024)
  })
})

const encode = (params: Record<string, string>) => new URLSearchParams(params).toString()

/** Calls of scheme legacy, each with the mistake of its name. */
function doctoredLegacy({ name, secret }: TestApp): Record<string, string> {
  const params = { client_type: name, method: 'web.passport.modify', nickname: '张 三', uid: '7', note: '' }
  const right = `client_type=${name}&method=web.passport.modify&nickname=张 三&note=&private_key=${secret}&uid=7`
  const md5 = (text: string) => hash('md5', text, 'hex')
  const sent = (client_secret: string, changed: Record<string, string> = {}) =>
    encode({ ...params, ...changed, client_secret })
  const keyless = right.replace(`&private_key=${secret}`, '')
  return {
    'values are signed url-encoded': sent(md5(right.replace('张 三', encodeURIComponent('张 三')))),
    'empty values are left out': sent(md5(right.replace('&note=', ''))),
    'private_key is left out': sent(md5(keyless)),
    'private_key stands at the end': sent(md5(`${keyless}&private_key=${secret}`)),
    'the bare secret is put before or behind the text': sent(md5(keyless + secret)),
    'parameters are joined without &': sent(md5(right.replaceAll('&', ''))),
    'uid is left out, or was added after signing': sent(md5(right.replace('&uid=7', ''))),
    'the MD5 is 16 digits long': sent(md5(right).slice(8, 24)),
    'the secret is in upper case': sent(md5(right.replace(secret, secret.toUpperCase()))),
    'client_secret, the signature, is missing': encode(params),
    'client_type is missing': encode({ method: 'web.passport.modify', client_secret: 'a'.repeat(32) }),
    'the call names the application other': sent(md5(right), { client_type: 'other' }),
  }
}

/** The same of scheme hmac-sha256. */
function doctoredHmac({ name, secret }: TestApp): Record<string, string> {
  const params = (changed: Record<string, string> = {}) => ({
    app_key: name,
    method: 'web.passport.modify',
    nickname: '张 三',
    sign_method: 'hmac-sha256',
    timestamp: String(Math.floor(Date.now() / 1000)),
    nonce: '0123456789abcdef',
    ...changed,
  })
  const sent = (changed: Record<string, string>) =>
    encode({ ...params(changed), client_secret: signHmac(params(changed), secret) })
  const now = Date.now()
  return {
    'timestamp is in milliseconds': sent({ timestamp: String(now) }),
    'seconds behind this clock': sent({ timestamp: String(Math.floor(now / 1000) - 900) }),
    'nonce is not 8 to 64': sent({ nonce: 'abc' }),
    'sign_method is missing or another': sent({ sign_method: 'md5' }),
    'the signature is one of scheme legacy': encode({
      ...params(),
      client_secret: signLegacy(params(), secret),
    }),
  }
}
