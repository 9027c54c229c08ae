import { Agent } from 'node:http'
import { startMariadb } from '../../test/servers/mariadb.js'
import { ask } from '../answers.js'
import { startContestant } from '../contestant.js'
import type { Figure } from '../figure.js'
import { builtModule } from '../folders.js'
import { firstUid } from '../job.js'
import type { Bench } from '../plan.js'
import { password, productionEnvironment, seed } from '../seed.js'
import { type Login, measureLoginRate } from './login-rate.js'

/** Few enough that all of them have signed in once, which is rewarded, before anything is measured. */
const users = 100

/** Whole sign-ins by the account APIs, with their sessions, beside bare hashes, on both databases. */
export async function measureSignIns(bench: Bench): Promise<Figure[]> {
  const mariadb = await startMariadb()
  try {
    return [
      await measureOn(bench, 'SQLite', `sqlite:${bench.folder}/sign-ins.db`),
      await measureOn(bench, 'MariaDB', await mariadb.createDatabase()),
    ]
  } finally {
    await mariadb.stop()
  }
}

async function measureOn(bench: Bench, name: string, databaseUrl: string): Promise<Figure> {
  const env = productionEnvironment(bench.folder, databaseUrl)
  await seed(env, users)
  const server = await startContestant({ name: `ours (${name})`, module: builtModule('gateway/main'), env })
  const agent = new Agent({ keepAlive: true })
  const login: Login = {
    call(number) {
      const query = new URLSearchParams({ user_account: `user${firstUid + (number % users)}`, password })
      return ask(`${server.url}/front/account/login/login?${query.toString()}`, agent)
    },
    isSuccess: ({ status, body }) => status === 200 && body.includes('"status":200,"code":0,'),
  }
  const title = `sign-ins a second × hashes a second of @node-rs/argon2 alone, ${name}`
  try {
    for (let number = 0; number < users; number++) await login.call(number)
    return await measureLoginRate(bench, { group: 'logins', title, goal: { atLeast: 0.8 } }, login)
  } finally {
    agent.destroy()
    await server.stop()
  }
}
