import { expect } from 'chai'
import { problemsIn, production } from './support.js'

const mysql = 'mysql://user:password@db.example.com/passport'

const aliyun = {
  SMS_ALIYUN_KEY_ID: 'LTAI1',
  SMS_ALIYUN_KEY_SECRET: 'secret',
  SMS_ALIYUN_SIGN_NAME: '某某商城',
  SMS_ALIYUN_TEMPLATES: 'code=SMS_1',
}
const tencent = {
  SMS_TENCENT_SECRET_ID: 'AKID1',
  SMS_TENCENT_SECRET_KEY: 'key',
  SMS_TENCENT_APP_ID: '1400006666',
  SMS_TENCENT_SIGN_NAME: '某某',
  SMS_TENCENT_TEMPLATES: 'code=1001',
}

const wechat = {
  WECHAT_MP_APP_ID: 'wx0a1b2c3d4e5f6a7b',
  WECHAT_MP_SECRET: 'secret',
  WECHAT_MP_TOKEN: 'MadeUp1',
  WECHAT_MP_AES_KEY: 'a'.repeat(43),
  WECHAT_MINI_APP_ID: 'wx1111222233334444',
  WECHAT_MINI_SECRET: 'secret',
  WECHAT_WEB_APP_ID: 'wx5555666677778888',
  WECHAT_WEB_SECRET: 'secret',
  WECHAT_WEB_RETURN: 'https://pc.example.com',
  WECHAT_EVENT_URL: 'https://shop.internal/events',
  WECHAT_EVENT_SECRET: 'e'.repeat(16),
}

