import { join } from 'node:path'
import { fetchAnswer } from '../../fetch-answer.js'
import { processKeys } from '../../servers/processes/gateway-process.js'
import { makePrivateFolder } from '../../servers/processes/leftovers.js'
import { type RunningProcess, startProcess } from '../../servers/processes/process.js'
import { moduleArguments, siblingModule } from '../../servers/processes/this-build.js'

/** Where the gateway of a version is: the folder of another one's build, or undefined for this tree. */
export type Version = string | undefined

interface Place {
  readonly database: string
  readonly port: number
}

/** Starts a node of a version, as an operator would, and waits until it is ready. */
export function startVersion(version: Version, { database, port }: Place): Promise<RunningProcess> {
  const args =
    version === undefined
      ? [...moduleArguments(import.meta.url), siblingModule(import.meta.url, '../../../gateway/main')]
      : [join(version, 'dist/gateway/main.js')]
  const env = {
    PATH: process.env['PATH'],
    TMPDIR: process.env['TMPDIR'],
    ...processKeys,
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: `${port}`,
    DATABASE_URL: database,
    DATA_DIR: makePrivateFolder('version'),
    SMS_PROVIDER: 'outbox',
    LOG_LEVEL: 'warn',
    PASSWORD_COST: 'm=8,t=1,p=1',
    TRUST_PROXY: '127.0.0.1',
    LIMIT_IP_SCALE: '100000',
    CODE_PER_DAY: '10000000',
    MESSAGE_PER_DAY: '5000',
    MESSAGE_PER_MINUTE: '300',
  }
  const isReady = async () => (await fetchAnswer(`http://127.0.0.1:${port}/readyz`)).status === 200
  return startProcess({ command: process.execPath, args, env }, isReady, 60_000)
}
