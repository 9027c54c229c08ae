/** Padding is `00 02`, at least eight bytes other than zero, and a zero: before this index there is no separator. */
const firstSeparator = 10

/**
 * The message within a block that was padded by PKCS #1 v1.5 for encryption, or as much of the decoy where the
 * padding is wrong. Of several blocks, which are one text decrypted under several keys, the first counts whose padding is
 * right. Which, and where the message begins, no branch and no early end tells: with such a hint anybody could decrypt what
 * others sent (Bleichenbacher's attack).
 *
 * @param blocks of one length
 * @param decoy as long as a block, and two bytes more that decide how long the message seems to be
 */
export function unpad(blocks: readonly Buffer[], decoy: Buffer): Buffer {
  const size = decoy.length - 2
  const longest = size - firstSeparator - 1
  const chosen = Buffer.from(decoy.subarray(0, size))
  let start = size - ((decoy.readUInt16BE(size) * (longest + 1)) >>> 16)
  // Backwards, as what is chosen last stays.
  for (const block of blocks.toReversed()) {
    const { right, separator } = examine(block)
    start = ((separator + 1) & right) | (start & ~right)
    for (let index = 0; index < size; index++)
      chosen[index] = (block.readUInt8(index) & right) | (chosen.readUInt8(index) & ~right)
  }
  return chosen.subarray(start)
}

/** All ones where the padding of a block is right, else 0; and where the zero before the message is. */
function examine(block: Buffer): { readonly right: number; readonly separator: number } {
  let wrong = block.readUInt8(0) | (block.readUInt8(1) ^ 2)
  let separator = 0
  let found = 0
  for (let index = 2; index < block.length; index++) {
    const isZero = isNegative(block.readUInt8(index) - 1)
    separator |= index & -(isZero & (found ^ 1))
    found |= isZero
  }
  wrong |= found ^ 1
  wrong |= isNegative(separator - firstSeparator)
  return { right: -isNegative(wrong - 1), separator }
}

/** 1 for a negative number of 32 bits, else 0. */
function isNegative(number: number): number {
  return number >>> 31
}
