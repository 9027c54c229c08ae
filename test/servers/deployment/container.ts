import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { requiredPath } from '../mariadb.js'
import { type ProcessOptions } from '../processes/process.js'
import type { ImageConfig } from './store.js'

interface Container {
  readonly root: string
  readonly config: ImageConfig
  readonly env: Readonly<Record<string, string>>
  /** A folder of secrets, seen as /run/secrets. */
  readonly secrets: string
  /** The folder that may be written. */
  readonly data: string
}

/**
 * How a process runs in a container as compose.yml runs it: in mounts of its own, all read-only but /tmp and its data, as
 * the image's user, without any right of root. It keeps this machine's network.
 */
export function inContainer(container: Container, args: readonly string[]): ProcessOptions {
  const { root, config, env, secrets, data } = container
  const [uid = '', gid = ''] = config.User.split(':')
  for (const place of ['run/secrets', 'tmp', 'proc', 'dev']) mkdirSync(join(root, place), { recursive: true })
  const mounts = [
    `mount --bind ${root} ${root}`,
    `mount -o remount,bind,ro ${root}`,
    `mount -t tmpfs tmpfs ${root}/tmp`,
    `mount --rbind /proc ${root}/proc`,
    `mount --rbind /dev ${root}/dev`,
    `mount --bind ${data} ${root}/var/lib/passport-gateway`,
    `mount --bind ${secrets} ${root}/run/secrets`,
    `mount -o remount,bind,ro ${root}/run/secrets`,
  ]
  const rights = ['--clear-groups', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all']
  const values = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  const process = ['/usr/bin/env', '-i', '-C', config.WorkingDir, ...config.Env, ...values, ...args]
  const user = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, ...rights]
  return {
    command: requiredPath('unshare'),
    args: [
      '--mount',
      'sh',
      '-euc',
      `${mounts.join('; ')}; root=$1; shift; exec chroot "$root" "$@"`,
      'sh',
      root,
      ...user,
      ...process,
    ],
  }
}
