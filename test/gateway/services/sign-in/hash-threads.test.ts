import { expect } from 'chai'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { promisify } from 'node:util'
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
})
