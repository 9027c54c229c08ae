import { expect } from 'chai'
import { unpad } from '../../../../gateway/services/sign-in/pkcs1-padding.js'

const size = 64
const longest = size - 11

/** A decoy of `d`, and the two bytes that decide how long it seems. */
function decoy(length = 0): Buffer {
  const bytes = Buffer.alloc(size + 2, 'd')
  bytes.writeUInt16BE(length, size)
  return bytes
}

function padded(text: string): Buffer {
  const padding = size - text.length - 3
  return Buffer.concat([Buffer.from([0, 2]), Buffer.alloc(padding, 9), Buffer.from([0]), Buffer.from(text)])
}

describe('PKCS #1 v1.5 padding', () => {
  it('gives the message of every length that there can be', () => {
    for (let length = 0; length <= longest; length++) {
      const text = 'm'.repeat(length)
      expect(unpad([padded(text)], decoy(40_000)).toString()).to.equal(text)
    }
  })

  it('ends at the first zero: the message may hold others', () => {
    expect(unpad([padded('a\0b\0')], decoy()).toString()).to.equal('a\0b\0')
  })

  it('gives as much of the decoy as its last two bytes say, from nothing to the longest message', () => {
    const wrong = Buffer.alloc(size)
    expect(unpad([wrong], decoy(0)).toString()).to.equal('')
    expect(unpad([wrong], decoy(32_768)).toString()).to.equal('d'.repeat(27))
    expect(unpad([wrong], decoy(65_535)).toString()).to.equal('d'.repeat(longest))
  })

  it('takes any other first two bytes, and a separator that comes too early or never, for wrong', () => {
    const right = padded('message')
    for (let at = 0; at < 2; at++)
      for (let value = 0; value < 256; value++) {
        if (value === right[at]) continue
        const wrong = Buffer.from(right)
        wrong.writeUInt8(value, at)
        expect(unpad([wrong], decoy(65_535)).toString()).to.match(/^d+$/)
      }
    for (let at = 2; at < 10; at++) {
      const wrong = Buffer.from(right)
      wrong.writeUInt8(0, at)
      expect(unpad([wrong], decoy(65_535)).toString()).to.match(/^d+$/)
    }
    const without = Buffer.concat([Buffer.from([0, 2]), Buffer.alloc(size - 2, 9)])
    expect(unpad([without], decoy(65_535)).toString()).to.match(/^d+$/)
  })

  it('gives the first of several blocks that is right, wherever it stands', () => {
    const wrong = Buffer.alloc(size)
    const [first, second] = [padded('first'), padded('the second')]
    expect(unpad([first, second], decoy()).toString()).to.equal('first')
    expect(unpad([second, first], decoy()).toString()).to.equal('the second')
    expect(unpad([wrong, second], decoy()).toString()).to.equal('the second')
    expect(unpad([first, wrong], decoy()).toString()).to.equal('first')
    expect(unpad([wrong, wrong], decoy(32_768)).toString()).to.equal('d'.repeat(27))
  })
})
