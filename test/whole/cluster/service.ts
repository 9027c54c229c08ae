import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { signParameters, type TestApp } from '../../harness.js'
import { type Cluster, startCluster } from '../../servers/cluster/cluster.js'
import type { DatabaseForm } from '../../servers/cluster/haproxy.js'
import { type BesideConnection, connectBeside } from '../../servers/processes/gateway-process.js'
import { startWebhook, type Webhook } from '../../servers/sms/webhook.js'
import { post, type RaceAnswer } from '../races/post.js'

type Parameters = Readonly<Record<string, string>>

/** A cluster in service: clients call it, and are texted their codes. */
export interface Service {
  readonly cluster: Cluster
  /** To the database at one node of Galera. */
  readonly connectTo: (databaseNode: number) => Promise<BesideConnection>
  /** Signed, through HAProxy, or at one gateway node. Throws where no answer comes. */
  readonly call: (method: string, params: Parameters, node?: number) => Promise<RaceAnswer>
  /** As `call`, and again after a second, up to four times, where the answer says that it was in others' way. */
  readonly insist: Service['call']
  /** How often a call was sent again by `insist`. */
  readonly sentAgain: () => number
  /** Insists on a code and waits for it. Throws where no code is promised, and where one is that does not come. */
  readonly sendCode: (mobile: string, node?: number) => Promise<string>
  /** The newest code that was texted to a number of area 86; waits until there is one. */
  readonly codeOf: (mobile: string) => Promise<string>
  /** A number that nobody was given yet. */
  readonly nextMobile: () => string
  /** A new user, signed in. */
  signUp(node?: number): Promise<{ readonly token: string; readonly userId: number; readonly mobile: string }>
  stop(): Promise<void>
}

/** Starts one. */
export async function startService(form: DatabaseForm, env: Parameters = {}): Promise<Service> {
  const webhook = await startWebhook()
  const texting = { SMS_PROVIDER: 'webhook', SMS_WEBHOOK_URL: webhook.url, CODE_PER_DAY: '1000000' }
  const cluster = await startCluster({ form, env: { ...texting, ...env } })
  const beside = await connectBeside({ url: cluster.databaseUrls[0] ?? '' })
  const app = await beside.addApp()
  await beside.close()
  // Nodes see a new application after two seconds.
  await sleep(2500)
  return serve({ cluster, webhook, app })
}

interface Parts {
  readonly cluster: Cluster
  readonly webhook: Webhook
  readonly app: TestApp
}

function serve({ cluster, webhook, app }: Parts): Service {
  const agent = new Agent({ keepAlive: true, maxSockets: 400 })
  const codes = readCodes(webhook)
  let mobiles = 13_100_000_000
  const nextMobile = () => String(++mobiles)
  const call: Service['call'] = (method, params, node) => {
    const url = node === undefined ? `http://127.0.0.1:${cluster.proxy.port}` : cluster.nodes[node]?.url
    if (url === undefined) throw new Error(`there is no node ${node}`)
    return post({ url, agent, params: signParameters(app, { method, ...params }) })
  }
  let sentAgain = 0
  const insist: Service['call'] = async (...asked) => {
    for (let triesLeft = 4; ; triesLeft--) {
      const answer = await call(...asked)
      if (!isInOthersWay(answer) || triesLeft === 0) return answer
      sentAgain++
      await sleep(1000)
    }
  }
  const sendCode: Service['sendCode'] = async (mobile, node) => {
    const { status, code, body } = await insist('web.passport.sendcode', { mobile }, node)
    if (code !== 200) throw new Error(`no code for ${mobile} from node ${node}: ${status} ${body}`)
    return codes(mobile)
  }
  return {
    cluster,
    insist,
    sentAgain: () => sentAgain,
    sendCode,
    connectTo: (databaseNode) => connectBeside({ url: cluster.databaseUrls[databaseNode] ?? '' }),
    call,
    codeOf: codes,
    nextMobile,
    async signUp(node) {
      const mobile = nextMobile()
      const params = { verify_key: mobile, verify_code: await sendCode(mobile, node) }
      const { body } = await insist('front.account.login.doSmsLogin', params, node)
      const { data } = JSON.parse(body) as { data: { token: string; user_id: number } }
      return { mobile, token: data.token, userId: data.user_id }
    },
    async stop() {
      agent.destroy()
      await cluster.stop()
      await webhook.stop()
    },
  }
}

/** CONTENTION, in either envelope. */
function isInOthersWay({ status, code }: RaceAnswer): boolean {
  return status === 429 || code === 9_999_991
}

const codeMilliseconds = 5000

function readCodes({ bodies }: Webhook): (mobile: string) => Promise<string> {
  const known = new Map<string, string>()
  let read = 0
  return async (mobile) => {
    const end = Date.now() + codeMilliseconds
    while (Date.now() < end) {
      for (; read < bodies.length; read++) {
        const sent = bodies[read] as { readonly mobile: string; readonly code: string }
        known.set(sent.mobile, sent.code)
      }
      const code = known.get(mobile)
      if (code !== undefined) return code
      await sleep(5)
    }
    throw new Error(`no code came for ${mobile}`)
  }
}
