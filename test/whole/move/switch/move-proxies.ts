import { freePort, type RunningProcess, startProcess } from '../../../servers/processes/process.js'
import { moduleArguments, siblingModule } from '../../../servers/processes/this-build.js'
import { keys } from '../../../gateway/cli/command-line.js'

/** `move proxy` as processes of their own before two servers. */
export interface MoveProxies {
  readonly urls: readonly string[]
  /** Where the first shows its state. */
  readonly stateUrl: string
  /** What each wrote so far. */
  outputs(): readonly string[]
  stop(): Promise<void>
}

interface MoveProxiesOptions {
  readonly database: { readonly url: string }
  readonly old: string
  readonly candidate: string
  readonly count?: number
  readonly options?: readonly string[]
}

export async function startMoveProxies(given: MoveProxiesOptions): Promise<MoveProxies> {
  const { database, old, candidate, count = 2, options = [] } = given
  const main = siblingModule(import.meta.url, '../../../../gateway/cli/main')
  const running: { process: RunningProcess; url: string; stateUrl: string }[] = []
  for (let number = 0; number < count; number++) {
    const [port, statePort] = [await freePort(), await freePort()]
    const servers = ['--upstream', old, '--candidate', candidate]
    const places = ['--listen', String(port), '--status-listen', String(statePort)]
    const args = ['move', 'proxy', ...servers, ...places, ...options]
    const process_ = await startProcess(
      {
        command: process.execPath,
        args: [...moduleArguments(import.meta.url), main, ...args],
        env: {
          PATH: process.env['PATH'] ?? '',
          NODE_ENV: 'test',
          ...keys,
          DATABASE_URL: database.url,
        },
      },
      (output) => output.includes('sends calls'),
    )
    running.push({
      process: process_,
      url: `http://127.0.0.1:${port}`,
      stateUrl: `http://127.0.0.1:${statePort}`,
    })
  }
  return {
    urls: running.map(({ url }) => url),
    stateUrl: running[0]?.stateUrl ?? '',
    outputs: () => running.map(({ process }) => process.output()),
    async stop() {
      await Promise.all(running.map(({ process }) => process.stop()))
    },
  }
}
