import { Decrypter, Encrypter } from 'age-encryption'
import { expect } from 'chai'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { insertUser } from '../../../../db/users.js'
import { fetchAnswer } from '../../../fetch-answer.js'
import { signParameters } from '../../../harness.js'
import { hashQuickly } from '../../../password-cost.js'
import {
  type BesideConnection,
  connectBeside,
  type GatewayProcess,
  processKeys,
  startGatewayProcess,
} from '../../../servers/processes/gateway-process.js'
import { useFolder } from '../../../suite.js'
import { refusal, runCommand } from '../command-line.js'

const password = 'right password'
const BACKUP_PASSPHRASE = 'the passphrase of a backup'

/** Seals a backup anew so that its passphrase is tried in no time; to try one that was written takes seconds of a core. */
async function resealQuickly(file: string, to: string): Promise<string> {
  const decrypter = new Decrypter()
  decrypter.addPassphrase(BACKUP_PASSPHRASE)
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(4)
  encrypter.setPassphrase(BACKUP_PASSPHRASE)
  writeFileSync(to, await encrypter.encrypt(await decrypter.decrypt(readFileSync(file))))
  return to
}

describe('backup and restore of SQLite', function () {
  this.timeout(180_000)
  const folder = useFolder('backup')
  let url = ''
  let file = ''
  let quick = ''
  let beside: BesideConnection
  let server: GatewayProcess
  let app: Awaited<ReturnType<BesideConnection['addApp']>>
  const run = (args: string[], env: Record<string, string> = {}) =>
    runCommand(args, {
      env: {
        ...processKeys,
        DATA_DIR: join(folder.path, 'data'),
        DATABASE_URL: url,
        BACKUP_PASSPHRASE,
        ...env,
      },
    })
  const signIn = (to: string, account: string) =>
    fetchAnswer(`${to}/front/account/login/login`, {
      method: 'POST',
      body: new URLSearchParams({ user_account: account, password }),
    })
  before(async () => {
    url = `sqlite:${join(folder.path, 'data', 'passport.db')}`
    file = join(folder.path, 'passport.age')
    beside = await connectBeside({ url })
    app = await beside.addApp()
    const passwordHash = await hashQuickly(password)
    for (let at = 0; at < 50; at++)
      await insertUser(beside.db, { account: `kept${at}`, passwordHash, createdAt: 0 })
    server = await startGatewayProcess({ url }, { UPLOADS: 'on', DATA_DIR: join(folder.path, 'data') })
    folder.write('data/uploads.txt', 'beside the folder')
    await import('node:fs/promises').then(({ mkdir }) => mkdir(join(folder.path, 'data', 'uploads')))
    folder.write('data/uploads/picture.png', Buffer.from([1, 2, 3]))
  })
  after(async () => {
    await server?.stop()
    await beside?.close()
  })

  it('writes one sealed file while the server runs and signs users in', async () => {
    const signedIn: number[] = []
    const end = new AbortController()
    const client = async () => {
      for (let at = 0; !end.signal.aborted; at = (at + 1) % 50)
        signedIn.push((await signIn(server.url, `kept${at}`)).status)
    }
    const running = client()
    const { code, stdout, stderr } = await run(['backup', file])
    end.abort()
    await running
    expect({ code }, stderr).to.deep.equal({ code: 0 })
    expect(stdout).to.match(/passport\.age: [\d.]+ MB, 50 users in [\d.]+ MB, read back and found whole\n$/)
    expect(new Set(signedIn)).to.deep.equal(new Set([200]))
    expect(readFileSync(file).subarray(0, 21).toString()).to.equal('age-encryption.org/v1')
    expect(readFileSync(file).includes('kept1')).to.equal(false)
    expect(statSync(file).mode & 0o777).to.equal(0o600)
    expect(readdirSync(folder.path).sort()).to.deep.equal(['data', 'passport.age'])
  })

  it('replaces no file, and none is written without a passphrase', async () => {
    const before = readFileSync(file)
    expect(refusal(await run(['backup', file])).line).to.contain('is there already, and stays as it is')
    expect(readFileSync(file).equals(before)).to.equal(true)
    const other = join(folder.path, 'other.age')
    expect(refusal(await run(['backup', other], { BACKUP_PASSPHRASE: '' })).line).to.contain(
      'BACKUP_PASSPHRASE',
    )
    expect(existsSync(other)).to.equal(false)
  })

  it('is restored elsewhere: users sign in, and secrets open', async () => {
    await beside.db('account_user_base').where({ user_account: 'kept7' }).delete()
    const dataDir = join(folder.path, 'restored')
    const DATABASE_URL = `sqlite:${join(dataDir, 'passport.db')}`
    const { code, stdout, stderr } = await run(['restore', file], { DATA_DIR: dataDir, DATABASE_URL })
    expect({ code }, stderr).to.deep.equal({ code: 0 })
    expect(stdout).to.contain('50 users in').and.to.contain('the keys that are given open it')
    expect(readFileSync(join(dataDir, 'uploads', 'picture.png'))).to.have.length(3)
    expect(readdirSync(dataDir).sort()).to.deep.equal(['passport.db', 'uploads'])
    const restored = await startGatewayProcess({ url: DATABASE_URL }, { DATA_DIR: dataDir })
    try {
      expect((await signIn(restored.url, 'kept7')).status).to.equal(200)
      const params = signParameters(app, { method: 'web.passport.getUserHabits', uid: '987654321' })
      const { text } = await fetchAnswer(`${restored.url}/gateway?${new URLSearchParams(params).toString()}`)
      expect(text).to.contain('"code":10010')
      await sleep(100)
    } finally {
      await restored.stop()
    }
    const again = await run(['restore', file], { DATA_DIR: dataDir, DATABASE_URL })
    expect(refusal(again).line).to.contain('passport.db').and.to.contain('is there already')
  })

  it('gives its keys, where a configuration without them is none', async () => {
    quick = await resealQuickly(file, join(folder.path, 'quick.age'))
    const keysTo = join(folder.path, 'credentials')
    const env = { NODE_ENV: 'production', DATA_KEY: '', JWT_SECRET: '' }
    const { code, stderr } = await run(['restore', quick, '--keys-to', keysTo], env)
    expect({ code }, stderr).to.deep.equal({ code: 0 })
    expect(readFileSync(join(keysTo, 'DATA_KEY'), 'utf8')).to.equal(`${processKeys.DATA_KEY}\n`)
    expect(readFileSync(join(keysTo, 'JWT_SECRET'), 'utf8')).to.equal(`${processKeys.JWT_SECRET}\n`)
    const again = await run(['restore', quick, '--keys-to', keysTo], env)
    expect(refusal(again).line).to.contain('DATA_KEY').and.to.contain('is there already')
  })

  it('puts its keys where a server keeps those it made, and takes no other', async () => {
    const dataDir = join(folder.path, 'alone')
    const place = { DATA_DIR: dataDir, DATABASE_URL: `sqlite:${join(dataDir, 'passport.db')}` }
    const other = await run(['restore', quick], {
      ...place,
      DATA_KEY: 'another key of at least 32 characters',
    })
    expect(refusal(other).line).to.match(/DATA_KEY lacks [0-9a-f]{8} of the backup/)
    expect(readdirSync(dataDir)).to.deep.equal([])
    const { code, stderr } = await run(['restore', quick], { ...place, DATA_KEY: '', JWT_SECRET: '' })
    expect({ code }, stderr).to.deep.equal({ code: 0 })
    expect(JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8'))).to.deep.equal({
      dataKey: processKeys.DATA_KEY,
      jwtSecret: processKeys.JWT_SECRET,
    })
  })

  it('is refused with another passphrase, or cut, or changed, and nothing is left', async () => {
    const dataDir = join(folder.path, 'refused')
    const place = { DATA_DIR: dataDir, DATABASE_URL: `sqlite:${join(dataDir, 'passport.db')}` }
    const bytes = readFileSync(quick)
    const cut = join(folder.path, 'cut.age')
    writeFileSync(cut, bytes.subarray(0, -1))
    const changed = join(folder.path, 'changed.age')
    writeFileSync(
      changed,
      bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte)),
    )
    const answers = [
      await run(['restore', quick], { ...place, BACKUP_PASSPHRASE: 'another passphrase' }),
      await run(['restore', cut], place),
      await run(['restore', changed], place),
    ]
    for (const answer of answers)
      expect(answer.stderr).to.match(/does not open: the passphrase is another, or the file is no backup/)
    expect(readdirSync(dataDir)).to.deep.equal([])
  })
})
