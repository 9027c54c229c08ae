import { createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto'
import type { Config } from '../../../config/config.js'
import type { KeyVariable } from '../../../db/key-holders.js'

/** Eight hex digits that tell a key from others and nothing of the key itself, for logs and lists. */
export function keyFingerprint(key: string): string {
  return Buffer.from(hkdfSync('sha256', key, '', 'passport-gateway fingerprint', 4)).toString('hex')
}

/** What the login key in the database is called, which all nodes have. */
const madeKey = 'made'

/** The keys of a configuration in their order, the login key in the database last. */
export function fingerprintsOf(
  config: Pick<Config, 'dataKeys' | 'jwtSecrets' | 'loginKeys'>,
): Readonly<Record<KeyVariable, readonly string[]>> {
  return {
    DATA_KEY: config.dataKeys.map(keyFingerprint),
    JWT_SECRET: config.jwtSecrets.map(keyFingerprint),
    LOGIN_KEY: [...config.loginKeys.map((pem) => keyFingerprint(publicText(pem))), madeKey],
  }
}

/** All that is told of a login key is told of its public half. */
function publicText(pem: string): string {
  return createPublicKey(createPrivateKey(pem)).export({ format: 'der', type: 'spki' }).toString('base64')
}
