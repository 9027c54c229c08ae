import { expect } from 'chai'
import type { TestGateway } from '../../harness.js'
import { withGateway } from '../../suite.js'

const sent = 200
const refused = 9999991
const [right, wrong, exhausted] = [200, 404, 405]
const hour = 3_600_000

const oneCaller = { LIMIT_IP_SCALE: '1', TRUST_PROXY: '127.0.0.1', CODE_GAP: '0' }

/** An attacker with a network of 2^16 networks of 64 bits. */
const ofAttacker = (at: number) => `2001:db8:7:${at.toString(16)}::1`

let lastNumber = 13_700_000_000
const newMobile = (): string => String(++lastNumber)

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)

function callsOf(gateway: TestGateway) {
  const from = (ip: string) => ({ headers: { 'x-real-ip': ip } })
  const send = async (mobile: string, ip: string) =>
    (await gateway.call('web.passport.sendcode', { mobile }, from(ip))).json?.code
  const check = async (mobile: string, code: string, ip: string) =>
    (await gateway.call('web.passport.checkcode', { mobile, code }, from(ip))).json?.code
  const guess = async (mobile: string, count: number, ip: string) => {
    const code = await gateway.lastCode(mobile)
    const answers: (number | undefined)[] = []
    for (let n = 1; n <= count; n++)
      answers.push(await check(mobile, String(1000 + ((Number(code) - 1000 + n) % 9000)), ip))
    return answers
  }
  /** Signs in by a code, so that the network becomes one of the user's own. */
  const signIn = async (mobile: string, ip: string) => {
    const { verifyCode } = { verifyCode: await gateway.lastCode(mobile) }
    const query = new URLSearchParams({ verify_key: mobile, verify_code: verifyCode })
    return (await gateway.request(`/front/account/login/doSmsLogin?${query.toString()}`, from(ip))).json
  }
  return { from, send, check, guess, signIn }
}

withGateway(
  'wrong codes of one network',
  { ...oneCaller, WRONG_CODES_PER_IP_HOUR: '12', WRONG_CODES_PER_NETWORK_HOUR: '23' },
  (gateway) => {
    const { send, check, guess } = callsOf(gateway)
    beforeEach(() => gateway.clock.advance(hour))

    it('are compared so many times an hour from one address, whatever the numbers', async () => {
      const mobiles = [newMobile(), newMobile(), newMobile()]
      for (const mobile of mobiles) expect(await send(mobile, '198.51.100.1')).to.equal(sent)
      const answers = []
      for (const mobile of mobiles) answers.push(...(await guess(mobile, 5, '198.51.100.1')))
      expect(answers).to.deep.equal([...times(12, wrong), ...times(3, exhausted)])
      const code = await gateway.lastCode(mobiles[2] ?? '')
      expect(await check(mobiles[2] ?? '', code, '198.51.100.1')).to.equal(exhausted)
      expect(await check(mobiles[2] ?? '', code, '203.0.113.9')).to.equal(right)
    })

    for (const [network, addressOf] of [
      ['an IPv4 /24', (at: number) => `192.0.2.${at}`],
      ['an IPv6 /48', ofAttacker],
    ] as const)
      it(`are compared so many times an hour from ${network}, an address for each number`, async () => {
        const answers = []
        for (let at = 1; at <= 6; at++) {
          const mobile = newMobile()
          expect(await send(mobile, `2001:db8:ffff:${at}::2`)).to.equal(sent)
          answers.push(...(await guess(mobile, 5, addressOf(at))))
        }
        expect(answers).to.deep.equal([...times(23, wrong), ...times(7, exhausted)])
        gateway.clock.advance(hour)
        const mobile = newMobile()
        await send(mobile, addressOf(1))
        expect(await guess(mobile, 1, addressOf(1))).to.deep.equal([wrong])
      })

    it('are not counted for back ends that call from addresses of their own', async () => {
      const app = await gateway.addApp({ addresses: ['127.0.0.1'] })
      const check = async (mobile: string, code: string) =>
        (await gateway.call('web.passport.checkcode', { mobile, code }, { app })).json?.code
      for (let n = 0; n < 7; n++) {
        const mobile = newMobile()
        await gateway.call('web.passport.sendcode', { mobile }, { app })
        const code = await gateway.lastCode(mobile)
        for (let guess = 0; guess < 4; guess++) expect(await check(mobile, '0000')).to.equal(wrong)
        expect(await check(mobile, code)).to.equal(right)
      }
    })

    it('are a metric, with all others, and a warning names the network once', async () => {
      const mobiles = [newMobile(), newMobile(), newMobile()]
      for (const mobile of mobiles) {
        await send(mobile, '198.51.100.77')
        await guess(mobile, 5, '198.51.100.77')
      }
      await send(newMobile(), '203.0.113.3')
      const metrics = await gateway.services.metrics.registry.metrics()
      const count = (outcome: string) =>
        Number(
          new RegExp(`gateway_code_checks_total{channel="sms",outcome="${outcome}"} (\\d+)`).exec(
            metrics,
          )?.[1],
        )
      expect(count('wrong')).to.be.at.least(12)
      expect(count('exhausted')).to.be.at.least(3)
      expect(count('right')).to.be.at.least(1)
      const warnings = gateway.logLines
        .filter((line) => line.includes('198.51.100.77'))
        .filter((line) => line.includes('"level":40'))
      expect(warnings).to.have.length(1)
    })
  },
)

