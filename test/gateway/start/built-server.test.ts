import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { insertUser } from '../../../db/users.js'
import { onEachDatabase } from '../../servers/databases.js'
import { connectBeside, startGatewayProcess } from '../../servers/processes/gateway-process.js'
import { vectorKey } from '../../servers/shop/tokens.js'
import { prepared, useFolder } from '../../suite.js'

/** What of the packages has files of its own: machine code and what finds it. All else is built into a few files. */
const ownFiles = ['@neon-rs/load', '@node-rs/argon2', 'detect-libc', 'libsql']
const mostScripts = 70

/** What phpass makes of `abc123`. */
const phpassHash = '$P$Bs6GLBqpF0dQdK5P.mnqkcsTuat1HM0'

onEachDatabase('the server as it is built', (database) => {
  const coverage = useFolder('coverage')
  const beside = prepared(
    before,
    () => connectBeside(database),
    (connection) => connection.close(),
  )

  /** The files that a process had loaded by its end, its threads' too. */
  function loadedFiles(): string[] {
    const reports = readdirSync(coverage.path).map((name) => readFileSync(join(coverage.path, name), 'utf8'))
    const scripts = reports.flatMap((text) => (JSON.parse(text) as { result: { url: string }[] }).result)
    return [...new Set(scripts.map(({ url }) => url).filter((url) => url.startsWith('file:')))]
  }

  it('is a few files, which find the thread for passwords', async () => {
    await insertUser(beside.db, { account: 'blogger', passwordHash: phpassHash, createdAt: 0 })
    const server = await startGatewayProcess(database, { NODE_V8_COVERAGE: coverage.path })
    const query = new URLSearchParams({ user_account: 'blogger', password: 'abc123' })
    const answer = await fetch(`${server.url}/front/account/login/login?${query.toString()}`)
    expect(await answer.json()).to.include({ status: 200 })
    await server.stop()
    const files = loadedFiles()
    expect(files.length, files.join('\n')).to.be.within(10, mostScripts)
    expect(files.filter((url) => url.endsWith('/hash-thread.js'))).to.have.length(1)
    const packages = files.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])
    expect([...new Set(packages)].sort()).to.deep.equal(ownFiles)
  })

  it('names the lines of the sources where it fails', async () => {
    await insertUser(beside.db, { userId: 2 ** 31, account: 'beyond', passwordHash: '', createdAt: 0 })
    const refused = startGatewayProcess(database, { SHOP_TOKEN_KEY: vectorKey }).then(
      () => expect.fail('it started'),
      (error: unknown) => (error instanceof Error ? error.message : expect.fail()),
    )
    expect(await refused).to.match(/at \w+ \(\/.*\/gateway\/start\/shop-token-key\.ts:\d+:\d+\)/)
  })
})
