import { expect } from 'chai'
import { listSeals, sealedColumns } from '../../../../db/sealed-values.js'
import { keyFingerprint } from '../../../../gateway/services/keys/fingerprint.js'
import { readSources } from '../../../whole/architecture/source-tree.js'
import { duringGateway } from '../../../harness.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { connectBeside, startGatewayProcess } from '../../../servers/processes/gateway-process.js'
import { keys as given, refusal, useCommandLine } from '../command-line.js'

const older = given.DATA_KEY
const newer = 'the-next-data-key-of-operator-tests'
const strange = 'a-data-key-that-nothing-is-sealed-under'
const [oldName, newName, strangeName] = [older, newer, strange].map(keyFingerprint)

interface Told {
  readonly keys: readonly {
    readonly variable: string
    readonly fingerprint: string
    readonly state: string
    readonly sealed: Readonly<Record<string, number>>
  }[]
  readonly unreadable: Readonly<Record<string, number>>
}

describe('sealed values', () => {
  it('are all known to the list that keys are counted and changed by, but for those that no table holds', () => {
    const texts = readSources(['gateway', 'methods']).map(({ text }) => text)
    const purposes = texts.flatMap((text) =>
      [...text.matchAll(/vault\.seal\(\s*'([\w-]+)'/g)].map(([, name]) => name),
    )
    const passing = ['mail-token', 'wechat-agreement']
    const listed = sealedColumns.map(({ purpose }) => purpose)
    expect([...new Set(purposes)]).to.have.members([...new Set([...passing, ...listed])])
  })
})

onEachDatabase('keys', (database) => {
  const cli = useCommandLine(database)
  const list = async (DATA_KEY: string): Promise<Told> => {
    const { stdout, stderr } = await cli.run('keys list --json', { env: { DATA_KEY } })
    expect(stderr).to.equal('')
    return JSON.parse(stdout)
  }
  const stateOf = ({ keys }: Told, name: string | undefined) =>
    keys.find(({ variable, fingerprint }) => variable === 'DATA_KEY' && fingerprint === name)?.state

  before(() =>
    duringGateway(database, { DATA_KEY: older }, async (gateway) => {
      const { db, vault, loginKey } = gateway.services
      await gateway.addApp({ name: 'shop' })
      await loginKey.publicKey()
      for (let user_id = 1; user_id <= 25; user_id++)
        await db('user_certificate').insert({
          user_id,
          sealed_idcard: vault.seal('idcard', `11010119900307${1000 + user_id}`),
          submitted_at: 0,
        })
    }),
  )

  it('are listed with what each seals', async () => {
    const told = await list(`${newer},${older}`)
    expect(told.unreadable).to.deep.equal({})
    expect(told.keys.find(({ fingerprint }) => fingerprint === oldName)?.sealed).to.deep.equal({
      'client_app.secrets': 2,
      'server_key.sealed_key': 1,
      'user_certificate.sealed_idcard': 25,
    })
    const { stdout } = await cli.run('keys list', { env: { DATA_KEY: `${newer},${older}` } })
    expect(stdout).to.match(new RegExp(`^DATA_KEY +${oldName} +2 `, 'm'))
    expect(stdout).not.to.contain(older).and.not.to.contain(newer)
  })

  // On SQLite the one node is whoever runs now.
  if (database.kind === 'mysql')
    it('seal nothing anew that running nodes could not read', async () => {
      const beside = await connectBeside(database)
      await beside.db('key_holder').update({ seen_at: Date.now() })
      const answer = await cli.run('keys reseal', { env: { DATA_KEY: `${newer},${older}` } })
      expect(refusal(answer)).to.deep.equal({
        code: 1,
        line: 'error: running nodes lack the first DATA_KEY: see "passport-gateway keys list"',
      })
      expect(stateOf(await list(`${newer},${older}`), newName)).to.equal('lacked')
      await beside.db('key_holder').delete()
      await beside.close()
    })

  it('are retired: everything is sealed anew, a few rows at once, and again without harm', async () => {
    const env = { DATA_KEY: `${newer},${older}` }
    // As if a node had written with the new key.
    const { code, stdout, stderr } = await cli.run('keys reseal --rows 10', { env })
    expect({ code, stdout }, stderr).to.deep.equal({ code: 0, stdout: '28 rows were sealed anew\n' })
    expect(stderr).to.match(/^client_app\.secrets: \d+ rows read, \d+ sealed anew$/m)
    expect((await cli.run('keys reseal', { env })).stdout).to.equal('0 rows were sealed anew\n')
    const told = await list(env.DATA_KEY)
    expect(told.keys.find(({ fingerprint }) => fingerprint === oldName)?.sealed).to.deep.equal({})
    expect(stateOf(told, oldName)).to.be.oneOf(['kept', 'lacked'])
  })

  it('open the same as before under the new key alone', () =>
    duringGateway(database, { DATA_KEY: newer }, async (gateway) => {
      const { db, vault, apps, sealedValues } = gateway.services
      expect(apps.find('shop')?.secrets).to.have.length(1)
      expect(sealedValues.unreadable).to.deep.equal([])
      const [column] = sealedColumns.filter(({ table }) => table === 'user_certificate')
      const rows = column ? await listSeals(db, column, { limit: 100 }) : []
      expect(rows.map(({ text }) => vault.open('idcard', text))).to.include('110101199003071025')
    }))

  it('that are missing are named by log, readiness, list and configuration, and no value is', async () => {
    const isUp = async (url: string) => (await fetch(`${url}/readyz`)).status > 0
    const node = await startGatewayProcess(database, { DATA_KEY: strange }, isUp)
    try {
      const ready = await fetch(`${node.url}/readyz`)
      const beside = await connectBeside(database)
      // As if the three minutes of those before were over.
      await beside.db('key_holder').whereNot('node_name', 'like', `%:${node.pid}`).delete()
      await beside.close()
      const columns = ['client_app.secrets', 'server_key.sealed_key', 'user_certificate.sealed_idcard']
      expect(await ready.json()).to.deep.include({ reason: 'DATA_KEY missing', sealed: columns })
      const line = node
        .output()
        .split('\n')
        .find((text) => text.includes('values are sealed under a DATA_KEY'))
      expect(line).to.contain('user_certificate.sealed_idcard').and.to.contain(newName)
      const told = await list(strange)
      expect(told.unreadable).to.include({ 'user_certificate.sealed_idcard': 25 })
      expect(stateOf(told, newName)).to.equal('lost')
      expect(stateOf(told, strangeName)).to.be.oneOf(['used', 'lacked'])
      const reseal = await cli.run('keys reseal', { env: { DATA_KEY: strange } })
      expect(reseal.code).to.equal(1)
      expect(reseal.stdout).to.contain('! user_certificate.sealed_idcard: 25 sealed under none of these keys')
      const config = await cli.run('config', { env: { DATA_KEY: strange } })
      expect(config.stdout).to.match(
        /^DATA_KEY .*! client_app\.secrets.* user_certificate\.sealed_idcard hold.* DATA_KEY /m,
      )
    } finally {
      await node.stop()
    }
  })
})
