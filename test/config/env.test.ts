import { Ajv } from 'ajv'
import { expect } from 'chai'
import { ConfigurationError, environmentSchema, readEnvironment } from '../../config/env.js'
import { formats } from '../../config/formats.js'
import { variables } from '../../config/schema.js'
import { key, problemsIn, production } from './support.js'

describe('Environment: defaults', () => {
  it('needs no variable at all in development', () => {
    const { given, ...values } = readEnvironment({})
    expect([...given]).to.deep.equal([])
    expect(values).to.deep.equal({
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: 8080,
      DATA_DIR: './data',
      DATABASE_URL: 'sqlite:./data/passport.db',
      PUBLIC_URL: 'http://127.0.0.1:8080',
      TIME_ZONE: 'Asia/Shanghai',
      LOG_LEVEL: 'info',
      WORKERS: 1,
      DB_TIMEOUT: 10,
      DB_POOL: 20,
      DB_CONNECTION_AGE: 600,
      HASH_QUEUE: 64,
      DRAIN_SECONDS: 0,
      OUTSIDE: 'open',
      MAIL_FROM: 'passport@localhost',
      SMS_PROVIDER: ['outbox'],
      SMS_COUNTRIES: ['CN', 'HK', 'MO', 'TW', 'SG', 'MY', 'US', 'CA', 'KR', 'GB', 'JP', 'AU'],
      SMS_CONVERSION_LEAST: 10,
      SMS_ALIYUN_URL: 'https://dysmsapi.aliyuncs.com',
      SMS_TENCENT_REGION: 'ap-guangzhou',
      SMS_TENCENT_URL: 'https://sms.tencentcloudapi.com',
      WECHAT_API_URL: 'https://api.weixin.qq.com',
      WECHAT_OPEN_URL: 'https://open.weixin.qq.com',
      PASSPORT_UNSIGNED: 'allow',
      CONSOLE: true,
      PASSPORT_DEBUG: false,
      PASSWORD_BLOCKLIST: true,
      PASSWORD_COST: 'm=19456,t=2,p=1',
      REGISTRATION: true,
      TOKEN_HOURS: 24,
      AUDIT_DAYS: 365,
      CODE_LENGTH: 4,
      CODE_MINUTES: 10,
      CODE_GAP: 60,
      CODE_PER_NUMBER_HOUR: 5,
      CODE_PER_NUMBER_DAY: 10,
      CODE_PER_IP_HOUR: 20,
      CODE_PER_DAY: 10000,
      CODE_PER_NETWORK_HOUR: 100,
      CODE_NETWORK_SHARE: 5,
      CODE_RESERVE: 10,
      WRONG_CODES_PER_IP_HOUR: 30,
      WRONG_CODES_PER_NETWORK_HOUR: 100,
      NOTICE_PER_HOUR: 3,
      NOTICE_PER_DAY: 10,
      MESSAGE_PER_MINUTE: 30,
      MESSAGE_PER_DAY: 1000,
      TAX_NUMBER_CHECK: false,
      LIMIT_IP_SCALE: 1,
      UPLOADS: false,
      UPLOAD_MEGABYTES: 5,
      UPLOAD_PER_DAY: 20,
      OTEL_TRACES_SAMPLER_ARG: 1,
    })
  })

  it('keeps the database in the folder DATA_DIR names', () => {
    const fileIn = (folder: string) => readEnvironment({ DATA_DIR: folder }).DATABASE_URL
    expect(fileIn('/srv/passport/')).to.equal('sqlite:/srv/passport/passport.db')
    expect(fileIn('/')).to.equal('sqlite:/passport.db')
    expect(fileIn('//srv')).to.equal('sqlite:/srv/passport.db')
  })

  it('forms PUBLIC_URL of HOST and PORT, an IPv6 address in brackets', () => {
    expect(readEnvironment({ HOST: '::1', PORT: '0' }).PUBLIC_URL).to.equal('http://[::1]:0')
  })

  it('allows unsigned calls in development and denies them else', () => {
    expect(readEnvironment({ NODE_ENV: 'test' }).PASSPORT_UNSIGNED).to.equal('deny')
    expect(readEnvironment(production).PASSPORT_UNSIGNED).to.equal('deny')
    expect(readEnvironment({ NODE_ENV: 'test' }).CONSOLE).to.equal(false)
    expect(readEnvironment(production).CONSOLE).to.equal(false)
    expect(readEnvironment({ ...production, CONSOLE: 'on' }).CONSOLE).to.equal(true)
  })

  it('takes an empty or blank variable for one that is not given', () => {
    const environment = readEnvironment({ PORT: '', REDIS_URL: '', DATA_KEY: '', LOG_LEVEL: ' ' })
    expect(environment.PORT).to.equal(8080)
    expect(environment).not.to.have.any.keys('REDIS_URL', 'DATA_KEY')
    expect(environment.given.size).to.equal(0)
  })
})

