import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** A passkey in memory, as an authenticator of ES256 keys would answer a browser (WebAuthn Level 3 §6). */
export interface SoftwarePasskey {
  /** The answer to `navigator.credentials.create`, as JSON. */
  create(options: string, origin: string): string
  /** The answer to `navigator.credentials.get`, as JSON; each counts one use more. */
  get(options: string, origin: string): string
}

const flags = { present: 0x01, verified: 0x04, attested: 0x40 } as const

export function makePasskey(): SoftwarePasskey {
  const id = randomBytes(16)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  let uses = 0
  const dataFor = (origin: string, bits: number, attested: Buffer = Buffer.alloc(0)) => {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(++uses)
    const host = createHash('sha256').update(new URL(origin).hostname).digest()
    return Buffer.concat([host, Buffer.from([bits]), counter, attested])
  }
  const answer = (response: Readonly<Record<string, Buffer>>) => {
    const encoded = Object.entries(response).map(([name, bytes]) => [name, bytes.toString('base64url')])
    const named = { id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key' }
    return JSON.stringify({
      ...named,
      response: Object.fromEntries(encoded) as Record<string, string>,
      clientExtensionResults: {},
    })
  }
  return {
    create(options, origin) {
      const key = Buffer.concat([
        // A map of five: kty EC2, alg ES256, crv P-256, x, y.
        Buffer.from('a50102032620012158 20'.replaceAll(' ', ''), 'hex'),
        Buffer.from(x, 'base64url'),
        Buffer.from('225820', 'hex'),
        Buffer.from(y, 'base64url'),
      ])
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, key])
      const data = dataFor(origin, flags.present | flags.verified | flags.attested, attested)
      const attestationObject = Buffer.concat([
        // A map of three: fmt "none", attStmt {}, authData.
        Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex'),
        Buffer.from([0x58, data.length]),
        data,
      ])
      return answer({ clientDataJSON: clientData('webauthn.create', options, origin), attestationObject })
    },
    get(options, origin) {
      const clientDataJSON = clientData('webauthn.get', options, origin)
      const authenticatorData = dataFor(origin, flags.present | flags.verified)
      const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientDataJSON).digest()])
      return answer({ clientDataJSON, authenticatorData, signature: sign('sha256', signed, privateKey) })
    },
  }
}

function clientData(type: string, options: string, origin: string): Buffer {
  const { challenge } = JSON.parse(options) as { challenge: string }
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
}
