/** Padding is `00 02`, at least eight bytes other than zero, and a zero: before this index there is no separator. */
const firstSeparator = 10

/**
 * The message within a block that was padded by PKCS #1 v1.5 for encryption, or as much of the decoy where the
 * padding is wrong. Which of the two, and where the message begins, no branch and no early end tells: with such a hint
 * anybody could decrypt what others sent (Bleichenbacher's attack).
 *
 * @param decoy as long as the block, and two bytes more that decide how long the message seems to be
 */
export function unpad(block: Buffer, decoy: Buffer): Buffer {
  const size = block.length
  let wrong = block.readUInt8(0) | (block.readUInt8(1) ^ 2)
  let separator = 0
  let found = 0
  for (let index = 2; index < size; index++) {
    const isZero = isNegative(block.readUInt8(index) - 1)
    separator |= index & -(isZero & (found ^ 1))
    found |= isZero
  }
  wrong |= found ^ 1
  wrong |= isNegative(separator - firstSeparator)
  const right = -isNegative(wrong - 1)
  const longest = size - firstSeparator - 1
  const decoyStart = size - ((decoy.readUInt16BE(size) * (longest + 1)) >>> 16)
  const start = ((separator + 1) & right) | (decoyStart & ~right)
  const chosen = Buffer.alloc(size)
  for (let index = 0; index < size; index++)
    chosen[index] = (block.readUInt8(index) & right) | (decoy.readUInt8(index) & ~right)
  return chosen.subarray(start)
}

/** 1 for a negative number of 32 bits, else 0. */
function isNegative(number: number): number {
  return number >>> 31
}
