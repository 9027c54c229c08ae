import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { loadConfig } from '../../config/config.js'
import { startServices } from '../../gateway/start/services.js'
import { firstUid } from '../job.js'

/**
 * Checks tokens in turns by our sessions and by hand, and writes the nanoseconds of each turn as JSON lines: signature,
 * expiry and whether the session is alive on our side; signature and expiry on the other.
 */
const [rounds = 0, checks = 0] = process.argv.slice(2).map(Number)
const tokensInUse = 256

const config = loadConfig()
const services = await startServices(config)
const key = createSecretKey(Buffer.from(config.jwtSecrets[0] ?? ''))
const tokens = await Promise.all(
  Array.from({ length: tokensInUse }, (_, at) =>
    services.sessions.start(services.db, {
      userId: firstUid + at,
      generation: 0,
      app: 'web',
      ip: '127.0.0.1',
    }),
  ),
)

function verifyByHand(token: string, key: KeyObject): unknown {
  const end = token.lastIndexOf('.')
  const expected = createHmac('sha256', key).update(token.slice(0, end)).digest()
  const given = Buffer.from(token.slice(end + 1), 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Error('forged')
  const claims = JSON.parse(Buffer.from(token.slice(token.indexOf('.') + 1, end), 'base64url').toString())
  if (claims.exp * 1000 < Date.now()) throw new Error('expired')
  return claims.sub
}

const tokenOf = (at: number) => tokens[at % tokensInUse] ?? ''

async function timeOurs(): Promise<number> {
  const started = process.hrtime.bigint()
  for (let at = 0; at < checks; at++) await services.sessions.verify(tokenOf(at))
  return Number(process.hrtime.bigint() - started) / checks
}

function timeByHand(): number {
  const started = process.hrtime.bigint()
  for (let at = 0; at < checks; at++) verifyByHand(tokenOf(at), key)
  return Number(process.hrtime.bigint() - started) / checks
}

for (let round = 0; round < rounds + 2; round++) {
  const turn = [await timeOurs(), timeByHand()]
  // The first two only warm up.
  if (round >= 2) process.stdout.write(`${JSON.stringify(turn)}\n`)
}
await services.close()
process.exit(0)
