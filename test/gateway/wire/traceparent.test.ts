import { expect } from 'chai'
import { readTraceparent, traceIdOf, writeTraceparent } from '../../../gateway/wire/traceparent.js'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'

describe('a traceparent (W3C Trace Context §3.2)', () => {
  it('names trace, span and whether the caller records it', () => {
    expect(readTraceparent(`00-${traceId}-${spanId}-01`)).to.deep.equal({ traceId, spanId, flags: 1 })
    expect(readTraceparent(`00-${traceId}-${spanId}-00`)?.flags).to.equal(0)
  })

  it('keeps of the flags the one that is known, and of a later version what this one knows', () => {
    for (const header of [
      `00-${traceId}-${spanId}-ff`,
      `cc-${traceId}-${spanId}-01`,
      `cc-${traceId}-${spanId}-01-what-later-versions-add`,
    ])
      expect(readTraceparent(header), header).to.deep.equal({ traceId, spanId, flags: 1 })
  })

  it('is none where it is not in that form', () => {
    for (const header of [
      undefined,
      '',
      [`00-${traceId}-${spanId}-01`],
      `ff-${traceId}-${spanId}-01`,
      `00-${traceId}-${spanId}-01-more`,
      `cc-${traceId}-${spanId}-01more`,
      `00-${'0'.repeat(32)}-${spanId}-01`,
      `00-${traceId}-${'0'.repeat(16)}-01`,
      `00-${traceId.toUpperCase()}-${spanId}-01`,
      `00-${traceId}-${spanId}`,
      `00-${traceId}-${spanId}-1`,
      `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
    ])
      expect(readTraceparent(header), String(header)).to.equal(undefined)
  })

  it('is written in the form of version 00', () => {
    const written = writeTraceparent({ traceId, spanId, flags: 1 })
    expect(written).to.equal(`00-${traceId}-${spanId}-01`)
    expect(traceIdOf(written)).to.equal(traceId)
  })
})
