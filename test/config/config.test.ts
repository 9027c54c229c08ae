import { expect } from 'chai'
import type { Config } from '../../config/config.js'
import { loadConfig } from '../../config/config.js'
import { key, problemsOf, production } from './support.js'

const keys = { DATA_KEY: key('d'), JWT_SECRET: key('j') }

function load(env: NodeJS.ProcessEnv = {}): Config {
  return loadConfig({ ...keys, ...env })
}

function frozenParts(value: unknown): boolean[] {
  if (typeof value !== 'object' || value === null) return []
  return [Object.isFrozen(value), ...Object.values(value).flatMap(frozenParts)]
}

describe('Configuration', () => {
  it('has defaults for all that development needs', () => {
    expect(load()).to.deep.equal({
      environment: 'development',
      host: '127.0.0.1',
      port: 8080,
      dataDir: './data',
      database: { kind: 'sqlite', file: './data/passport.db' },
      publicUrl: 'http://127.0.0.1:8080',
      dataKeys: [key('d')],
      jwtSecrets: [key('j')],
      loginKeys: [],
      metricsTokens: [],
      mailFrom: 'passport@localhost',
      smsVendors: [],
      smsCountries: ['CN', 'HK', 'MO', 'TW', 'SG', 'MY', 'US', 'CA', 'KR', 'GB', 'JP', 'AU'],
      smsConversionLeast: 0,
      wechat: { apiUrl: 'https://api.weixin.qq.com', openUrl: 'https://open.weixin.qq.com' },
      passport: { unsigned: true, debug: false },
      callbackHosts: ['127.0.0.1:8080'],
      corsOrigins: 'any',
      developmentHosts: [],
      trustProxy: [],
      timeZone: 'Asia/Shanghai',
      logLevel: 'info',
      workers: 1,
      dbTimeoutSeconds: 10,
      dbPool: 20,
      dbConnectionSeconds: 600,
      hashQueue: 64,
      drainSeconds: 0,
      console: true,
      passwordCost: { memory: 19_456, passes: 2, lanes: 1 },
      consolePlace: { path: '', hosts: [], addresses: [] },
      passwordBlocklist: true,
      registration: true,
      tokenHours: 24,
      auditDays: 365,
      codes: codeDefaults,
      notices: { perHour: 3, perDay: 10 },
      messages: { perMinute: 30, perDay: 1000 },
      uploads: { allowed: false, bytes: 5_242_880, perDay: 20 },
      taxNumberCheck: false,
      ipLimitScale: 1,
    })
  })

  it('carries what the environment gives', () => {
    const config = load({ ...production, ...everything })
    expect(config).to.deep.include({
      environment: 'production',
      redisUrl: 'rediss://:p@cache:6380',
      smtpUrl: 'smtps://u:p@mail',
      smsVendors: [{ provider: 'webhook', url: 'https://sms.example.com/send' }],
      passport: { unsigned: false, debug: false, salt: 'salt', mobileChange: 'proved' },
      trustProxy: ['10.0.0.0/8', 'fd00::/8'],
      metricsTokens: ['m'.repeat(16)],
      passwordCost: { memory: 65_536, passes: 4, lanes: 2 },
      passwordBlocklist: false,
      registration: false,
      tokenHours: 2,
      auditDays: 30,
      smsConversionLeast: 0.1,
      codes: { ...codeDefaults, length: 6, gapSeconds: 0 },
      messages: { perMinute: 5, perDay: 50 },
      uploads: { allowed: true, bytes: 1_048_576, perDay: 3 },
      taxNumberCheck: true,
      ipLimitScale: 2.5,
    })
  })

  it('is frozen in all its parts', () => {
    const parts = frozenParts(load({ ...production, ...everything }))
    expect(parts.length).to.be.greaterThan(8)
    expect(parts).not.to.include(false)
  })

  it('reports the mistakes of the environment', () => {
    expect(problemsOf(() => load({ PORT: 'x', WORKERS: '0' }))).to.have.length(2)
  })
})