withGateway(
  'codes asked for from one network',
  {
    ...oneCaller,
    CODE_PER_NETWORK_HOUR: '30',
    CODE_PER_DAY: '200',
    CODE_NETWORK_SHARE: '20',
    CODE_RESERVE: '25',
  },
  (gateway) => {
    const { send, signIn } = callsOf(gateway)

    it('are sent so many times an hour, and no more than a share of CODE_PER_DAY', async () => {
      const answers = []
      for (let at = 0; at < 40; at++) answers.push(await send(newMobile(), ofAttacker(at)))
      expect(answers).to.deep.equal([...times(30, sent), ...times(10, refused)])
      gateway.clock.advance(hour)
      const later = []
      for (let at = 40; at < 60; at++) later.push(await send(newMobile(), ofAttacker(at)))
      expect(later).to.deep.equal([...times(10, sent), ...times(10, refused)])
      expect(await send(newMobile(), '203.0.113.7')).to.equal(sent)
    })

    it('leave a reserve to users who ask from where they have signed in, and to recovery mails', async () => {
      gateway.clock.advance(25 * hour)
      const user = newMobile()
      expect(await send(user, '203.0.113.50')).to.equal(sent)
      expect(await signIn(user, '203.0.113.50')).to.include({ code: 0 })
      let strangers = 0
      for (let at = 1; at <= 200; at++)
        if ((await send(newMobile(), `2001:db8:${at.toString(16)}::1`)) === sent) strangers++
      expect(strangers).to.equal(149)
      expect(await send(newMobile(), '203.0.113.50')).to.equal(refused)
      expect(await send(user, '203.0.113.50')).to.equal(sent)
      expect(await send(user, '198.51.100.1')).to.equal(refused)
    })
  },
)

withGateway(
  'a number that strangers have guessed at',
  { ...oneCaller, LIMIT_IP_SCALE: '1000' },
  (gateway) => {
    const { send, guess, signIn } = callsOf(gateway)

    it('signs its user in from a network of former sign-ins, with as many tries again', async () => {
      const mobile = newMobile()
      await send(mobile, '203.0.113.7')
      expect(await signIn(mobile, '203.0.113.7')).to.include({ code: 0 })
      await send(mobile, '203.0.113.7')
      expect(await guess(mobile, 6, '198.51.100.1')).to.deep.equal([...times(5, wrong), exhausted])
      expect(await signIn(mobile, '198.51.100.1'), 'a stranger').to.include({ code: 300 })
      expect(await signIn(mobile, '203.0.113.7'), 'the user').to.include({ code: 0 })
      await send(mobile, '203.0.113.7')
      expect(await guess(mobile, 7, '203.0.113.7')).to.deep.equal([...times(5, wrong), exhausted, exhausted])
      expect(await signIn(mobile, '203.0.113.7'), 'after guesses from there').to.include({ code: 300 })
    })

    it('is open to strangers no more often than before', async () => {
      const mobile = newMobile()
      await send(mobile, '203.0.113.7')
      await guess(mobile, 5, '198.51.100.1')
      for (const ip of ['203.0.113.7', '192.0.2.1', '198.51.100.1'])
        expect(await signIn(mobile, ip)).to.include({ code: 300 })
    })
  },
)
