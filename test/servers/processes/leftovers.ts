import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How often, and with what pause, a folder is tried again that a dying server still writes into. */
const REMOVAL = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 } as const

// The last line read is what to do once the test process is gone and its end of the pipe has closed.
const WATCHDOG = `trap '' INT TERM HUP
last=:
while IFS= read -r line; do last=$line; done
eval "$last" 2>/dev/null`

const groups = new Set<number>()
const folders = new Set<string>()

/** The writing end of the watchdog's pipe, and the way to call the watchdog off. */
type Watchdog = { tell(line: string): void; callOff(): void }
let watchdog: Watchdog | undefined

/**
 * Notes a child started as the leader of its own process group: the whole group is killed when this
 * process ends in any way before `forgetProcessGroup`.
 */
export function rememberProcessGroup(pid: number): void {
  groups.add(pid)
  update()
}

/** Takes a child that has ended out of the list, before the system gives its number to another process. */
export function forgetProcessGroup(pid: number): void {
  groups.delete(pid)
  update()
}

/** Makes a folder only this user can read, removed at the latest when this process ends. */
export function makePrivateFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `passport-test-${name}-`))
  folders.add(folder)
  update()
  return folder
}

/** Removes a folder made by `makePrivateFolder`. */
export async function removePrivateFolder(folder: string): Promise<void> {
  await rm(folder, REMOVAL)
  folders.delete(folder)
  update()
}

function update(): void {
  watchdog ??= startWatchdog()
  watchdog.tell(cleaningCommand())
}

function cleaningCommand(): string {
  const steps: string[] = []
  if (groups.size > 0) steps.push(`kill -s KILL -- ${[...groups].map((pid) => `-${pid}`).join(' ')}`)
  if (folders.size > 0) {
    const remove = `rm -rf -- ${[...folders].map(quote).join(' ')}`
    steps.push(`${remove} || { sleep 1; ${remove}; }`)
  }
  return steps.length > 0 ? steps.join('; ') : ':'
}

function quote(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`
}

/**
 * Starts the shell that cleans up when this process was killed in a way it cannot handle itself (SIGINT
 * without a handler, SIGKILL, running out of memory). It has its own session, so that a signal to this
 * process's group does not reach it.
 */
function startWatchdog(): Watchdog {
  const shell = spawn('sh', ['-c', WATCHDOG], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  const { stdin } = shell
  // Without a watchdog the exit handler below still covers an orderly end of the run.
  shell.on('error', () => {})
  stdin.on('error', () => {})
  shell.unref()
  if (stdin instanceof Socket) stdin.unref()
  process.once('exit', cleanNow)
  return { tell: (line) => stdin.write(`${line}\n`), callOff: () => shell.kill('SIGKILL') }
}

/** An exit handler cannot wait, so all of this is synchronous. */
function cleanNow(): void {
  watchdog?.callOff()
  for (const pid of groups) killGroup(pid)
  for (const folder of folders) {
    try {
      rmSync(folder, REMOVAL)
    } catch (error) {
      console.error(`could not remove ${folder}: ${String(error)}`)
    }
  }
}

/** Sends SIGKILL to a child and everything it started; nothing happens if they are gone already. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
