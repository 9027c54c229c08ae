import { connect } from 'node:net'
import { makePrivateFolder, removePrivateFolder } from './processes/leftovers.js'
import { findProgram, freePort, type RunningProcess, startProcess } from './processes/process.js'

const ANSWER_TIMEOUT_MS = 2_000

/** A Redis server of this run's own. It stores nothing: it comes back empty from a restart. */
export type RedisServer = {
  readonly url: string
  readonly port: number
  /** Ends the server as a crash would. */
  kill(): Promise<void>
  /** Starts the server again on the same port, empty, after an orderly stop if it is up. */
  restart(): Promise<void>
  /** Ends the server and removes its folder. */
  stop(): Promise<void>
}

/** Starts a Redis server without persistence on a free loopback port. */
export async function startRedis(): Promise<RedisServer> {
  const folder = makePrivateFolder('redis')
  try {
    const port = await freePort()
    return control(folder, port, await launchRedis(folder, port))
  } catch (error) {
    await removePrivateFolder(folder)
    throw error
  }
}

function control(folder: string, port: number, started: RunningProcess): RedisServer {
  let server = started
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: async () => {
      await server.kill()
    },
    restart: async () => {
      await server.stop()
      server = await launchRedis(folder, port)
    },
    stop: async () => {
      await server.stop()
      await removePrivateFolder(folder)
    },
  }
}

/** Starts one, with more options than it has anyway. */
export async function launchRedis(
  folder: string,
  port: number,
  options: readonly string[] = [],
): Promise<RunningProcess> {
  const command = findProgram('redis-server')
  if (command === undefined) throw new Error('redis-server is not installed')
  // Options only and no configuration file, so that the machine's own has no effect.
  const args = [
    '--bind',
    '127.0.0.1',
    '--port',
    `${port}`,
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
    ...options,
  ]
  return startProcess({ command, args, cwd: folder }, () => answersPing(port))
}

/** Whether one, or a Sentinel, answers. */
export function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const settle = (answered: boolean): void => {
      socket.destroy()
      resolve(answered)
    }
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => settle(false))
    socket.once('error', () => settle(false))
    socket.once('data', (answer) => settle(answer.toString().startsWith('+PONG')))
  })
}