describe('Environment: rules between variables', () => {
  it('HOST must be loopback in development', () => {
    for (const host of ['127.0.0.1', '127.255.0.3', '::1', '0:0:0:0:0:0:0:1', 'localhost', 'LocalHost']) {
      expect(problemsIn({ HOST: host }), host).to.deep.equal([])
    }
    for (const host of ['0.0.0.0', '::', '128.0.0.1', '192.168.0.1', 'localhost.example.com']) {
      expect(problemsIn({ HOST: host })[0], host).to.match(/^HOST must be loopback/)
      expect(problemsIn({ ...production, HOST: host }), host).to.deep.equal([])
    }
  })

  it('DATA_KEY and JWT_SECRET must be given in production only', () => {
    const { DATA_KEY: _data, JWT_SECRET: _jwt, ...rest } = production
    expect(problemsIn(rest).map((problem) => problem.split(' ')[0])).to.deep.equal(['DATA_KEY', 'JWT_SECRET'])
    expect(problemsIn({ ...rest, NODE_ENV: 'test' })).to.deep.equal([])
  })

  it('WORKERS must be 1 with SQLite', () => {
    expect(problemsIn({ WORKERS: '2' })[0]).to.match(/^WORKERS must be 1 with SQLite/)
    expect(problemsIn({ WORKERS: '2', DATABASE_URL: 'sqlite::memory:' })).to.have.length(1)
    expect(problemsIn({ WORKERS: '2', DATABASE_URL: mysql })).to.deep.equal([])
  })

  it('OUTSIDE must say that it is captured in production, and where it is not', () => {
    expect(problemsIn({ ...production, OUTSIDE: 'captured' })).to.deep.equal([
      'OUTSIDE must be captured-in-production in production, or open: captured, no user gets a text or a mail',
    ])
    expect(problemsIn({ OUTSIDE: 'captured-in-production' })).to.deep.equal([
      'OUTSIDE must be captured or open outside production',
    ])
    const captured = { ...production, OUTSIDE: 'captured-in-production', SMS_PROVIDER: 'outbox' }
    expect(problemsIn(captured)).to.deep.equal([])
    expect(problemsIn({ OUTSIDE: 'captured' })).to.deep.equal([])
  })

  it('REDIS_URL must name one server where all is captured', () => {
    const problem =
      'REDIS_URL must name one server, or none, when OUTSIDE is captured: others tell of servers that nobody named here'
    for (const REDIS_URL of ['redis+sentinel://one,two/main', 'redis+cluster://one'])
      expect(problemsIn({ OUTSIDE: 'captured', REDIS_URL })).to.deep.equal([problem])
    expect(problemsIn({ OUTSIDE: 'captured', REDIS_URL: 'redis://one' })).to.deep.equal([])
  })

  it('SMS_PROVIDER must not be the outbox in production', () => {
    for (const provider of ['', 'outbox'])
      expect(problemsIn({ ...production, SMS_PROVIDER: provider })).to.deep.equal([
        'SMS_PROVIDER must be webhook, aliyun or tencent in production: the outbox sends nothing',
      ])
  })

  it('SMS_PROVIDER must be the outbox alone, or each vendor once at most', () => {
    const problem =
      'SMS_PROVIDER must be outbox alone, or name each of webhook, aliyun and tencent once at most'
    const webhook = { SMS_WEBHOOK_URL: 'http://sms/' }
    for (const provider of ['outbox,webhook', 'webhook,outbox', 'webhook,webhook', 'outbox,outbox'])
      expect(problemsIn({ ...webhook, SMS_PROVIDER: provider }), provider).to.deep.equal([problem])
  })

  it('SMS_WEBHOOK_URL must be given for the webhook', () => {
    expect(problemsIn({ SMS_PROVIDER: 'webhook' })[0]).to.match(/^SMS_WEBHOOK_URL must be given/)
    expect(problemsIn({ SMS_PROVIDER: 'webhook', SMS_WEBHOOK_URL: 'http://sms/' })).to.deep.equal([])
  })

  it('what each vendor of SMS_PROVIDER needs must be given, and is listed all at once', () => {
    expect(problemsIn({ SMS_PROVIDER: 'tencent,aliyun,webhook' })).to.deep.equal([
      'SMS_WEBHOOK_URL must be given when SMS_PROVIDER has webhook',
      'SMS_ALIYUN_KEY_ID must be given when SMS_PROVIDER has aliyun',
      'SMS_ALIYUN_KEY_SECRET must be given when SMS_PROVIDER has aliyun',
      'SMS_ALIYUN_SIGN_NAME must be given when SMS_PROVIDER has aliyun',
      'SMS_ALIYUN_TEMPLATES must be given when SMS_PROVIDER has aliyun',
      'SMS_TENCENT_SECRET_ID must be given when SMS_PROVIDER has tencent',
      'SMS_TENCENT_SECRET_KEY must be given when SMS_PROVIDER has tencent',
      'SMS_TENCENT_APP_ID must be given when SMS_PROVIDER has tencent',
      'SMS_TENCENT_SIGN_NAME must be given when SMS_PROVIDER has tencent',
      'SMS_TENCENT_TEMPLATES must be given when SMS_PROVIDER has tencent',
    ])
    expect(problemsIn({ ...aliyun, SMS_PROVIDER: 'aliyun' })).to.deep.equal([])
    expect(problemsIn({ ...tencent, SMS_PROVIDER: 'tencent' })).to.deep.equal([])
    const both = { ...production, ...aliyun, ...tencent, SMS_PROVIDER: 'aliyun,tencent' }
    expect(problemsIn(both)).to.deep.equal([])
    expect(problemsIn({ ...both, SMS_ALIYUN_KEY_SECRET: '', SMS_TENCENT_APP_ID: 'one' })).to.deep.equal([
      'SMS_TENCENT_APP_ID must be a whole number of at least 1, not "one"',
      'SMS_ALIYUN_KEY_SECRET must be given when SMS_PROVIDER has aliyun',
    ])
  })

  it('the templates must have one for codes, and each once', () => {
    const problemOf = (name: string): string => `${name} must name each template once, and code among them`
    for (const name of ['SMS_ALIYUN_TEMPLATES', 'SMS_TENCENT_TEMPLATES']) {
      for (const pairs of ['mobile-changed=1', 'code-abroad=1', 'code=1,code=2', 'code=1,code=1'])
        expect(problemsIn({ [name]: pairs }), pairs).to.deep.equal([problemOf(name)])
      expect(problemsIn({ [name]: 'code=1,code-abroad=1' })).to.deep.equal([])
    }
  })

  it('what a way of WeChat needs must be given, each named', () => {
    const needed = {
      WECHAT_MP_APP_ID: ['WECHAT_MP_SECRET'],
      WECHAT_MP_SECRET: ['WECHAT_MP_APP_ID'],
      WECHAT_MP_TOKEN: ['WECHAT_MP_APP_ID'],
      WECHAT_MP_AES_KEY: ['WECHAT_MP_TOKEN'],
      WECHAT_MINI_APP_ID: ['WECHAT_MINI_SECRET'],
      WECHAT_MINI_SECRET: ['WECHAT_MINI_APP_ID'],
      WECHAT_WEB_APP_ID: ['WECHAT_WEB_SECRET', 'WECHAT_WEB_RETURN'],
      WECHAT_WEB_SECRET: ['WECHAT_WEB_APP_ID'],
      WECHAT_WEB_RETURN: ['WECHAT_WEB_APP_ID'],
      WECHAT_EVENT_URL: ['WECHAT_EVENT_SECRET', 'WECHAT_MP_TOKEN'],
      WECHAT_EVENT_SECRET: ['WECHAT_EVENT_URL'],
    }
    for (const [name, needs] of Object.entries(needed)) {
      const problems = needs.map((need) => `${need} must be given when ${name} is`)
      expect(problemsIn({ [name]: wechat[name as keyof typeof needed] }), name).to.deep.equal(problems)
    }
    expect(problemsIn(wechat)).to.deep.equal([])
    const { WECHAT_MP_TOKEN: _token, WECHAT_MP_AES_KEY: _key, ...ways } = wechat
    expect(problemsIn({ ...ways, WECHAT_EVENT_URL: '', WECHAT_EVENT_SECRET: '' })).to.deep.equal([])
  })

  it('PASSPORT_UNSIGNED must be deny outside development', () => {
    for (const env of [production, { NODE_ENV: 'test' }]) {
      expect(problemsIn({ ...env, PASSPORT_UNSIGNED: 'allow' })).to.deep.equal([
        'PASSPORT_UNSIGNED must be deny outside development',
      ])
    }
  })

  it('PASSWORD_COST must be what OWASP asks at least, in production', () => {
    const safe = ['m=47104,t=1,p=1', 'm=19456,t=2,p=1', 'm=12288,t=3,p=1', 'm=9216,t=4,p=1', 'm=7168,t=5,p=1']
    for (const cost of [...safe, 'm=65536,t=4,p=1', 'm=7168,t=20,p=2'])
      expect(problemsIn({ ...production, PASSWORD_COST: cost }), cost).to.deep.equal([])
    const weak = [
      'm=47103,t=1,p=1',
      'm=19455,t=2,p=1',
      'm=12287,t=3,p=1',
      'm=9215,t=4,p=1',
      'm=7167,t=20,p=1',
    ]
    for (const cost of [...weak, 'm=8,t=1,p=1', 'm=46000,t=1,p=4']) {
      const [problem, ...others] = problemsIn({ ...production, PASSWORD_COST: cost })
      expect(problem, cost).to.match(/^PASSWORD_COST must be at least m=19456,t=2, .* in production/)
      expect(others).to.deep.equal([])
      expect(problemsIn({ PASSWORD_COST: cost }), cost).to.deep.equal([])
    }
  })

  it('PASSPORT_DEBUG must be off in production only', () => {
    expect(problemsIn({ ...production, PASSPORT_DEBUG: 'on' })).to.have.length(1)
    expect(problemsIn({ NODE_ENV: 'test', PASSPORT_DEBUG: 'on' })).to.deep.equal([])
  })
})
