import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { useFolder } from '../../suite.js'
import { runCommand } from './command-line.js'

describe('openapi', () => {
  const folder = useFolder('openapi')
  // No folder of data is made, and no database is asked.
  const env = () => ({ PUBLIC_URL: 'https://passport.example', DATA_DIR: join(folder.path, 'data') })

  it('prints the description of all methods, with the address that clients use', async () => {
    const { code, stdout, stderr } = await runCommand(['openapi'], { env: env() })
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    const description = JSON.parse(stdout)
    expect(description).to.deep.include({ openapi: '3.1.0', servers: [{ url: 'https://passport.example' }] })
    expect(description.paths).to.include.keys('/gateway/web.passport.sendcode', '/front/account/login/login')
    expect(existsSync(env().DATA_DIR)).to.equal(false)
  })

  it('writes the same into a file', async () => {
    const file = join(folder.path, 'openapi.json')
    const { code, stdout } = await runCommand(['openapi', '--out', file], { env: env() })
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '' })
    expect(readFileSync(file, 'utf8')).to.equal((await runCommand(['openapi'], { env: env() })).stdout)
  })

  it('says which file can not be written', async () => {
    const file = join(folder.path, 'none', 'openapi.json')
    const { code, stderr } = await runCommand(['openapi', '--out', file], { env: env() })
    expect(code).to.equal(1)
    expect(stderr).to.contain(file)
  })
})
