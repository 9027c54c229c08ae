import { expect } from 'chai'
import { MessageCursor, settleMilliseconds } from '../../../../methods/rules/messages/cursors.js'

const now = 1_700_000_000_000

/** A cursor of these messages, shown one after the other. */
function cursorOf(floor: number, messageIds: readonly number[], since = now): MessageCursor {
  const cursor = new MessageCursor(floor)
  for (const messageId of messageIds) cursor.add(messageId, since)
  return cursor
}

/** What a cursor says, read back from its text. */
function readBack(cursor: MessageCursor) {
  const { floor, shown } = MessageCursor.parse(cursor.toString(), now) ?? expect.fail(cursor.toString())
  return { floor, shown: shown.sort((left, right) => left - right) }
}

describe('cursors of messages', () => {
  it('are the number alone when all up to it was shown', () => {
    expect(cursorOf(7, []).toString()).to.equal('7')
    expect(readBack(cursorOf(7, []))).to.deep.equal({ floor: 7, shown: [] })
  })

  it('name what was shown above the floor, so that what appears between is not lost', () => {
    const cursor = cursorOf(100, [104, 110, 102])
    expect(cursor.toString()).to.equal('110~6.2.2')
    expect(readBack(cursor)).to.deep.equal({ floor: 100, shown: [102, 104, 110] })
  })

  it('lift the floor a minute after a message was shown', () => {
    const cursor = cursorOf(100, [104])
    cursor.add(108, now + 1)
    cursor.settle(now + settleMilliseconds - 1)
    expect(cursor.toString()).to.equal('108~4.4')
    cursor.settle(now + settleMilliseconds)
    expect(cursor.toString()).to.equal('108~4')
    cursor.settle(now + settleMilliseconds + 1)
    expect(cursor.toString()).to.equal('108')
  })

  it('stay small however much was shown: they forget the oldest', () => {
    const cursor = cursorOf(
      0,
      Array.from({ length: 700 }, (_, at) => 2 * at + 2),
    )
    expect(cursor.shown).to.have.length.below(501)
    expect(cursor.floor).to.equal(400)
    expect(cursor.toString().length).to.be.below(2000)
    expect(readBack(cursor).shown.at(-1)).to.equal(1400)
  })

  it('are read back whatever was shown, in whatever order', () => {
    let seed = 11
    const next = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
    for (let round = 0; round < 500; round++) {
      const floor = next(1_000_000)
      const messageIds = [...new Set(Array.from({ length: next(60) }, () => floor + 1 + next(5000)))]
      const expected = [...messageIds].sort((left, right) => left - right)
      expect(readBack(cursorOf(floor, messageIds))).to.deep.equal({ floor, shown: expected })
    }
  })

  it('are none of ours when they say what none says', () => {
    for (const text of [
      '',
      'x',
      '1~',
      '1~0',
      '5~6',
      '5~3.3',
      '5~0.5',
      '~1',
      '1~1~1',
      '1'.repeat(16),
      '5~1.',
      '5~A',
    ])
      expect(MessageCursor.parse(text, now), text).to.equal(undefined)
  })
})
