import { Agent } from 'node:http'
import { startMariadb } from '../../test/servers/mariadb.js'
import { ask } from '../answers.js'
import { type RunningContestant, startContestant } from '../contestant.js'
import { openDelayedPort } from './delayed-port.js'
import { type Figure, quantile, summarise } from '../figure.js'
import { builtModule } from '../folders.js'
import type { Bench } from '../plan.js'
import { callsAtOnce, measureRounds, type Round } from '../paced-calls.js'
import { openHanded, startVendor } from './writes.js'
import { productionEnvironment, seed } from '../seed.js'
import { jobPath } from '../targets.js'

const group = 'far'
/** There and back. */
const distances = [0, 2]

/**
 * What many senders of codes at once are to each other when the database is not beside the server: how many are served,
 * each with a number and a network of its own, and how many are refused for a number that has had its code.
 */
export async function measureFarDatabase(bench: Bench): Promise<Figure[]> {
  const mariadb = await startMariadb()
  const vendor = await startVendor()
  try {
    const url = await mariadb.createDatabase()
    const env = { ...productionEnvironment(bench.folder, url), ...openHanded, SMS_WEBHOOK_URL: vendor.url }
    await seed(env, 1)
    const figures: Figure[] = []
    for (const milliseconds of distances) {
      const far = await openDelayedPort(mariadb.port, milliseconds)
      const DATABASE_URL = url.replace(`:${mariadb.port}`, `:${far.port}`)
      for (const nodes of [1, 2])
        figures.push(...(await measureNodes(bench, { ...env, DATABASE_URL }, { nodes, milliseconds })))
      far.close()
    }
    return figures
  } finally {
    vendor.server.close()
    await mariadb.stop()
  }
}

interface Setting {
  readonly nodes: number
  readonly milliseconds: number
}

async function measureNodes(
  bench: Bench,
  env: Record<string, string>,
  { nodes, milliseconds }: Setting,
): Promise<Figure[]> {
  const servers: RunningContestant[] = []
  const agent = new Agent({ keepAlive: true })
  try {
    for (let at = 0; at < nodes; at++)
      servers.push(
        await startContestant({ name: 'ours (product)', module: builtModule('gateway/main'), env }),
      )
    const where = `${nodes === 1 ? 'one node' : `${nodes} nodes`}, MariaDB ${milliseconds} ms away`
    bench.say(where)
    const texted = freshMobile()
    const sends = await callRounds(bench, { servers, agent }, { mobileOf: freshMobile, code: 200 })
    const refused = await callRounds(bench, { servers, agent }, { mobileOf: () => texted, code: 9_999_991 })
    return [...figuresOf('sendcode', where, sends), ...figuresOf('refused sendcode', where, refused)]
  } finally {
    agent.destroy()
    for (const server of servers) await server.stop()
  }
}

let next = 0
const freshMobile = () => `139${String(next++).padStart(8, '0')}`

/** Codes for numbers; the first round texts the number, too, that is refused later. */
function callRounds(
  bench: Bench,
  { servers, agent }: { readonly servers: readonly RunningContestant[]; readonly agent: Agent },
  { mobileOf, code }: { readonly mobileOf: () => string; readonly code: number },
): Promise<Round[]> {
  return measureRounds(bench, async (lane, isWarming) => {
    const path = jobPath('web.passport.sendcode', { mobile: mobileOf() }, true)
    const url = servers[lane % servers.length]?.url ?? ''
    const { body } = await ask(`${url}${path}`, agent, { from: `20.${lane}.${next++ % 250}.7` })
    const answered = Number(/"code":(\d+)/.exec(body)?.[1])
    if (!isWarming && answered !== code) throw new Error(`a call was answered ${answered}`)
  })
}

function figuresOf(what: string, where: string, rounds: readonly Round[]): Figure[] {
  const detail = `${callsAtOnce} at once`
  const rate = summarise(rounds.map(({ perSecond }) => perSecond))
  const late = summarise(rounds.map(({ milliseconds }) => quantile(milliseconds, 0.99)))
  return [
    { group, title: `${what}, ${where}`, unit: 'a second', ...rate, detail },
    { group, title: `p99: ${what}, ${where}`, unit: 'ms', ...late, detail },
  ]
}
