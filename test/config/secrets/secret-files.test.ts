import { expect } from 'chai'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environmentSchema, readEnvironment } from '../../../config/env.js'
import { useFolder } from '../../suite.js'
import { key, problemsIn, production } from '../support.js'

describe('secrets in files', () => {
  const folder = useFolder('secrets')
  const { DATA_KEY: _key, ...withoutKey } = production

  it('are read where NAME_FILE says, without the line break at their end', () => {
    const file = folder.write('data-key', `${key('n')},${key('o')}\n`)
    const { DATA_KEY: keys, given } = readEnvironment({ ...withoutKey, DATA_KEY_FILE: file })
    expect(keys).to.deep.equal([key('n'), key('o')])
    expect(given.has('DATA_KEY')).to.equal(true)
  })

  it('may be every secret, and every address with a password', () => {
    const file = folder.write('any', 'x')
    const names = Object.entries(environmentSchema.properties).flatMap(([name, variable]) =>
      'x-secret' in variable || 'x-password' in variable ? [name] : [],
    )
    expect(names).to.include.members(['DATABASE_URL', 'SMTP_URL', 'WECHAT_MP_SECRET', 'SHOP_TOKEN_KEY'])
    for (const name of names)
      expect(problemsIn({ [name]: 'x', [`${name}_FILE`]: file })).to.include(
        `${name} and ${name}_FILE must not both be given`,
      )
  })

  it("are systemd's credentials of their names, which a variable overrules", () => {
    const CREDENTIALS_DIRECTORY = join(folder.path, 'credentials')
    mkdirSync(CREDENTIALS_DIRECTORY)
    writeFileSync(join(CREDENTIALS_DIRECTORY, 'DATA_KEY'), key('c'))
    expect(readEnvironment({ ...withoutKey, CREDENTIALS_DIRECTORY }).DATA_KEY).to.deep.equal([key('c')])
    expect(readEnvironment({ ...production, CREDENTIALS_DIRECTORY }).DATA_KEY).to.deep.equal([key('d')])
  })

  it('are missed where a file is empty, instead of going without what it was for', () => {
    const file = folder.write('empty', '\n')
    expect(problemsIn({ ...production, METRICS_TOKEN_FILE: file })).to.include(
      `METRICS_TOKEN_FILE must name a file with a secret in it: ${file} is empty`,
    )
  })

  it('are missed by the name of the file', () => {
    const file = join(folder.path, 'nowhere')
    expect(problemsIn({ ...withoutKey, DATA_KEY_FILE: file })).to.include(
      `DATA_KEY_FILE must name a file that can be read: ${file} (ENOENT)`,
    )
  })
})
