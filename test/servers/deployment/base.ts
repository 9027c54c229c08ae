import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { requiredPath } from '../mariadb.js'
import { runToEnd } from '../processes/process.js'

const authorities = '/etc/ssl/certs/ca-certificates.crt'

/**
 * Makes the root file system of a stand-in for the public image of Node.js: Debian's smallest, Node.js from the npm
 * package `node`, this machine's npm, and the user 1000. It trusts whom this machine trusts, as the packages may come by
 * a mirror of its own.
 */
export async function makeNodeRoot(folder: string, version: string): Promise<string> {
  const root = join(folder, 'root')
  const options = ['--variant=minbase', '--include=ca-certificates', 'bookworm', root]
  await runToEnd({ command: requiredPath('debootstrap'), args: options })
  const local = join(root, 'usr/local')
  const nodes = join(folder, 'node')
  const npm = requiredPath('npm')
  const install = ['install', '--silent', '--no-save', '--prefix', nodes, `node@${version}`]
  await runToEnd({ command: npm, args: install, cwd: folder })
  copyFileSync(join(nodes, 'node_modules/node/bin/node'), join(local, 'bin/node'))
  chmodSync(join(local, 'bin/node'), 0o755)
  // The command is a link into npm's folder.
  cpSync(dirname(dirname(realpathSync(npm))), join(local, 'lib/npm'), { recursive: true, dereference: true })
  symlinkSync('../lib/npm/bin/npm-cli.js', join(local, 'bin/npm'))
  if (existsSync(authorities)) copyFileSync(authorities, join(root, authorities))
  mkdirSync(join(local, 'etc'), { recursive: true })
  writeFileSync(join(local, 'etc/npmrc'), `cafile=${authorities}\n`)
  await runToEnd({ command: requiredPath('chroot'), args: [root, 'useradd', '--uid', '1000', 'node'] })
  return root
}
