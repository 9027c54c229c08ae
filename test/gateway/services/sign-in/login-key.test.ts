import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { createLoginKey, type LoginKey } from '../../../../gateway/services/sign-in/login-key.js'
import { createVault } from '../../../../gateway/services/vault.js'
import { withGateway } from '../../../suite.js'

const size = 256

/** Encrypts as the admin site's JSEncrypt does. */
function encrypt(publicKey: string, text: string): string {
  return encryptBytes(publicKey, Buffer.from(text), constants.RSA_PKCS1_PADDING)
}

/** Encrypts a whole block, however it is padded. */
function encryptBlock(publicKey: string, block: Buffer): string {
  return encryptBytes(publicKey, block, constants.RSA_NO_PADDING)
}

function encryptBytes(publicKey: string, bytes: Buffer, padding: number): string {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  return publicEncrypt({ key, padding }, bytes).toString('base64')
}

/** A padded block: its first two bytes, so many bytes of padding, what separates, and the text, filled up with `x`. */
function block(text: string, { head = [0, 2], padding = 8, separator = 0 } = {}): Buffer {
  const front = Buffer.concat([Buffer.from(head), Buffer.alloc(padding, 7), Buffer.from([separator])])
  return Buffer.concat([front, Buffer.from(text.padEnd(size - front.length, 'x'))])
}

withGateway('The login key', (gateway) => {
  let key: LoginKey
  let publicKey: string
  before(async () => {
    key = gateway.services.loginKey
    publicKey = await key.publicKey()
  })

  /** A key as another node would load it. */
  const onAnotherNode = () => createLoginKey(gateway.services)

  it('is RSA of 2048 bits, as base64 in one line', () => {
    expect(publicKey).to.match(/^[A-Za-z0-9+/]+=*$/)
    const parsed = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    expect(parsed.asymmetricKeyType).to.equal('rsa')
    expect(parsed.asymmetricKeyDetails?.modulusLength).to.equal(2048)
  })

  it('decrypts what clients encrypt under it', async () => {
    for (const text of ['', 'a', 'right password', '密码 пароль 🔑', 'x'.repeat(size - 11)])
      expect(await key.decrypt(encrypt(publicKey, text)), text).to.equal(text)
  })

  it('reads base64 whose plus signs arrived as spaces, and one without its padding', async () => {
    for (let n = 0; n < 20; n++) {
      const encrypted = encrypt(publicKey, 'right password')
      expect(await key.decrypt(encrypted.replaceAll('+', ' '))).to.equal('right password')
      expect(await key.decrypt(encrypted.replace(/=+$/, ''))).to.equal('right password')
    }
  })

  it('reads what old releases of JSEncrypt send without its leading zeros', async function () {
    this.timeout(60_000)
    for (;;) {
      const bytes = Buffer.from(encrypt(publicKey, 'right password'), 'base64')
      if (bytes[0] !== 0) continue
      expect(await key.decrypt(bytes.subarray(1).toString('base64'))).to.equal('right password')
      return
    }
  })

  it('gives for every block that is padded wrongly some text that its sender did not choose', async () => {
    const wrong = {
      'another first byte': block('chosen', { head: [1, 2] }),
      'padded as a signature': block('chosen', { head: [0, 1] }),
      'padded for no encryption': block('chosen', { head: [0, 0] }),
      'seven bytes of padding': block('chosen', { padding: 7 }),
      'no padding': block('chosen', { padding: 0 }),
      'no separator': block('chosen', { separator: 1 }),
      'all zeros': Buffer.alloc(size),
    }
    for (const [name, bytes] of Object.entries(wrong)) {
      const encrypted = encryptBlock(publicKey, bytes)
      const text = await key.decrypt(encrypted)
      expect(text, name).to.not.include('chosen')
      // Asking again tells nothing: register with it, log in with it.
      expect(await key.decrypt(encrypted), name).to.equal(text)
      expect(await onAnotherNode().decrypt(encrypted), name).to.equal(text)
    }
    expect(await key.decrypt(encryptBlock(publicKey, block('chosen')))).to.match(/^chosenx+$/)
  })

  it('gives some text for whatever else is sent, and never the right one', async () => {
    const encrypted = encrypt(publicKey, 'right password')
    const bytes = Buffer.from(encrypted, 'base64')
    const flipped = Array.from({ length: size }, (_, at) => {
      const copy = Buffer.from(bytes)
      copy.writeUInt8(copy.readUInt8(at) ^ 1, at)
      return copy.toString('base64')
    })
    const others = [
      ...flipped,
      '',
      'right password',
      '*'.repeat(344),
      encrypted.slice(4),
      encrypted.slice(0, -8),
      `${encrypted}${encrypted}`,
      `${encrypted} `,
      `-----${encrypted}`,
      Buffer.concat([Buffer.from([1]), bytes]).toString('base64'),
      Buffer.alloc(size, 255).toString('base64'),
      Buffer.alloc(size).toString('base64'),
      randomBytes(size).toString('base64'),
    ]
    const texts = new Set<string>()
    for (const other of others) {
      const text = await key.decrypt(other)
      expect(text).to.not.include('right password')
      texts.add(text)
    }
    // A few may be short by chance, and then two of them the same.
    expect(texts.size).to.be.above(others.length - 5)
  })

  it('is one for all nodes, even when many need it first at the same time', async () => {
    await gateway.db('server_key').delete()
    const nodes = Array.from({ length: 4 }, onAnotherNode)
    const keys = await Promise.all(nodes.map((node) => node.publicKey()))
    expect(new Set(keys).size).to.equal(1)
    expect(keys[0]).to.not.equal(publicKey)
    const encrypted = encrypt(keys[0] ?? '', 'right password')
    for (const node of [...nodes, onAnotherNode()])
      expect(await node.decrypt(encrypted)).to.equal('right password')
    expect(await gateway.db('server_key').pluck('name')).to.deep.equal(['login-rsa'])
  })

  it('is kept sealed under DATA_KEY, and refuses to start anew without it', async () => {
    const { db, clock, vault } = gateway.services
    const shown = await onAnotherNode().publicKey()
    const row = await db('server_key').first()
    expect(row?.public_key).to.equal(shown)
    expect(vault.open('server-key', row?.sealed_key ?? '')).to.match(/^[A-Za-z0-9+/]+=*$/)
    const other = createVault(['another-data-key-of-at-least-32-bytes'])
    const lost = createLoginKey({ db, clock, vault: other })
    for (let time = 0; time < 2; time++) {
      const error: unknown = await lost.publicKey().catch((error: unknown) => error)
      expect(String(error)).to.match(/server_key login-rsa is sealed under a DATA_KEY that is not configured/)
    }
    expect(await onAnotherNode().publicKey()).to.equal(shown)
  })
})
