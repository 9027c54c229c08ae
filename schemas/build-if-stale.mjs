// Builds dist/ when a source file is newer than the last complete build, so that `npm start` is the only
// command an operator needs. Plain JavaScript, because it runs before there is anything compiled.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const leastNode = [20, 19]
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < leastNode[0] || (major === leastNode[0] && minor < leastNode[1])) {
  console.error(
    `passport-gateway needs Node.js ${leastNode.join('.')} or newer; this is ${process.versions.node}.`,
  )
  process.exit(1)
}

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'dist', '.complete')
const sources = [
  'config',
  'db',
  'gateway',
  'methods',
  'schemas',
  'test',
  'bench',
  'tsconfig.json',
  'package.json',
  // Most packages are built in: newer ones want a build.
  'package-lock.json',
  'node_modules/.package-lock.json',
]

function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  const children = readdirSync(path).filter((name) => name !== 'node_modules' && name !== 'results')
  return Math.max(stat.mtimeMs, ...children.map((name) => newest(join(path, name))))
}

function run(program, args) {
  const bin = join(root, 'node_modules', '.bin', program)
  if (!existsSync(bin)) {
    console.error(`The build is older than the sources and ${program} is not installed: run "npm ci" first.`)
    process.exit(1)
  }
  const { status } = spawnSync(bin, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

const builtAt = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0
const newestSource = () => Math.max(...sources.map((name) => newest(join(root, name))))
if (process.argv.includes('--force') || newestSource() > builtAt) {
  console.error('building …')
  run('tsx', ['schemas/generate.ts'])
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  run('tsc', [])
  run('tsc', ['--project', 'gateway/console/app'])
  await import('./bundle.mjs')
  writeFileSync(stamp, '')
}
