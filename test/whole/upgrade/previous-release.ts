import { execFile } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makePrivateFolder } from '../../servers/processes/leftovers.js'
import { runToEnd } from '../../servers/processes/process.js'
import { projectRoot } from '../architecture/source-tree.js'

const exec = promisify(execFile)
const root = projectRoot()

/** The release before this version, which the nodes of an upgrade come from; written when the next one is begun. */
export const previousRelease = JSON.parse(
  readFileSync(join(root, 'test/whole/upgrade/previous-release.json'), 'utf8'),
) as { readonly version: string; readonly commit: string }

/** What git prints; undefined where it fails. */
async function git(...args: string[]): Promise<string | undefined> {
  try {
    return (await exec('git', ['-C', root, ...args], { maxBuffer: 64 * 1024 * 1024 })).stdout
  } catch {
    return undefined
  }
}

/**
 * Skips a test where this copy of the repository does not hold the release's commit (a shallow clone, or none), and
 * says so; fails it in the long run with CI=true. The ordinary run is made of whatever copy somebody has.
 */
export async function requirePreviousRelease(context: Mocha.Context): Promise<void> {
  const { version, commit } = previousRelease
  if ((await git('cat-file', '-e', `${commit}^{commit}`)) !== undefined) return
  const reason = `the commit of release ${version}, ${commit.slice(0, 7)}, is not in this copy of the repository`
  if (process.env['CI'] === 'true' && process.env['TEST_LONG'] === '1')
    throw new Error(`${reason}: fetch its history`)
  console.log(`      skipped: ${reason}; git fetch --unshallow brings it`)
  context.skip()
}

/** The text of a file of the release; undefined where it has none. */
export function readReleased(path: string): Promise<string | undefined> {
  return git('show', `${previousRelease.commit}:${path}`)
}

/** The names of the files in a folder of the release. */
export async function listReleased(folder: string): Promise<string[]> {
  const listed = await git('ls-tree', '--name-only', previousRelease.commit, `${folder}/`)
  return (listed ?? '').split('\n').filter((name) => name !== '')
}

let built: Promise<string> | undefined

/** Those files of a folder of the release that are gone here, or are not as they were. */
export async function listChanged(folder: string): Promise<string[]> {
  const changed = await git('diff', '--name-only', '--diff-filter=MD', previousRelease.commit, '--', folder)
  return (changed ?? '').split('\n').filter((name) => name !== '')
}

/** Builds the release in a folder of its own, with the packages that are installed here, and returns the folder. */
export function buildPreviousRelease(): Promise<string> {
  built ??= build()
  return built
}

async function build(): Promise<string> {
  const folder = makePrivateFolder('release')
  const archive = join(folder, 'release.tar')
  const place = join(folder, 'release')
  await exec('git', [
    '-C',
    root,
    'archive',
    `--output=${archive}`,
    '--prefix=release/',
    previousRelease.commit,
  ])
  await exec('tar', ['-xf', archive, '-C', folder])
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'))
  const args = ['schemas/build-if-stale.mjs', '--force']
  await runToEnd({ command: process.execPath, args, cwd: place })
  return place
}