describe('Environment: coercion', () => {
  it('reads whole numbers, decimals, on and off, and comma lists', () => {
    const environment = readEnvironment({
      PORT: ' 0 ',
      LIMIT_IP_SCALE: '0.5',
      REGISTRATION: 'off',
      PASSPORT_DEBUG: 'on',
      TRUST_PROXY: '10.0.0.0/8, ::1',
    })
    expect(environment).to.include({
      PORT: 0,
      LIMIT_IP_SCALE: 0.5,
      REGISTRATION: false,
      PASSPORT_DEBUG: true,
    })
    expect(environment.TRUST_PROXY).to.deep.equal(['10.0.0.0/8', '::1'])
    expect([...environment.given]).to.have.members([
      'PORT',
      'LIMIT_IP_SCALE',
      'REGISTRATION',
      'PASSPORT_DEBUG',
      'TRUST_PROXY',
    ])
  })

  it('keeps the spaces of a salt', () => {
    expect(readEnvironment({ PASSPORT_SALT: ' s ' }).PASSPORT_SALT).to.equal(' s ')
  })

  it('refuses other spellings of numbers and switches', () => {
    for (const text of ['8080.0', '1e3', '0x50', 'http', '9'.repeat(400)]) {
      expect(problemsIn({ PORT: text })[0]).to.match(/^PORT must be a whole number from 0 to 65535, not "/)
    }
    for (const text of ['true', '1', 'ON']) {
      expect(problemsIn({ REGISTRATION: text })).to.deep.equal([
        `REGISTRATION must be on or off, not "${text}"`,
      ])
    }
  })

  it('refuses an empty item in a list', () => {
    expect(problemsIn({ CALLBACK_HOSTS: 'a.example,' })).to.have.length(1)
    expect(problemsIn({ DATA_KEY: `,${key('a')}` })).to.deep.equal([
      'DATA_KEY must be a comma list, each at least 32 characters long (item 1 is not)',
    ])
  })
})

describe('Environment: mistakes', () => {
  it('lists all of them at once, one per line, those between variables too', () => {
    const env = {
      NODE_ENV: 'production',
      PORT: '70000',
      WORKERS: '2',
      PASSPORT_DEBUG: 'on',
      SMS_PROVIDER: 'fax',
    }
    const problems = [
      'PORT must be a whole number from 0 to 65535, not "70000"',
      'SMS_PROVIDER must be a comma list, each one of outbox, webhook, aliyun, tencent (item 1 is not)',
      'DATA_KEY must be given in production: a comma list, each at least 32 characters long',
      'JWT_SECRET must be given in production: a comma list, each at least 32 characters long',
      'WORKERS must be 1 with SQLite; for more, DATABASE_URL must be a mysql:// URL',
      'PASSPORT_DEBUG must be off in production',
    ]
    expect(problemsIn(env)).to.deep.equal(problems)
    expect(() => readEnvironment(env))
      .to.throw(ConfigurationError)
      .with.property('message', ['The configuration is not usable:', ...problems].join('\n'))
  })

  it('draws no conclusions from a variable that is wrong by itself', () => {
    expect(problemsIn({ NODE_ENV: 'staging', HOST: '0.0.0.0', PASSPORT_UNSIGNED: 'allow' })).to.deep.equal([
      'NODE_ENV must be one of development, test, production, not "staging"',
    ])
    expect(problemsIn({ ...production, DATA_KEY: 'short' })).to.have.length(1)
    expect(problemsIn({ DATABASE_URL: 'oracle', WORKERS: '2' })).to.have.length(1)
  })

  it('names the items of a list that are wrong', () => {
    expect(problemsIn({ TRUST_PROXY: '10.0.0.1,proxy,10.0.0.0/33' })).to.deep.equal([
      'TRUST_PROXY must be a comma list, each an IP address or a CIDR range such as 10.0.0.0/8 (item 2 is not)',
      'TRUST_PROXY must be a comma list, each an IP address or a CIDR range such as 10.0.0.0/8 (item 3 is not)',
    ])
  })

  it('prints neither secrets nor URLs that may hold a password', () => {
    const env = {
      DATA_KEY: 'hush-1',
      JWT_SECRET: `${key('j')},hush-2`,
      METRICS_TOKEN: 'hush-3',
      DATABASE_URL: 'postgres://u:hush-4@db/x',
      REDIS_URL: 'http://:hush-5@cache',
      SMTP_URL: 'smtp://u:25#hush-6@mail',
      PUBLIC_URL: 'https://u:hush-7@id.example.com',
      SMS_WEBHOOK_URL: 'ftp://u:hush-8@sms.example.com',
      CORS_ORIGINS: 'https://u:hush-9@app.example.com',
      SMS_ALIYUN_KEY_SECRET: 'hush 10',
      SMS_TENCENT_SECRET_KEY: 'hush-11\n',
      SMS_ALIYUN_URL: 'https://u:hush-12@sms.internal',
      SMS_TENCENT_URL: 'https://u:hush-13@sms.internal',
      WECHAT_MP_TOKEN: 'hush-14',
      WECHAT_MP_AES_KEY: 'hush-15',
      WECHAT_MINI_SECRET: 'hush 16',
      WECHAT_API_URL: 'https://u:hush-17@wechat.internal',
      WECHAT_EVENT_URL: 'https://hush-18 @events.internal',
    }
    expect(problemsIn(env).map((problem) => problem.split(' ')[0])).to.have.members(Object.keys(env))
    expect(() => readEnvironment(env))
      .to.throw(ConfigurationError)
      .with.property('message')
      .not.match(/hush/)
  })
})

describe('Environment: schema', () => {
  it('is a JSON Schema, which no start looks at', () => {
    const ajv = new Ajv()
    expect(ajv.validateSchema(environmentSchema), ajv.errorsText()).to.equal(true)
    expect(
      ajv.validateSchema({ ...environmentSchema, properties: { PORT: { type: 'number or so' } } }),
    ).to.equal(false)
  })

  it('takes its own defaults, which no start looks at either', () => {
    const ajv = new Ajv({ allErrors: true })
    ajv.addVocabulary(['x-default', 'x-secret', 'x-password'])
    for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format.test)
    const defaults = Object.entries(variables).flatMap(([name, variable]) =>
      variable.default === undefined ? [] : [[name, variable.default]],
    )
    expect(Object.fromEntries(defaults)).to.include({ TIME_ZONE: 'Asia/Shanghai' })
    expect(ajv.validate(environmentSchema, Object.fromEntries(defaults)), ajv.errorsText()).to.equal(true)
  })

  it('describes every variable and marks the secrets', () => {
    const variables = Object.entries(environmentSchema.properties)
    for (const [name, variable] of variables) expect(variable.description, name).to.match(/^[A-Z].*\.$/)
    const secrets = variables.filter(([, variable]) => 'x-secret' in variable).map(([name]) => name)
    expect(secrets).to.deep.equal([
      'DATA_KEY',
      'JWT_SECRET',
      'LOGIN_KEY',
      'BACKUP_PASSPHRASE',
      'METRICS_TOKEN',
      'OUTSIDE_TOKEN',
      'SMS_ALIYUN_KEY_SECRET',
      'SMS_TENCENT_SECRET_KEY',
      'WECHAT_MP_SECRET',
      'WECHAT_MP_TOKEN',
      'WECHAT_MP_AES_KEY',
      'WECHAT_MINI_SECRET',
      'WECHAT_WEB_SECRET',
      'WECHAT_EVENT_SECRET',
      'PASSPORT_SALT',
      'SHOP_TOKEN_KEY',
      'OLD_TOKEN_SECRET',
      'OTEL_EXPORTER_OTLP_HEADERS',
    ])
  })
})
