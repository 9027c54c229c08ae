import { expect } from 'chai'
import {
  type EventStreams,
  type OpenStream,
  createEventStreams,
} from '../../../../gateway/services/live/event-streams.js'
import { withGateway } from '../../../suite.js'

interface Stream extends OpenStream {
  /** When it was told to come back, if it was ended. */
  readonly ended: readonly number[]
}

withGateway('the streams of a process', (gateway) => {
  let streams: EventStreams
  beforeEach(() => {
    streams = createEventStreams({ ...gateway.services, mostPerUser: 2, mostInAll: 3 })
  })
  afterEach(() => streams.close())

  function add(userId: number, server?: OpenStream['server']): Stream {
    const ended: number[] = []
    const session = { userId, tokenId: 'x', expiresAt: Number.MAX_SAFE_INTEGER }
    const stream = {
      session,
      server,
      ended,
      beat() {},
      end: (retry: number) => (ended.push(retry), remove()),
    }
    const remove = streams.add(stream)
    return stream
  }

  it('are as many as it may hold; a user who holds too many gives up the oldest', () => {
    const [first, second, third] = [add(1), add(1), add(1)]
    expect([first, second, third].map(({ ended }) => ended)).to.deep.equal([[60_000], [], []])
    add(2)
    expect(() => add(3)).to.throw('UNAVAILABLE')
    // Makes room first.
    expect(streams.count()).to.equal(3)
  })

  it('end with the server they came in by, and all when the process goes', () => {
    const server = { listening: true }
    const [here, there] = [add(1, server), add(2, { listening: true })]
    streams.endOf(server)
    expect([here.ended.length, there.ended.length]).to.deep.equal([1, 0])
    streams.close()
    expect(there.ended[0]).to.be.within(2000, 5000)
    expect(() => add(1)).to.throw('UNAVAILABLE')
    expect(streams.count()).to.equal(0)
  })
})
