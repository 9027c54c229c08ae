import { expect } from 'chai'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { getPriority } from 'node:os'
import { promisify } from 'node:util'
import type { Worker } from 'node:worker_threads'
import { moduleArguments } from '../../../servers/processes/this-build.js'
import { computeHash } from '../../../../gateway/services/sign-in/password-forms/hash-threads.js'

const hashThreads = '../../../../gateway/services/sign-in/password-forms/hash-threads.js'
const salt = 'some salt, known'
const derived = (password: string) => computeHash('pbkdf2', password, Buffer.from(salt), 1000, 32, 'sha256')

/** The priorities of this process's threads, as Linux has them: 0 is the usual, more is lower. */
function prioritiesOfThreads(): number[] {
  return readdirSync('/proc/self/task').map((thread) => {
    const [, fields = ''] =
      /^\d+ \(.*\) (.*)$/s.exec(readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')) ?? []
    return Number(fields.split(' ')[16])
  })
}

describe('The threads for hashes', () => {
  it('answer each what it asked for, however many ask', async () => {
    const passwords = Array.from({ length: 50 }, (_, at) => `password ${at}`)
    const together = await Promise.all(passwords.map(derived))
    const alone: Uint8Array[] = []
    for (const password of passwords) alone.push(await derived(password))
    expect(together).to.deep.equal(alone)
    expect(new Set(together.map((key) => Buffer.from(key).toString('hex')))).to.have.property('size', 50)
  })

  it('hand an error to who asked, and go on', async () => {
    const wrong = await computeHash('argon2Verify', 'no hash', 'password').catch((error: unknown) => error)
    expect(wrong).to.be.an('error')
    expect(await derived('password')).to.have.length(32)
  })

  it('go after the thread that answers everybody', async function () {
    if (process.platform !== 'linux') this.skip()
    await derived('password')
    expect(prioritiesOfThreads()).to.include(10)
    expect(getPriority()).to.equal(0)
  })
  it('compute in a process of low priority, whose user may raise none', async function () {
    if (process.platform !== 'linux') this.skip()
    const script = `import(process.argv[1])
      .then(({ computeHash }) => computeHash('pbkdf2', 'password', Buffer.from('${salt}'), 1000, 32, 'sha256'))
      .then((key) => process.stdout.write(Buffer.from(key).toString('hex')))`
    const node = [process.execPath, ...moduleArguments(import.meta.url), '--eval', script]
    // Root may raise them by this capability.
    const withoutRights = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-sys_nice'] : []
    const [command = '', ...args] = [...withoutRights, 'nice', '-n', '15', ...node]
    const { stdout } = await promisify(execFile)(command, [...args, import.meta.resolve(hashThreads)])
    expect(stdout).to.equal(Buffer.from(await derived('password')).toString('hex'))
  })
  it('are replaced when they end, and nobody waits for one that has', async () => {
    const started: Worker[] = []
    const note = (thread: Worker) => void started.push(thread)
    process.on('worker', note)
    const { computeHash } = await ownThreads('ended')
    const derive = (rounds: number) =>
      computeHash('pbkdf2', 'password', Buffer.from(salt), rounds, 32, 'sha256')
    const first = await derive(1)
    await started[0]?.terminate()
    expect(await derive(1)).to.deep.equal(first)
    const lost = derive(1e9).catch((error: unknown) => error)
    await started[1]?.terminate()
    expect(await lost)
      .to.be.an('error')
      .with.property('message', 'the thread of a hash ended')
    expect(await derive(1)).to.deep.equal(first)
    process.off('worker', note)
    expect(started).to.have.length(3)
  })

  it('do all the work where the system gives no more of them, and refuse it where it gives none', async () => {
    const { computeHash } = await ownThreads('refused')
    const derive = () => computeHash('pbkdf2', 'password', Buffer.from(salt), 1000, 32, 'sha256')
    const allow = limitThreads()
    try {
      allow(0)
      const refused = await Promise.allSettled([derive(), derive()])
      expect(refused.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected'])
      allow(1)
      expect(await Promise.all(Array.from({ length: 20 }, derive))).to.have.length(20)
    } finally {
      allow(Number.POSITIVE_INFINITY)
    }
  })
})

/** The module once more, with threads of its own. */
async function ownThreads(name: string): Promise<{ readonly computeHash: typeof computeHash }> {
  return import(`${hashThreads}?${name}`)
}

/** Has the system start only so many threads more. */
function limitThreads(): (count: number) => void {
  const module = createRequire(import.meta.url)('node:worker_threads') as { Worker: typeof Worker }
  const { Worker: Real } = module
  let left = 0
  module.Worker = class extends Real {
    constructor(...given: ConstructorParameters<typeof Real>) {
      if (left-- <= 0) throw new Error('no thread can be started')
      super(...given)
    }
  }
  return (count) => {
    left = count
    if (count === Number.POSITIVE_INFINITY) module.Worker = Real
    syncBuiltinESMExports()
  }
}
