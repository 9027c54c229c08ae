import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Knex } from 'knex'
import { onEachDatabase } from '../../../servers/databases.js'
import { readMessage } from '../messages.js'
import { useTrack, type RaceCall } from '../track.js'

const parallel = 200
const right = 200
const wrong = 404
const exhausted = 405

onEachDatabase('codes checked in parallel', function (database) {
  this.timeout(60_000)
  const track = useTrack(database)

  const receiveCode = async (mobile: string) => {
    expect((await track.call('web.passport.sendcode', { mobile })).code).to.equal(200)
    return readMessage(track.db, `+86${mobile}`, /(\d{4})/)
  }
  const check = (mobile: string, code: string): RaceCall => ({
    method: 'web.passport.checkcode',
    params: { mobile, code },
  })

  it('lets one of 200 calls use a code', async () => {
    const mobile = '13900000001'
    const code = await receiveCode(mobile)
    const { codes } = await track.race(Array.from({ length: parallel }, () => check(mobile, code)))
    expect(codes).to.deep.equal({ [right]: 1, [wrong]: parallel - 1 })
  })

  it('compares five of 200 wrong codes, and then not even the right one', async () => {
    const mobile = '13900000002'
    const code = await receiveCode(mobile)
    const guesses = wrongCodes(code, parallel)
    const { codes } = await track.race(guesses.map((guess) => check(mobile, guess)))
    expect(codes).to.deep.equal({ [wrong]: 5, [exhausted]: parallel - 5 })
    expect((await track.call('web.passport.checkcode', { mobile, code })).code).to.equal(exhausted)
  })

  it('refuses the right code to 20 calls while 200 wrong ones are under way', async () => {
    const mobile = '13900000003'
    const code = await receiveCode(mobile)
    const guessing = track.race(wrongCodes(code, parallel).map((guess) => check(mobile, guess)))
    await untilTriesAreSpent(track.db, `sms:+86${mobile}`)
    const late = await Promise.all(
      Array.from({ length: 20 }, () => track.call('web.passport.checkcode', { mobile, code })),
    )
    expect(late.map(({ code }) => code)).to.deep.equal(late.map(() => exhausted))
    expect((await guessing).codes).to.deep.equal({ [wrong]: 5, [exhausted]: parallel - 5 })
  })
})

/** Different codes of four digits, the right one not among them. */
function wrongCodes(code: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => String(1000 + ((Number(code) - 1000 + at + 1) % 9000)))
}

async function untilTriesAreSpent(db: Knex, address: string): Promise<void> {
  for (;;) {
    const sent = await db('sent_code').where({ address }).first('wrong_tries')
    if (sent?.wrong_tries === 5) return
    await sleep(5)
  }
}
