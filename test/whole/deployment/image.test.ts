import { expect } from 'chai'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { requireProgram } from '../../servers/available.js'
import { makeNodeRoot } from '../../servers/deployment/base.js'
import { inContainer } from '../../servers/deployment/container.js'
import { type ImageConfig, type ImageStore, openImageStore } from '../../servers/deployment/store.js'
import { type Mariadb, startMariadb } from '../../servers/mariadb.js'
import { freePort, runToEnd, startProcess } from '../../servers/processes/process.js'
import { projectRoot } from '../architecture/source-tree.js'

const minutes = 60_000
const image = 'passport-gateway'
const dockerfile = join(projectRoot(), 'docs/deploy/Dockerfile')

// It takes some ten minutes and packages of Debian and npm: in the long form of the tests alone.
const describeLong = process.env['TEST_LONG'] ? describe : () => {}

describeLong('the image of the documents', function () {
  this.timeout(40 * minutes)
  // On a disk, as it is gigabytes, and where devices may be.
  let folder: string | undefined
  let store: ImageStore
  let mariadb: Mariadb
  let config: ImageConfig
  let root: string
  const below = (name: string) => {
    const path = join(folder ?? expect.fail('not prepared'), name)
    mkdirSync(path, { recursive: true })
    return path
  }

  before(async function () {
    for (const program of ['mariadbd', 'buildah', 'debootstrap'] as const) requireProgram(this, program)
    folder = mkdtempSync('/var/tmp/passport-test-image-')
    store = openImageStore(below('store'))
    const [, base = '', version = ''] =
      /^ARG NODE_IMAGE=(.+:(\d+)-.+)$/m.exec(readFileSync(dockerfile, 'utf8')) ?? []
    await store.importRoot(await makeNodeRoot(below('base'), version), base)
    await store.build(projectRoot(), dockerfile, image)
    const described = await store.describe(image)
    const bare = await store.describe(base)
    config = described.config
    root = await store.mount(image)
    console.log(
      `    image: ${megabytes(described.bytes)} MB, ${megabytes(described.bytes - bare.bytes)} of them beside its base`,
    )
    mariadb = await startMariadb()
  })
  after(async () => {
    await mariadb?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  /** What compose.yml gives, but for addresses. */
  async function containerOf(databaseUrl: string) {
    const secrets = below('secrets')
    const values = {
      'data-key': 'data-key-of-a-container-0123456789',
      'jwt-secret': 'jwt-secret-of-a-container-0123456789',
      'database-url': databaseUrl,
    }
    for (const [name, value] of Object.entries(values)) writeFileSync(join(secrets, name), `${value}\n`)
    const data = below('data')
    chownSync(data, 1000, 1000)
    for (const path of [dirname(secrets), secrets]) chmodSync(path, 0o755)
    const env = {
      HOST: '127.0.0.1',
      PORT: String(await freePort()),
      DATABASE_URL_FILE: '/run/secrets/database-url',
      DATA_KEY_FILE: '/run/secrets/data-key',
      JWT_SECRET_FILE: '/run/secrets/jwt-secret',
      PUBLIC_URL: 'https://passport.example.com',
      SMS_PROVIDER: 'webhook',
      SMS_WEBHOOK_URL: 'https://sms.internal/send',
    }
    return { root, config, env, secrets, data }
  }

  it('has what runs, and neither development packages nor tests nor maps', () => {
    const place = join(root, config.WorkingDir)
    // Of the lock file, as what tests use by name may be what a package of production needs too.
    const { packages } = JSON.parse(readFileSync(join(projectRoot(), 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { readonly dev?: boolean }>
    }
    const development = Object.keys(packages).filter((path) => packages[path]?.dev)
    expect(development).to.include('node_modules/mocha')
    expect(development.filter((path) => existsSync(join(place, path)))).to.deep.equal([])
    const files = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter(
      (name) => !name.startsWith('node_modules'),
    )
    expect(files.filter((name) => /\.map$|^dist\/(test|bench)|\.test\./.test(name))).to.deep.equal([])
    expect(config.User).to.equal('1000:1000')
  })

  it('is ready as a user without rights, on files that cannot be written, answers, and ends when it is told to', async () => {
    const container = await containerOf(await mariadb.createDatabase())
    const url = `http://127.0.0.1:${container.env.PORT}`
    const begun = Date.now()
    const running = await startProcess(
      inContainer(container, config.Cmd),
      async () => (await fetch(`${url}/readyz`)).ok,
      2 * minutes,
    )
    const first = Date.now() - begun
    try {
      const [, ...check] = config.Healthcheck.Test
      await runToEnd(inContainer(container, check))
      const status = readFileSync(`/proc/${running.pid}/status`, 'utf8')
      expect(status)
        .to.match(/^Uid:\t1000\t1000/m)
        .and.match(/^CapEff:\t0+$/m)
        .and.match(/^NoNewPrivs:\t1$/m)
      const write =
        "try { fs.writeFileSync('/srv/passport-gateway/x', '') } catch ({ code }) { console.log(code) }"
      expect(await runToEnd(inContainer(container, ['node', '-e', write]))).to.include('EROFS')
      const added = await runToEnd(
        inContainer(container, [
          'passport-gateway',
          'app',
          'add',
          'web',
          '--scheme',
          'legacy',
          '--trust',
          'server',
          '--grant',
          '*',
        ]),
      )
      expect(added).to.match(/web/)
      const again = Date.now()
      expect(await running.stop()).to.deep.equal({ code: 0, signal: null })
      const second = await startProcess(
        inContainer(container, config.Cmd),
        async () => (await fetch(`${url}/readyz`)).ok,
        minutes,
      )
      console.log(
        `    first start, with all migrations: ${first} ms; stop and start again: ${Date.now() - again} ms`,
      )
      await second.stop()
    } finally {
      await running.kill()
    }
  })

  it('is unhealthy while nothing answers, and says what is missing of its configuration', async () => {
    const container = await containerOf('mysql://a:b@127.0.0.1:1/c')
    const [, ...check] = config.Healthcheck.Test
    const failure = await runToEnd(inContainer(container, check)).catch(String)
    expect(failure).to.include('exit code 1')
    const env = { ...container.env, DATA_KEY_FILE: '/run/secrets/absent' }
    const missing = await runToEnd(inContainer({ ...container, env }, config.Cmd)).catch(String)
    expect(missing).to.include(
      'DATA_KEY_FILE must name a file that can be read: /run/secrets/absent (ENOENT)',
    )
  })
})

const megabytes = (bytes: number) => Math.round(bytes / 1_000_000)
