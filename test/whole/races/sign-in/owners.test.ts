import { expect } from 'chai'
import { onEachDatabase } from '../../../servers/databases.js'
import { readMessage } from '../messages.js'
import { type RaceCall, useTrack } from '../track.js'

const signedIn = 200
const wrong = 404
const exhausted = 405

const home = '198.51.100.7'
/** Tries that a number of four digits has in an hour, strangers' and, besides, the owner's. */
const tries = 5

const env = {
  TRUST_PROXY: '127.0.0.1',
  CODE_GAP: '0',
  CODE_PER_NUMBER_HOUR: '100',
  CODE_PER_NUMBER_DAY: '100',
}

onEachDatabase("strangers' guesses beside the owner's sign-in by code, on two nodes", function (database) {
  this.timeout(120_000)
  const track = useTrack(database, env)

  const receiveCode = async (mobile: string) => {
    const before = await track.db('outbox_message').where({ address: `+86${mobile}` })
    expect((await track.call('web.passport.sendcode', { mobile }, home)).code).to.equal(200)
    const after = await track.db('outbox_message').where({ address: `+86${mobile}` })
    expect(after.length).to.equal(before.length + 1)
    return readMessage(track.db, `+86${mobile}`, /(\d{4})/)
  }
  const signIn = (mobile: string, verify_code: string, ip: string): RaceCall => ({
    method: 'front.account.login.doSmsLogin',
    params: { verify_key: mobile, verify_code },
    ip,
  })
  /** A user who has signed in from home once. */
  const settle = async (mobile: string) => {
    const { method, params, ip } = signIn(mobile, await receiveCode(mobile), home)
    expect((await track.call(method, params, ip)).code).to.equal(signedIn)
  }
  /** Wrong codes, each from a network of its own. */
  const guesses = (mobile: string, code: string, count: number) =>
    Array.from({ length: count }, (_, at) => signIn(mobile, another(code, at), `203.0.${at}.9`))
  const used = async (name: string) => (await track.db('usage_limit').where({ name }).first())?.used ?? 0

  it('never shut the owner out, and are compared no more often than they may', async () => {
    const mobile = '13900000501'
    await settle(mobile)
    for (let round = 0; round < 4; round++) {
      const code = await receiveCode(mobile)
      const strangers = guesses(mobile, code, 120)
      const place = [0, 40, 80, 120][round] ?? 0
      const calls = [...strangers.slice(0, place), signIn(mobile, code, home), ...strangers.slice(place)]
      const { answers } = await track.race(calls)
      expect(answers[place]?.code, `round ${round}`).to.equal(signedIn)
      expect(answers.filter(({ code }) => code === signedIn)).to.have.length(1)
      expect(await used(`wrong-hour:sms:+86${mobile}`)).to.be.at.most(tries)
    }
    expect(await used(`wrong-hour:sms:+86${mobile}`)).to.equal(tries)
    const rows = await track.db('usage_limit').where('name', 'like', 'wrong-hour:net:203.0.%')
    expect(rows.reduce((sum, row) => sum + row.used, 0)).to.equal(tries)
  })

  it('leave the owner tries of their own, as many and no more, from all networks together', async () => {
    const mobile = '13900000502'
    const away = '192.0.2.77'
    await settle(mobile)
    const elsewhere = signIn(mobile, await receiveCode(mobile), away)
    expect((await track.call(elsewhere.method, elsewhere.params, away)).code).to.equal(signedIn)
    const code = await receiveCode(mobile)
    const { codes } = await track.race(guesses(mobile, code, 60))
    expect(codes).to.deep.equal({ [wrong]: tries, [exhausted]: 60 - tries })
    const own = Array.from({ length: 40 }, (_, at) =>
      signIn(mobile, another(code, at), at % 2 === 0 ? home : away),
    )
    expect((await track.race(own)).codes).to.deep.equal({ [wrong]: tries, [exhausted]: 40 - tries })
    const late = await track.race([signIn(mobile, code, home), ...guesses(mobile, code, 60)])
    expect(late.codes).to.deep.equal({ [exhausted]: 61 })
  })
})

/** A code of four digits that is not the right one. */
function another(code: string, at: number): string {
  return String(1000 + ((Number(code) - 1000 + at + 1) % 9000))
}
