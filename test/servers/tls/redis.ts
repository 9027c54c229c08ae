import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Certificate } from './certificates.js'
import { requiredPath } from '../mariadb.js'
import { freePort, type RunningProcess, startProcess } from '../processes/process.js'
import { groupName } from '../cluster/redis-group.js'

/** A Redis and a Sentinel that speak nothing but TLS, by the name localhost. */
export interface TlsRedis {
  readonly url: string
  readonly sentinelUrl: string
  stop(): Promise<void>
}

/** Starts both, with one certificate of localhost, below a folder. */
export async function startTlsRedis(
  folder: string,
  own: Certificate,
  authority: Certificate,
): Promise<TlsRedis> {
  const [port, sentinelPort] = [await freePort(), await freePort()]
  const tls = [
    'port 0',
    'bind 127.0.0.1',
    `tls-cert-file ${own.cert}`,
    `tls-key-file ${own.key}`,
    `tls-ca-cert-file ${authority.cert}`,
    'tls-auth-clients no',
    'tls-replication yes',
  ]
  const redis = await start(folder, 'redis-server', [`tls-port ${port}`, ...tls, 'save ""'])
  const sentinel = await start(folder, 'redis-sentinel', [
    `tls-port ${sentinelPort}`,
    ...tls,
    'sentinel resolve-hostnames yes',
    'sentinel announce-hostnames yes',
    `sentinel monitor ${groupName} localhost ${port} 1`,
  ])
  return {
    url: `rediss://localhost:${port}`,
    sentinelUrl: `rediss+sentinel://localhost:${sentinelPort}/${groupName}`,
    stop: async () => void (await Promise.all([redis.kill(), sentinel.kill()])),
  }
}

function start(
  folder: string,
  program: 'redis-server' | 'redis-sentinel',
  lines: readonly string[],
): Promise<RunningProcess> {
  const own = join(folder, program)
  mkdirSync(own)
  const file = join(own, 'redis.conf')
  writeFileSync(file, `dir ${own}\n${lines.join('\n')}\n`)
  const isUp = (output: string) => /Ready to accept connections|Sentinel ID is/.test(output)
  return startProcess({ command: requiredPath(program), args: [file], cwd: own }, isUp)
}
