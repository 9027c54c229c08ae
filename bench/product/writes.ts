import type { Knex } from 'knex'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { loadConfig } from '../../config/config.js'
import { connect } from '../../db/connect.js'
import { createVault } from '../../gateway/services/vault.js'
import { learnAnswers, type Question, type Target } from '../answers.js'
import { type Asked, duel } from '../duel.js'
import { type Figure, summarise } from '../figure.js'
import { builtModule, peerModule } from '../folders.js'
import type { Bench } from '../plan.js'
import { manyUsers } from './calls.js'
import { seedOwnedRows, type SignedInUser } from '../seed-owned.js'
import { jobPath, spreadUids } from '../targets.js'

type Environment = Record<string, string>

/**
 * Writes beside the same transactions by hand, both on one MariaDB, which confirms a commit when it is on the disk.
 * Each side writes for users and numbers of its own.
 */
export async function measureWrites(bench: Bench, database: Environment): Promise<Figure[]> {
  const vendor = await startVendor()
  const env = { ...database, ...openHanded, SMS_WEBHOOK_URL: vendor.url }
  const db = connect(loadConfig(env).database)
  try {
    bench.say(`signing ${manyUsers} users in`)
    const signedIn = await seedOwnedRows(env, spreadUids(manyUsers))
    const figures: Figure[] = []
    for (const call of [sendCode(), checkCode(db, env), addAddress(signedIn), addMessage(signedIn)])
      figures.push(await measureCall(bench, env, call))
    return figures
  } finally {
    await db.destroy()
    vendor.server.close()
  }
}

/** What would end a measure: how many codes go out in a day, and that most of them are to be used. */
export const openHanded = {
  CODE_PER_DAY: '100000000',
  CODE_NETWORK_SHARE: '100',
  SMS_CONVERSION_LEAST: '0',
  TRUST_PROXY: '127.0.0.1',
}

/** A vendor of text messages that takes all. */
export async function startVendor(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.end('{}'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

/** What both sides are asked, each of its own users or numbers. */
interface WriteCall {
  readonly title: string
  readonly ask: (learn: Learn) => Promise<readonly [ours: Asked, theirs: Asked]>
}

type Learn = (questions: readonly Question[], clean: (body: string) => string) => Promise<Target[]>

async function measureCall(bench: Bench, env: Environment, { title, ask }: WriteCall): Promise<Figure> {
  bench.say(title)
  const product = { name: 'ours (product)', module: builtModule('gateway/main'), env }
  const peer = { name: 'fastify-sql', module: peerModule('fastify-sql'), env }
  const [ours, theirs] = await ask((questions, clean) => learnAnswers(product, questions, clean))
  const { ratios, detail } = await duel(bench, { ...product, ...ours }, { ...peer, ...theirs })
  const name = `${title}, MariaDB × the same transaction by hand`
  return { group: 'product', title: name, unit: '×', ...summarise(ratios), goal: { atLeast: 0.8 }, detail }
}

const sent = '{"code":200,"data":[],"message":"发送成功"}'
const checked = '{"code":200,"data":[],"message":"校验成功"}'
const mobileOf = (at: number) => `139${String(at).padStart(8, '0')}`
/**
 * Callers of more networks than ask for codes at once, of which each side has its own: calls of one wait for each other,
 * as its limits are exact.
 */
const callerOf = (side: number, at: number) => `20.${side}.${at % 256}.7`

function sendCode(): WriteCall {
  let next = 0
  const askedOf = (side: number): Asked => ({
    targets: [],
    holds: '"code":200,',
    fresh: (count) =>
      Array.from({ length: count }, () => {
        const at = next++
        const path = jobPath('web.passport.sendcode', { mobile: mobileOf(at) }, true)
        return { path, body: sent, from: callerOf(side, at) }
      }),
  })
  return { title: 'sendcode', ask: async () => [askedOf(0), askedOf(1)] }
}

const code = '4711'

/** Checks codes that are stored as the product stores those that it sent. */
function checkCode(db: Knex, env: Environment): WriteCall {
  const vault = createVault([env['DATA_KEY'] ?? ''])
  // Beyond all numbers that `sendcode` is asked for.
  let next = 50_000_000
  const row = (mobile: string) => ({
    address: `sms:+86${mobile}`,
    code_id: mobile,
    digest: vault.digest('sent-code', `sms:+86${mobile} ${code}`),
    purpose: '',
    code_length: code.length,
    wrong_tries: 0,
    expires_at: Date.now() + 600_000,
  })
  const askedOf = (side: number): Asked => ({
    targets: [],
    holds: '"code":200,',
    async fresh(count) {
      const mobiles = Array.from({ length: count }, () => mobileOf(next++))
      await db.batchInsert('sent_code', mobiles.map(row), 500)
      return mobiles.map((mobile, at) => ({
        path: jobPath('web.passport.checkcode', { mobile, code }, true),
        body: checked,
        from: callerOf(side, at),
      }))
    },
  })
  return { title: 'checkcode', ask: async () => [askedOf(0), askedOf(1)] }
}

function addAddress(signedIn: readonly SignedInUser[]): WriteCall {
  const fields = {
    ud_name: '王先生',
    ud_mobile: '13900001111',
    ud_province: '江苏省',
    ud_city: '南京市',
    ud_county: '玄武区',
    ud_province_id: '320000',
    ud_city_id: '320100',
    ud_county_id: '320102',
    ud_address: '中山路 1 号',
  }
  const clean = (body: string) =>
    body.replace(/"ud_id":\d+/, '"ud_id":0').replace(/"ud_time":"[^"]+"/, '"ud_time":""')
  const form = ({ token }: SignedInUser) => formOf({ perm_key: token, ...fields })
  return ofOwn('userDeliveryAddress/add', signedIn, { form, clean })
}

function addMessage(signedIn: readonly SignedInUser[]): WriteCall {
  const clean = (body: string) => body.replace(/"(message_id|message_other_id|message_time)":\d+/g, '"$1":0')
  const form = ({ token, userId }: SignedInUser) =>
    formOf({
      perm_key: token,
      user_other_id: String(userId + 1),
      message_content: 'hello',
      message_cat: 'text',
    })
  return ofOwn('userMessage/add', signedIn, { form, clean })
}

const formOf = (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields).toString()

interface OwnWrite {
  readonly form: (user: SignedInUser) => string
  readonly clean: (body: string) => string
}

/** A write of signed-in users: half of them are ours, half are theirs. */
function ofOwn(path: string, signedIn: readonly SignedInUser[], { form, clean }: OwnWrite): WriteCall {
  const half = signedIn.length / 2
  const askedOf = async (users: readonly SignedInUser[], learn: Learn): Promise<Asked> => {
    const questions = users.map((user) => ({ path: `/front/account/${path}`, form: form(user) }))
    return { targets: await learn(questions, clean), clean, holds: '"code":0,' }
  }
  return {
    title: path,
    ask: async (learn) => [
      await askedOf(signedIn.slice(0, half), learn),
      await askedOf(signedIn.slice(half), learn),
    ],
  }
}
