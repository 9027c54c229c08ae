import { expect } from 'chai'
import { codeRight, mobileMalformed, mobileMissing } from '../../../answers.js'
import { type CallOptions, startGateway, type TestGateway } from '../../../harness.js'
import { onEachDatabase } from '../../../servers/databases.js'

const wrong = '{"code":404,"message":"验证错误！"}'
const exhausted = '{"code":405,"message":"输入次数太多，请重新发送！"}'
const noCode = '{"code":401,"message":"请输入验证码！"}'

const minute = 60_000
const hour = 3_600_000
const day = 86_400_000

let gateway: TestGateway
let lastNumber = 13_700_000_000
const newMobile = (): string => String(++lastNumber)

async function start(url: string, env: Record<string, string> = {}): Promise<void> {
  gateway = await startGateway({ url }, env)
  gateway.clock.freeze(Date.UTC(2026, 0, 5, 8))
}

async function check(mobile: string, code: string, options?: CallOptions): Promise<string> {
  const { status, text } = await gateway.call('web.passport.checkcode', { mobile, code }, options)
  expect(status).to.equal(200)
  return text
}

async function sendCode(mobile: string, options?: CallOptions): Promise<string> {
  const { json } = await gateway.call('web.passport.sendcode', { mobile }, options)
  expect(json).to.deep.equal({ code: 200, data: [], message: '发送成功' })
  return gateway.lastCode(mobile)
}

const otherThan = (code: string): string =>
  code.endsWith('7') ? `${code.slice(0, -1)}8` : `${code.slice(0, -1)}7`
const times = (count: number, answer: string): string[] => Array.from({ length: count }, () => answer)

async function checkWrong(mobile: string, code: string, count: number): Promise<string[]> {
  const answers: string[] = []
  for (let n = 0; n < count; n++) answers.push(await check(mobile, otherThan(code)))
  return answers
}

onEachDatabase('web.passport.checkcode', (database) => {
  before(() => start(database.url))
  after(() => gateway.close())

  it('answers the right code with 校验成功, once', async () => {
    const mobile = newMobile()
    const code = await sendCode(mobile)
    expect(await check(mobile, code)).to.equal(codeRight)
    expect(await check(mobile, code)).to.equal(wrong)
  })

  it('takes the right code from one of fifty callers who bring it in parallel', async () => {
    const mobile = newMobile()
    const code = await sendCode(mobile)
    const answers = await Promise.all(Array.from({ length: 50 }, () => check(mobile, code)))
    expect(answers.sort()).to.deep.equal([codeRight, ...times(49, wrong)])
  })

  it('wants a code before a number, and both before it looks', async () => {
    const call = async (params: Record<string, string>) =>
      (await gateway.call('web.passport.checkcode', params)).text
    expect(await call({})).to.equal(noCode)
    expect(await call({ mobile: '1', code: '' })).to.equal(noCode)
    expect(await call({ mobile: newMobile() })).to.equal(noCode)
    expect(await call({ mobile: '', code: '1234' })).to.equal(mobileMissing)
    expect(await call({ mobile: '12345678901', code: '1234' })).to.equal(mobileMalformed)
    expect(await call({ mobile: newMobile(), area: '1', code: '1234' })).to.equal(mobileMalformed)
  })

  it('finds the code of a number however the number is written, and of no other number', async () => {
    const mobile = newMobile()
    const code = await sendCode(mobile)
    expect(await check(newMobile(), code)).to.equal(wrong)
    expect(await check(`999-${mobile}`, code)).to.equal(wrong)
    expect(await check(`+86-${mobile}`, code, { verb: 'POST' })).to.equal(codeRight)
  })

  it('refuses what is no such code', async () => {
    const mobile = newMobile()
    const code = await sendCode(mobile)
    for (const text of [`${code}0`, code.slice(1), ` ${code}`, 'x'.repeat(33)])
      expect(await check(mobile, text), text).to.equal(wrong)
    expect(await check(mobile, code)).to.equal(codeRight)
  })

  it('takes a code for ten minutes', async () => {
    const [first, second] = [newMobile(), newMobile()]
    const codes = [await sendCode(first), await sendCode(second)] as const
    gateway.clock.advance(10 * minute - 1)
    expect(await check(first, codes[0])).to.equal(codeRight)
    gateway.clock.advance(2)
    expect(await check(second, codes[1])).to.equal(wrong)
  })

  it('takes the newest code only', async () => {
    const mobile = newMobile()
    const old = await sendCode(mobile)
    let code = old
    while (code === old) {
      gateway.clock.advance(minute)
      code = await sendCode(mobile)
    }
    expect(await check(mobile, old)).to.equal(wrong)
    expect(await check(mobile, code)).to.equal(codeRight)
  })

  it('takes a code that another application has had sent', async () => {
    const mobile = newMobile()
    const code = await sendCode(mobile)
    const app = await gateway.addApp({ scheme: 'hmac-sha256' })
    expect(await check(mobile, code, { app })).to.equal(codeRight)
  })

  it('refuses even the right code after five wrong ones in an hour, and sending again does not help', async () => {
    const mobile = newMobile()
    const code = await sendCode(mobile)
    expect(await checkWrong(mobile, code, 5)).to.deep.equal(times(5, wrong))
    expect(await check(mobile, code)).to.equal(exhausted)
    gateway.clock.advance(minute)
    const next = await sendCode(mobile)
    expect(await check(mobile, next)).to.equal(exhausted)
    expect(await check(mobile, next, { app: await gateway.addApp() })).to.equal(exhausted)
    const other = newMobile()
    expect(await check(other, await sendCode(other))).to.equal(codeRight)
    gateway.clock.advance(hour - minute)
    expect(await check(mobile, await sendCode(mobile))).to.equal(codeRight)
  })

  it('lets a number try ten wrong codes a day', async () => {
    const mobile = newMobile()
    for (const _ of [1, 2]) {
      expect(await checkWrong(mobile, await sendCode(mobile), 5)).to.deep.equal(times(5, wrong))
      gateway.clock.advance(hour)
    }
    expect(await check(mobile, await sendCode(mobile))).to.equal(exhausted)
    gateway.clock.advance(day - 2 * hour - 1)
    expect(await check(mobile, await sendCode(mobile))).to.equal(exhausted)
    gateway.clock.advance(minute)
    expect(await check(mobile, await sendCode(mobile))).to.equal(codeRight)
  })

  it('compares no more than the budget when it is asked in parallel', async () => {
    const mobile = newMobile()
    const code = await sendCode(mobile)
    const answers = await Promise.all(Array.from({ length: 25 }, () => check(mobile, otherThan(code))))
    expect(answers.sort()).to.deep.equal([...times(5, wrong), ...times(20, exhausted)])
  })

  it('counts no try while no code is live, be it not sent, too old or used', async () => {
    const mobile = newMobile()
    expect(await checkWrong(mobile, '1234', 7)).to.deep.equal(times(7, wrong))
    const old = await sendCode(mobile)
    gateway.clock.advance(10 * minute + 1)
    expect(await checkWrong(mobile, old, 7)).to.deep.equal(times(7, wrong))
    const used = await sendCode(mobile)
    expect(await check(mobile, used)).to.equal(codeRight)
    expect(await checkWrong(mobile, used, 7)).to.deep.equal(times(7, wrong))
    gateway.clock.advance(minute)
    const code = await sendCode(mobile)
    expect(await checkWrong(mobile, code, 4)).to.deep.equal(times(4, wrong))
    expect(await check(mobile, code)).to.equal(codeRight)
  })

  it('counts right codes neither', async () => {
    const mobile = newMobile()
    for (let n = 0; n < 5; n++) {
      const code = await sendCode(mobile)
      expect(await checkWrong(mobile, code, n === 4 ? 4 : 0)).to.deep.equal(times(n === 4 ? 4 : 0, wrong))
      expect(await check(mobile, code)).to.equal(codeRight)
      gateway.clock.advance(minute)
    }
  })
})

