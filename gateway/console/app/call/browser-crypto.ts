import { hmac } from '@noble/hashes/hmac.js'
import { md5 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

// Stands in for the two functions of node:crypto that signing uses, so that the page and the server sign by one code.
// The browser's own are not there on a page without TLS, and know no MD5.

type Bytes = string | Uint8Array

const bytesOf = (data: Bytes) => (typeof data === 'string' ? utf8ToBytes(data) : data)

export function hash(algorithm: string, data: Bytes, encoding: 'hex'): string {
  if (algorithm !== 'md5' || encoding !== 'hex') throw new Error('only MD5 in hexadecimal')
  return bytesToHex(md5(bytesOf(data)))
}

export function createHmac(algorithm: string, key: Bytes) {
  if (algorithm !== 'sha256') throw new Error('only SHA-256')
  return {
    update: (text: string) => ({
      digest(encoding: 'hex' | 'base64'): string {
        const bytes = hmac(sha256, bytesOf(key), utf8ToBytes(text))
        return encoding === 'hex' ? bytesToHex(bytes) : btoa(String.fromCharCode(...bytes))
      },
    }),
  }
}
