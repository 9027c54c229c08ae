import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { forgetProcessGroup, killGroup, rememberProcessGroup } from './leftovers.js'

const READY_TIMEOUT_MS = 30_000
const READY_POLL_MS = 20
const STOP_GRACE_MS = 10_000
const KEPT_OUTPUT_CHARS = 64 * 1024
const SHOWN_OUTPUT_LINES = 25

// Below the range systems take the ports of outgoing connections from: such a connection could otherwise
// occupy the port of a server that is down for a moment, and a client retrying it could meet itself.
const FIRST_PORT = 12_000
const LAST_PORT = 32_000
/** Processes of one run take every sixteenth port each, so that none takes what another has for a moment given up. */
const PORT_STEP = 16
const OWN_PORTS = Number(process.env['MOCHA_WORKER_ID'] ?? 0) % PORT_STEP

/** How a child ended: `code` unless a signal ended it. */
export type ProcessEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** A child that is up. */
export type RunningProcess = {
  readonly pid: number
  /** Resolves when the child has ended and its output is complete. */
  readonly ended: Promise<ProcessEnd>
  /** What it wrote to standard output and standard error so far (the end of it, when that is a lot). */
  output(): string
  /** SIGKILLs the child and whatever it started. */
  kill(): Promise<ProcessEnd>
  /** SIGTERM, and SIGKILL when it has not ended `graceMs` later. */
  stop(graceMs?: number): Promise<ProcessEnd>
}

/** What to start: a program by its path, and for a server how to tell that it is ready. */
export type ProcessOptions = {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Asked again and again until it says true; a rejection means not yet. */
export type ReadyCheck = (output: string) => boolean | Promise<boolean>

const portsGiven = new Set<number>()

/** Finds a loopback port nothing listens on, never the same one twice in a run. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const step = Math.floor((Math.random() * (LAST_PORT - FIRST_PORT)) / PORT_STEP)
    const port = FIRST_PORT + PORT_STEP * step + OWN_PORTS
    if (portsGiven.has(port)) continue
    portsGiven.add(port)
    if (await canListen(port)) return port
  }
  throw new Error(`no free port found between ${FIRST_PORT} and ${LAST_PORT}`)
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Finds a program's path: on PATH or, for servers, where systems keep them off an ordinary user's PATH. */
export function findProgram(name: string, path: string = process.env['PATH'] ?? ''): string | undefined {
  const folders = [...path.split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    // A library is loaded, not run.
    accessSync(file, file.endsWith('.so') ? constants.R_OK : constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** Starts a server and waits until it is ready; when that fails, the error shows its last output. */
export async function startProcess(
  options: ProcessOptions,
  ready: ReadyCheck,
  timeoutMs: number = READY_TIMEOUT_MS,
): Promise<RunningProcess> {
  const running = launch(options)
  try {
    await untilReady(running, ready, timeoutMs)
    return running
  } catch (error) {
    await running.kill()
    throw new Error(describeFailure(options, error, running.output()), { cause: error })
  }
}

/** Runs a program to its end and gives its output; fails, showing that, unless it exits with 0. */
export async function runToEnd(options: ProcessOptions): Promise<string> {
  const running = launch(options)
  const end = await running.ended
  if (end.code === 0) return running.output()
  throw new Error(describeFailure(options, new Error(describeEnd(end)), running.output()))
}

function launch(options: ProcessOptions): RunningProcess {
  const { command, args, cwd, env = process.env } = options
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const { pid } = child
  const output = keepOutput(child)
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  // A failure to start is known by the missing pid; without a listener the event would be thrown.
  child.on('error', () => {})
  if (pid === undefined) throw new Error(`${command} cannot be started`)
  rememberProcessGroup(pid)
  child.once('exit', () => forgetProcessGroup(pid))

  const kill = (): Promise<ProcessEnd> => {
    if (isAlive(child)) killGroup(pid)
    return ended
  }
  const stop = async (graceMs: number = STOP_GRACE_MS): Promise<ProcessEnd> => {
    child.kill('SIGTERM')
    const late = new AbortController()
    const graceOver = sleep(graceMs, undefined, { signal: late.signal }).then(kill, () => ended)
    const end = await Promise.race([ended, graceOver])
    late.abort()
    return end
  }
  return { pid, ended, output, kill, stop }
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

function keepOutput(child: ChildProcess): () => string {
  let kept = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-KEPT_OUTPUT_CHARS)
    })
  }
  return () => kept
}

async function untilReady(running: RunningProcess, ready: ReadyCheck, timeoutMs: number): Promise<void> {
  const ends: ProcessEnd[] = []
  void running.ended.then((end) => ends.push(end))
  const giveUpAt = Date.now() + timeoutMs
  for (;;) {
    const answered = await isReady(ready, running.output())
    // Looked at also after an answer, which may be that of another server holding the same port.
    const [end] = ends
    if (end !== undefined) throw new Error(describeEnd(end))
    if (answered) return
    if (Date.now() > giveUpAt) throw new Error(`not ready after ${timeoutMs} ms`)
    await sleep(READY_POLL_MS)
  }
}

async function isReady(ready: ReadyCheck, output: string): Promise<boolean> {
  try {
    return await ready(output)
  } catch {
    return false
  }
}

function describeEnd({ code, signal }: ProcessEnd): string {
  return signal === null ? `ended with exit code ${code}` : `ended by ${signal}`
}

function describeFailure(options: ProcessOptions, error: unknown, output: string): string {
  const reason = error instanceof Error ? error.message : String(error)
  const lines = output.trimEnd().split('\n').slice(-SHOWN_OUTPUT_LINES).join('\n  ')
  return `${[options.command, ...options.args].join(' ')}: ${reason}\n  ${lines}`
}
