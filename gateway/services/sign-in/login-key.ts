import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  hkdfSync,
  type KeyObject,
  privateDecrypt,
} from 'node:crypto'
import { promisify } from 'node:util'
import type { Knex } from 'knex'
import { findServerKey, insertServerKey, type ServerKeyRow } from '../../../db/server-keys.js'
import type { Clock } from '../clock.js'
import { unpad } from './pkcs1-padding.js'
import type { Vault } from '../vault.js'

const name = 'login-rsa'
const modulusBytes = 256
/** Base64 of any dialect; a `+` that arrived as a space counts as one. */
const base64Form = /^[A-Za-z0-9+/_ -]{1,344}={0,2}$/

/** The server's own RSA key, under which clients encrypt passwords (`encrypt=true`, account.md §7). */
export interface LoginKey {
  /** SPKI as base64, without PEM's lines. */
  publicKey(): Promise<string>
  /**
   * The text that a client encrypted (base64 of RSA PKCS #1 v1.5). What is no such thing gives a text that nobody
   * chose, always the same one for the same input, so that who sends forgeries learns nothing from what follows.
   */
  decrypt(encrypted: string): Promise<string>
}

interface LoadedKey {
  readonly publicKey: string
  readonly privateKey: KeyObject
  /** What the texts of forgeries are derived from. */
  readonly decoySecret: Buffer
}

interface Dependencies {
  readonly db: Knex
  readonly vault: Vault
  readonly clock: Clock
  /** The operator's keys in PEM, the one to give out first. */
  readonly loginKeys?: readonly string[]
  /** The place of the key that is given out; behind the last stands the one in the database. */
  readonly giving?: () => number
}

/** The operator's keys, and that in the database, which the first node makes and each process reads once. */
export function createLoginKey({ loginKeys = [], giving = () => 0, ...parts }: Dependencies): LoginKey {
  const own = loginKeys.map((pem) => readKey(createPrivateKey(pem)))
  let loading: Promise<LoadedKey> | undefined
  const loadMade = () => {
    loading ??= loadKey(parts).catch((error: unknown) => {
      // The next call tries again: the database may be back.
      loading = undefined
      throw error
    })
    return loading
  }
  const loadAll = async () => {
    if (own.length === 0) return [await loadMade()]
    // Sealed under a key that is missing, it keeps nobody from the operator's own.
    const made = await loadMade().catch(() => undefined)
    return made ? [...own, made] : own
  }
  return {
    publicKey: async () => (own[giving()] ?? (await loadMade())).publicKey,
    decrypt: async (encrypted) => decrypt(await loadAll(), encrypted),
  }
}

async function loadKey({ db, vault, clock }: Dependencies): Promise<LoadedKey> {
  let row = await findServerKey(db, name)
  if (!row) {
    await insertServerKey(db, await makeKey(vault, clock))
    // Another node may have been first.
    row = await findServerKey(db, name)
  }
  const privateDer = row && vault.open('server-key', row.sealed_key)
  if (row === undefined || privateDer === undefined)
    throw new Error(
      `server_key ${name} is sealed under a DATA_KEY that is not configured: add it or delete the row`,
    )
  const der = Buffer.from(privateDer, 'base64')
  return readKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
}

function readKey(privateKey: KeyObject): LoadedKey {
  const der = privateKey.export({ format: 'der', type: 'pkcs8' })
  return {
    publicKey: publicText(privateKey),
    privateKey,
    decoySecret: createHash('sha256').update(der).digest(),
  }
}

function publicText(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64')
}

async function makeKey(vault: Vault, clock: Clock): Promise<ServerKeyRow> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: modulusBytes * 8,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  })
  return {
    name,
    public_key: publicKey.toString('base64'),
    sealed_key: vault.seal('server-key', privateKey.toString('base64')),
    created_at: clock.now(),
  }
}

function decrypt(keys: readonly LoadedKey[], encrypted: string): string {
  const block = readBlock(encrypted)
  const salt = block ?? createHash('sha256').update(encrypted).digest()
  const [{ decoySecret } = { decoySecret: '' }] = keys
  const decoy = Buffer.from(
    hkdfSync('sha256', decoySecret, salt, 'passport-gateway login decoy', modulusBytes + 2),
  )
  // All zeros is no padded text either.
  const padded = keys.map(
    ({ privateKey }) => (block && decryptRaw(privateKey, block)) ?? Buffer.alloc(modulusBytes),
  )
  return unpad(padded, decoy).toString('utf8')
}

/** Old releases of JSEncrypt leave out leading zeros, one time in 256: shorter texts are filled up. */
function readBlock(encrypted: string): Buffer | undefined {
  if (!base64Form.test(encrypted)) return undefined
  const bytes = Buffer.from(encrypted.replaceAll(' ', '+'), 'base64')
  return bytes.length > modulusBytes
    ? undefined
    : Buffer.concat([Buffer.alloc(modulusBytes - bytes.length), bytes])
}

/** Node refuses to unpad PKCS #1 v1.5 for private keys where OpenSSL lets it be an oracle, so that is done by ours. */
function decryptRaw(key: KeyObject, block: Buffer): Buffer | undefined {
  try {
    return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, block)
  } catch {
    // A number that is not below the modulus, as everybody can tell who knows the public key.
    return undefined
  }
}
