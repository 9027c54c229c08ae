import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { ConfigRow } from '../../config/config.js'
import { describeConfig } from '../../config/config.js'
import type { VariableName } from '../../config/env.js'
import { environmentSchema, readEnvironment } from '../../config/env.js'
import { key, production } from './support.js'

function rowOf(env: NodeJS.ProcessEnv, name: VariableName): ConfigRow | undefined {
  return describeConfig(readEnvironment(env)).find((row) => row.name === name)
}

function valueOf(env: NodeJS.ProcessEnv, name: VariableName): string | undefined {
  return rowOf(env, name)?.value
}

describe('Description of the configuration', () => {
  it('has a row for every variable, in the order of the schema', () => {
    const rows = describeConfig(readEnvironment({}))
    expect(rows.map((row) => row.name)).to.deep.equal(Object.keys(environmentSchema.properties))
    for (const row of rows)
      expect(row.description).to.equal(environmentSchema.properties[row.name].description)
  })

  it('tells what was given from defaults', () => {
    const env = { PORT: '8080', REGISTRATION: 'off', TRUST_PROXY: '::1, 10.0.0.1' }
    expect(rowOf(env, 'PORT')).to.include({ value: '8080', source: 'environment' })
    expect(rowOf(env, 'REGISTRATION')).to.include({ value: 'off', source: 'environment' })
    expect(rowOf(env, 'TRUST_PROXY')).to.include({ value: '::1,10.0.0.1', source: 'environment' })
    expect(rowOf(env, 'PASSWORD_BLOCKLIST')).to.include({ value: 'on', source: 'default' })
    expect(rowOf(env, 'DATABASE_URL')).to.include({ value: 'sqlite:./data/passport.db', source: 'default' })
    expect(rowOf(env, 'REDIS_URL')).to.include({ value: '', source: 'default' })
  })

  it('says where made keys are, without making them', () => {
    const dataDir = join(tmpdir(), `passport-describe-${process.pid}`)
    const value = `******** in ${join(dataDir, 'keys.json')}`
    expect(rowOf({ DATA_DIR: dataDir }, 'DATA_KEY')).to.include({ value, source: 'made' })
    expect(rowOf({ DATA_DIR: dataDir }, 'JWT_SECRET')).to.include({ value, source: 'made' })
    expect(existsSync(dataDir)).to.equal(false)
  })

  it('warns of what is allowed but probably not meant', () => {
    const rows = describeConfig(readEnvironment(production)).filter((row) => row.warning !== undefined)
    expect(rows.map((row) => row.name)).to.deep.equal(['PUBLIC_URL', 'SMTP_URL'])
    expect(rowOf({ SMS_WEBHOOK_URL: 'http://sms/' }, 'SMS_WEBHOOK_URL')?.warning).to.match(/outbox/)
    expect(describeConfig(readEnvironment({})).some((row) => 'warning' in row)).to.equal(false)
  })

  it('says loudly that nothing leaves the server', () => {
    expect(rowOf({ OUTSIDE: 'captured' }, 'OUTSIDE')?.warning).to.match(/^CAPTURED: no text, mail, /)
    expect(rowOf({ OUTSIDE: 'open' }, 'OUTSIDE')).to.not.have.property('warning')
    const captured = { ...production, OUTSIDE: 'captured-in-production' }
    expect(rowOf(captured, 'SMTP_URL')).to.not.have.property('warning')
  })

  it('warns of settings of vendors that are not used', () => {
    const env = { ...production, SMS_ALIYUN_SIGN_NAME: '某某', SMS_TENCENT_URL: 'https://sms.internal' }
    const rows = describeConfig(readEnvironment(env)).filter(({ name }) => name.startsWith('SMS_'))
    const warnings = rows.flatMap(({ name, warning }) =>
      warning === undefined ? [] : [`${name} ${warning}`],
    )
    expect(warnings).to.deep.equal([
      'SMS_ALIYUN_SIGN_NAME not used while SMS_PROVIDER is webhook',
      'SMS_TENCENT_URL not used while SMS_PROVIDER is webhook',
    ])
  })

  it('warns of kinds of messages that a vendor has no template for', () => {
    const env = {
      SMS_PROVIDER: 'aliyun',
      SMS_ALIYUN_KEY_ID: 'LTAI1',
      SMS_ALIYUN_KEY_SECRET: 'hush',
      SMS_ALIYUN_SIGN_NAME: '某某',
    }
    const warningOf = (pairs: string): string | undefined =>
      rowOf({ ...env, SMS_ALIYUN_TEMPLATES: pairs }, 'SMS_ALIYUN_TEMPLATES')?.warning
    expect(warningOf('code=SMS_1,code-abroad=SMS_4')).to.equal(
      'cannot send mobile-changed, password-changed, email-changed, wechat-changed',
    )
    expect(
      warningOf(
        'code=SMS_1,mobile-changed=SMS_2,password-changed=SMS_3,email-changed=SMS_4,wechat-changed=SMS_5',
      ),
    ).to.equal(undefined)
    expect(valueOf({ ...env, SMS_ALIYUN_TEMPLATES: 'code=SMS_1' }, 'SMS_PROVIDER')).to.equal('aliyun')
  })
})

describe('Description of the configuration: secrets', () => {
  it('masks each, and shows how many keys there are', () => {
    expect(valueOf({ DATA_KEY: `${key('a')},${key('b')}` }, 'DATA_KEY')).to.equal('********,********')
    expect(valueOf({ JWT_SECRET: key('a') }, 'JWT_SECRET')).to.equal('********')
    expect(valueOf({ PASSPORT_SALT: 's' }, 'PASSPORT_SALT')).to.equal('********')
    expect(valueOf({ METRICS_TOKEN: 't'.repeat(16) }, 'METRICS_TOKEN')).to.equal('********')
    expect(valueOf({ SMS_ALIYUN_KEY_SECRET: 'hush' }, 'SMS_ALIYUN_KEY_SECRET')).to.equal('********')
    expect(valueOf({ SMS_TENCENT_SECRET_KEY: 'hush' }, 'SMS_TENCENT_SECRET_KEY')).to.equal('********')
    expect(valueOf({}, 'METRICS_TOKEN')).to.equal('')
  })

  it('masks the passwords inside URLs and leaves the rest', () => {
    expect(valueOf({ DATABASE_URL: 'mysql://u:hush@db:3306/x' }, 'DATABASE_URL')).to.equal(
      'mysql://u:********@db:3306/x',
    )
    expect(valueOf({ REDIS_URL: 'redis://:hush@cache/1' }, 'REDIS_URL')).to.equal('redis://:********@cache/1')
    expect(valueOf({ SMTP_URL: 'smtps://u:hush@mail' }, 'SMTP_URL')).to.equal('smtps://u:********@mail')
    expect(valueOf({ SMTP_URL: 'smtp://mail:25' }, 'SMTP_URL')).to.equal('smtp://mail:25')
  })

  it('masks parameters named like secrets too', () => {
    const value = valueOf({ SMS_WEBHOOK_URL: 'https://sms.example.com/?to=x&token=hush' }, 'SMS_WEBHOOK_URL')
    expect(value).to.equal('https://sms.example.com/?to=x&token=********')
  })
})