onEachDatabase('web.passport.checkcode with codes of six digits', (database) => {
  before(() => start(database.url, { CODE_LENGTH: '6' }))
  after(() => gateway.close())

  it('refuses even the right code after five wrong ones, until a new one is sent', async () => {
    const mobile = newMobile()
    const code = await sendCode(mobile)
    expect(code).to.match(/^[1-9]\d{5}$/)
    expect(await checkWrong(mobile, code, 5)).to.deep.equal(times(5, wrong))
    expect(await check(mobile, code)).to.equal(exhausted)
    gateway.clock.advance(minute)
    expect(await check(mobile, await sendCode(mobile))).to.equal(codeRight)
  })

  it('lets a number try ten wrong codes an hour, each hour again', async () => {
    const mobile = newMobile()
    for (const _ of ['the first hour', 'the second', 'the third']) {
      expect(await checkWrong(mobile, await sendCode(mobile), 5)).to.deep.equal(times(5, wrong))
      gateway.clock.advance(minute)
      expect(await checkWrong(mobile, await sendCode(mobile), 5)).to.deep.equal(times(5, wrong))
      gateway.clock.advance(minute)
      expect(await check(mobile, await sendCode(mobile))).to.equal(exhausted)
      gateway.clock.advance(hour)
    }
  })
})

onEachDatabase('web.passport.checkcode with codes that an application made longer', (database) => {
  before(() => start(database.url))
  after(() => gateway.close())

  it('lets a number try as often as the length of its own code allows', async () => {
    const app = await gateway.addApp({ codeLength: 6 })
    const mobile = newMobile()
    const first = await sendCode(mobile, { app })
    expect(first).to.match(/^[1-9]\d{5}$/)
    expect(await checkWrong(mobile, first, 5)).to.deep.equal(times(5, wrong))
    expect(await check(mobile, first)).to.equal(exhausted)
    gateway.clock.advance(minute)
    const second = await sendCode(mobile, { app })
    expect(await checkWrong(mobile, second, 4)).to.deep.equal(times(4, wrong))
    expect(await check(mobile, second, { app })).to.equal(codeRight)
  })

  it('counts those tries against a short code of the same number', async () => {
    const app = await gateway.addApp({ codeLength: 6 })
    const mobile = newMobile()
    expect(await checkWrong(mobile, await sendCode(mobile, { app }), 5)).to.deep.equal(times(5, wrong))
    gateway.clock.advance(minute)
    const short = await sendCode(mobile)
    expect(short).to.match(/^[1-9]\d{3}$/)
    expect(await check(mobile, short)).to.equal(exhausted)
  })
})