describe('Configuration: what is derived', () => {
  it('the kind of database, with a file or a URL', () => {
    const databaseOf = (url: string) => load({ DATABASE_URL: url }).database
    expect(databaseOf('sqlite:/srv/a.db')).to.deep.equal({ kind: 'sqlite', file: '/srv/a.db' })
    expect(databaseOf('sqlite::memory:')).to.deep.equal({ kind: 'sqlite', file: ':memory:' })
    expect(databaseOf('mysql://u:p@db/x')).to.deep.equal({ kind: 'mysql', url: 'mysql://u:p@db/x' })
  })

  it('the public URL without the slash at its end', () => {
    expect(load({ PUBLIC_URL: 'https://ID.example.com/' }).publicUrl).to.equal('https://id.example.com')
    expect(load({ PUBLIC_URL: 'https://a.example.com/id/' }).publicUrl).to.equal('https://a.example.com/id')
  })

  it('the callback hosts in lower case, with that of the public URL', () => {
    const env = {
      CALLBACK_HOSTS: 'App.Example.com:8443, id.example.com',
      PUBLIC_URL: 'https://ID.example.com/x',
    }
    expect(load(env).callbackHosts).to.deep.equal(['app.example.com:8443', 'id.example.com'])
    expect(load({ PUBLIC_URL: 'http://[::1]:90' }).callbackHosts).to.deep.equal(['[::1]:90'])
  })

  it('the origins as browsers print them; absent, any in development and none else', () => {
    const env = { CORS_ORIGINS: 'https://App.Example.com:443/,http://localhost:3000' }
    expect(load(env).corsOrigins).to.deep.equal(['https://app.example.com', 'http://localhost:3000'])
    expect(load({ NODE_ENV: 'test' }).corsOrigins).to.deep.equal([])
    expect(load(production).corsOrigins).to.deep.equal([])
  })

  it('the keys, newest first', () => {
    const config = load({ DATA_KEY: `${key('n')}, ${key('o')}`, JWT_SECRET: `${key('2')},${key('1')}` })
    expect(config.dataKeys).to.deep.equal([key('n'), key('o')])
    expect(config.jwtSecrets).to.deep.equal([key('2'), key('1')])
  })

  it('no vendor, mail server and collector where all is captured, whatever is given', () => {
    const given = {
      ...production,
      SMTP_URL: 'smtp://mail.example',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OUTSIDE_TOKEN: 'o'.repeat(16),
    }
    const open = loadConfig(given)
    expect(open).to.include.keys('smtpUrl', 'tracing').and.not.have.property('capture')
    expect(open.smsVendors).to.have.length(1)
    const captured = loadConfig({ ...given, OUTSIDE: 'captured-in-production' })
    expect(captured).to.not.have.any.keys('smtpUrl', 'tracing')
    expect([captured.smsVendors, captured.capture]).to.deep.equal([[], { tokens: ['o'.repeat(16)] }])
  })

  it('no vendor of text messages while the provider is the outbox', () => {
    expect(load({ ...sms, SMS_WEBHOOK_URL: 'https://sms.example.com' }).smsVendors).to.deep.equal([])
  })

  it('the vendors of text messages, in the order of SMS_PROVIDER, with their templates by ours', () => {
    const env = {
      ...sms,
      SMS_WEBHOOK_URL: 'https://sms.example.com',
      SMS_PROVIDER: 'tencent, aliyun,webhook',
    }
    expect(load(env).smsVendors).to.deep.equal([
      {
        provider: 'tencent',
        url: 'https://sms.tencentcloudapi.com',
        secretId: 'AKID1',
        secretKey: 'key',
        appId: '1400006666',
        region: 'ap-guangzhou',
        signName: '某某',
        templates: { code: '1001', 'code-abroad': '1002' },
      },
      {
        provider: 'aliyun',
        url: 'https://sms.internal/aliyun',
        keyId: 'LTAI1',
        keySecret: 'secret',
        signName: '某某商城',
        templates: { code: 'SMS_1', 'mobile-changed': 'SMS_2', 'password-changed': 'SMS_3' },
      },
      { provider: 'webhook', url: 'https://sms.example.com' },
    ])
  })

  it('the ways of WeChat, each as a whole or not at all', () => {
    expect(load(wechat).wechat).to.deep.equal({
      apiUrl: 'https://wechat.internal/api',
      openUrl: 'https://open.weixin.qq.com',
      official: {
        appId: 'wx0a1b2c3d4e5f6a7b',
        secret: 'official-secret',
        messages: { tokens: ['MadeUp1'], aesKeys: ['a'.repeat(43), 'b'.repeat(43)] },
      },
      mini: { appId: 'wx1111222233334444', secret: 'mini-secret' },
      web: { appId: 'wx5555666677778888', secret: 'web-secret', returnUrl: 'https://pc.example.com' },
      events: { url: 'https://shop.internal/events?from=wechat', secret: 'e'.repeat(16) },
    })
    const { official, mini, ...others } = load({
      ...wechat,
      WECHAT_MP_TOKEN: '',
      WECHAT_MP_AES_KEY: '',
      WECHAT_EVENT_URL: '',
      WECHAT_EVENT_SECRET: '',
      WECHAT_MINI_APP_ID: '',
      WECHAT_MINI_SECRET: '',
    }).wechat
    expect(official).to.deep.equal({ appId: 'wx0a1b2c3d4e5f6a7b', secret: 'official-secret' })
    expect(mini).to.equal(undefined)
    expect(Object.keys(others)).to.deep.equal(['apiUrl', 'openUrl', 'web'])
  })
})

