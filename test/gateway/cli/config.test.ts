import { expect } from 'chai'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describeConfig } from '../../../config/config.js'
import { readEnvironment } from '../../../config/env.js'
import { production } from '../../config/support.js'
import { makePrivateFolder, removePrivateFolder } from '../../servers/processes/leftovers.js'
import { runCommand } from './command-line.js'

describe('config', () => {
  it('shows name, value and source of every variable in aligned columns', async () => {
    const env = { NODE_ENV: 'test', PORT: '8099', DATABASE_URL: 'mysql://operator:hush@db/passport' }
    const { code, stdout, stderr } = await runCommand(['config'], { env })
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    const lines = stdout.trimEnd().split('\n')
    const names = describeConfig(readEnvironment(env)).map(({ name }) => name)
    expect(lines.map((line) => line.split(' ')[0])).to.deep.equal(['NAME', ...names])
    const sourceAt = lines[0]?.indexOf('SOURCE') ?? -1
    for (const line of lines) expect(line.slice(sourceAt)).to.match(/^(SOURCE|environment|default|made)/)
    expect(stdout).to.match(/^PORT +8099 +environment$/m)
    expect(stdout).to.match(/^TIME_ZONE +Asia\/Shanghai +default$/m)
  })

  it('masks secrets, and marks what is probably not meant', async () => {
    const secrets = { METRICS_TOKEN: 'm'.repeat(16), DATABASE_URL: 'mysql://operator:hush@db/passport' }
    const { stdout } = await runCommand(['config'], { env: { ...production, ...secrets } })
    for (const secret of [production.DATA_KEY, production.JWT_SECRET, 'hush', secrets.METRICS_TOKEN])
      expect(stdout).not.to.include(secret)
    expect(stdout).to.match(/^DATABASE_URL +mysql:\/\/operator:\*{8}@db\/passport +environment$/m)
    expect(stdout).to.match(/^SMTP_URL +default +! no mail can be sent$/m)
    expect(stdout).not.to.match(/^PORT.*!/m)
  })

  it('prints the same as JSON, with a description of each', async () => {
    const { code, stdout } = await runCommand(['config', '--json'], { env: production })
    expect(code).to.equal(0)
    for (const secret of [production.DATA_KEY, production.JWT_SECRET]) expect(stdout).not.to.include(secret)
    expect(JSON.parse(stdout)).to.deep.equal(
      JSON.parse(JSON.stringify(describeConfig(readEnvironment(production)))),
    )
  })

  it('makes no files', async () => {
    const folder = makePrivateFolder('cli-config')
    const dataDir = join(folder, 'data')
    const { code, stdout } = await runCommand(['config'], { env: { DATA_DIR: dataDir } })
    expect(code).to.equal(0)
    expect(stdout).to.include(`******** in ${join(dataDir, 'keys.json')}`)
    expect(existsSync(dataDir)).to.equal(false)
    await removePrivateFolder(folder)
  })
})
