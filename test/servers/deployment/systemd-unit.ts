import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A service as systemd would start it. */
export interface Unit {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Milliseconds after its end when it is started again. */
  readonly restartAfter: number
}

/** Reads a unit's text. Credentials are copied into a folder of the service's own, as LoadCredential does. */
export function readUnit(text: string, folder: string): Unit {
  const all = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value)
  const one = (name: string) => all(name)[0] ?? ''
  const credentials = join(folder, 'credentials-of-the-service')
  mkdirSync(credentials, { recursive: true, mode: 0o700 })
  for (const [name = '', file = ''] of all('LoadCredential').map((line) => line.split(':'))) {
    copyFileSync(file, join(credentials, name))
    chmodSync(join(credentials, name), 0o400)
  }
  const [command = '', ...args] = one('ExecStart').split(' ')
  const given = [...readFileSync(one('EnvironmentFile'), 'utf8').split('\n'), ...all('Environment')]
  return {
    command,
    args,
    cwd: one('WorkingDirectory'),
    env: { ...environmentOf(given), CREDENTIALS_DIRECTORY: credentials },
    restartAfter: Number(one('RestartSec')) * 1000,
  }
}

/** What stands behind a "=" is the value, to the end of the line; quotes around all of it are not part of it. */
function environmentOf(lines: readonly string[]): Record<string, string> {
  const settings = lines.filter((line) => line !== '' && !/^[#;]/.test(line))
  return Object.fromEntries(
    settings.map((line) => {
      const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(line) ?? []
      return [name, value.replace(/^"(.*)"$/, '$1')]
    }),
  )
}