const wechat = {
  WECHAT_MP_APP_ID: 'wx0a1b2c3d4e5f6a7b',
  WECHAT_MP_SECRET: 'official-secret',
  WECHAT_MP_TOKEN: 'MadeUp1',
  WECHAT_MP_AES_KEY: `${'a'.repeat(43)}, ${'b'.repeat(43)}`,
  WECHAT_MINI_APP_ID: 'wx1111222233334444',
  WECHAT_MINI_SECRET: 'mini-secret',
  WECHAT_WEB_APP_ID: 'wx5555666677778888',
  WECHAT_WEB_SECRET: 'web-secret',
  WECHAT_WEB_RETURN: 'https://pc.example.com/',
  WECHAT_EVENT_URL: 'https://shop.internal/events?from=wechat',
  WECHAT_EVENT_SECRET: 'e'.repeat(16),
  WECHAT_API_URL: 'https://wechat.internal/api/',
}

const codeDefaults = {
  length: 4,
  minutes: 10,
  gapSeconds: 60,
  perNumberHour: 5,
  perNumberDay: 10,
  perIpHour: 20,
  perNetworkHour: 100,
  networkShare: 0.05,
  reserve: 0.1,
  wrongPerIpHour: 30,
  wrongPerNetworkHour: 100,
  perDay: 10000,
}

const sms = {
  SMS_ALIYUN_KEY_ID: 'LTAI1',
  SMS_ALIYUN_KEY_SECRET: 'secret',
  SMS_ALIYUN_SIGN_NAME: '某某商城',
  SMS_ALIYUN_TEMPLATES: 'code=SMS_1, mobile-changed=SMS_2,password-changed=SMS_3',
  SMS_ALIYUN_URL: 'https://sms.internal/aliyun',
  SMS_TENCENT_SECRET_ID: 'AKID1',
  SMS_TENCENT_SECRET_KEY: 'key',
  SMS_TENCENT_APP_ID: '1400006666',
  SMS_TENCENT_SIGN_NAME: '某某',
  SMS_TENCENT_TEMPLATES: 'code=1001,code-abroad=1002',
}

const everything = {
  REDIS_URL: 'rediss://:p@cache:6380',
  SMTP_URL: 'smtps://u:p@mail',
  PASSPORT_SALT: 'salt',
  PASSPORT_MOBILE_CHANGE: 'proved',
  TRUST_PROXY: '10.0.0.0/8,fd00::/8',
  METRICS_TOKEN: 'm'.repeat(16),
  PASSWORD_COST: 'm=65536,t=4,p=2',
  PASSWORD_BLOCKLIST: 'off',
  REGISTRATION: 'off',
  TOKEN_HOURS: '2',
  AUDIT_DAYS: '30',
  CODE_LENGTH: '6',
  CODE_GAP: '0',
  MESSAGE_PER_MINUTE: '5',
  MESSAGE_PER_DAY: '50',
  TAX_NUMBER_CHECK: 'on',
  UPLOADS: 'on',
  UPLOAD_MEGABYTES: '1',
  UPLOAD_PER_DAY: '3',
  LIMIT_IP_SCALE: '2.5',
}
