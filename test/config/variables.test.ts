import { generateKeyPairSync } from 'node:crypto'
import { expect } from 'chai'
import type { VariableName } from '../../config/env.js'
import { key, problemsIn } from './support.js'

interface Examples {
  readonly name: VariableName
  readonly good: readonly string[]
  readonly bad: readonly string[]
  /** What else must be set for the examples to be judged by themselves. */
  readonly beside?: NodeJS.ProcessEnv
}

const rsaKey = (bits: number) =>
  generateKeyPairSync('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey

const mysql = 'mysql://user:p%40ss@db.example.com:3306/passport'

const numbers: readonly Examples[] = [
  { name: 'PORT', good: ['0', '65535'], bad: ['-1', '65536'] },
  { name: 'WORKERS', good: ['1', '64'], bad: ['0', '65'], beside: { DATABASE_URL: mysql } },
  { name: 'DB_TIMEOUT', good: ['1', '600'], bad: ['0', '601', '1.5', '10s'] },
  { name: 'HASH_QUEUE', good: ['0', '10000'], bad: ['-1', '10001'] },
  { name: 'TOKEN_HOURS', good: ['1', '8760'], bad: ['0', '8761'] },
  { name: 'AUDIT_DAYS', good: ['1', '36500'], bad: ['0', '36501'] },
  { name: 'CODE_LENGTH', good: ['4', '8'], bad: ['3', '9'] },
  { name: 'CODE_MINUTES', good: ['1', '60'], bad: ['0', '61'] },
  { name: 'CODE_GAP', good: ['0', '3600'], bad: ['-1', '3601'] },
  { name: 'CODE_PER_NUMBER_HOUR', good: ['1', '1000000'], bad: ['0', '1.5'] },
  { name: 'CODE_PER_NUMBER_DAY', good: ['1'], bad: ['0'] },
  { name: 'CODE_PER_IP_HOUR', good: ['1'], bad: ['0'] },
  { name: 'CODE_PER_DAY', good: ['1'], bad: ['0'] },
  { name: 'MESSAGE_PER_MINUTE', good: ['1', '300'], bad: ['0', '301'] },
  { name: 'MESSAGE_PER_DAY', good: ['1'], bad: ['0'] },
  { name: 'SMS_TENCENT_APP_ID', good: ['1400006666'], bad: ['0', 'app'] },
  { name: 'LIMIT_IP_SCALE', good: ['0.001', '1000000'], bad: ['0', '-1', '1000001', 'NaN', 'Infinity'] },
]

const choices: readonly Examples[] = [
  { name: 'NODE_ENV', good: ['development', 'test'], bad: ['staging', 'Production'] },
  {
    name: 'LOG_LEVEL',
    good: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    bad: ['verbose'],
  },
  {
    name: 'SMS_PROVIDER',
    good: ['outbox', 'webhook', ' webhook '],
    bad: ['carrier', 'webhook,carrier', 'webhook,', 'Webhook'],
    beside: { SMS_WEBHOOK_URL: 'http://sms/' },
  },
  { name: 'CONSOLE', good: ['on', 'off'], bad: ['yes'] },
  { name: 'PASSPORT_UNSIGNED', good: ['allow', 'deny'], bad: ['on'] },
  { name: 'PASSPORT_DEBUG', good: ['on', 'off'], bad: ['yes'] },
  { name: 'PASSPORT_MOBILE_CHANGE', good: ['checked', 'proved'], bad: ['free'] },
  { name: 'PASSWORD_BLOCKLIST', good: ['on', 'off'], bad: ['true'] },
  { name: 'REGISTRATION', good: ['on', 'off'], bad: ['closed'] },
  { name: 'TAX_NUMBER_CHECK', good: ['on', 'off'], bad: ['true'] },
  { name: 'UPLOADS', good: ['on', 'off'], bad: ['true'] },
]

const costs: readonly Examples[] = [
  {
    name: 'PASSWORD_COST',
    good: ['m=19456,t=2,p=1', 'm=8,t=1,p=1', 'm=128,t=1,p=16', ' m=262144,t=20,p=1 '],
    bad: [
      'm=262145,t=1,p=1',
      'm=19456,t=21,p=1',
      'm=19456,t=2,p=17',
      'm=7,t=1,p=1',
      'm=127,t=1,p=16',
      'm=19456,t=0,p=1',
      'm=019456,t=2,p=1',
      'm=19456,t=2',
      't=2,m=19456,p=1',
      'm=19456, t=2, p=1',
      '$argon2id$v=19$m=19456,t=2,p=1$',
      'm=1e4,t=2,p=1',
    ],
  },
]

const urls: readonly Examples[] = [
  {
    name: 'DATABASE_URL',
    good: [
      'sqlite:a.db',
      'sqlite:/srv/a.db',
      'sqlite::memory:',
      mysql,
      'mysql://user@[::1]/passport',
      'mysql://user:p@one:3306,two/passport',
    ],
    bad: [
      'a.db',
      'sqlite:',
      'sqlite://a.db',
      'mysql://db/passport',
      'mysql://u:p@db',
      'mysql://u:%zz@db/x',
      'mysql:x',
    ],
  },
  {
    name: 'REDIS_URL',
    good: [
      'redis://cache',
      'rediss://:p@cache:6380/1',
      'redis+sentinel://one,two:26379/main/0',
      'rediss+cluster://u:p@one,two:7000',
    ],
    bad: ['cache:6379', 'redis:///0', 'redis+sentinel://one,two', 'redis+cluster://one/main'],
  },
  {
    name: 'PUBLIC_URL',
    good: ['https://id.example.com', 'http://10.0.0.1:8080/passport/'],
    bad: [
      'id.example.com',
      'ftp://id.example.com',
      'https://id.example.com/?a=1',
      'https://id.example.com/#a',
    ],
  },
  {
    name: 'SMTP_URL',
    good: ['smtp://mail:25', 'smtps://u:p@mail'],
    bad: ['mail', 'https://mail', 'smtp://u:1#p@mail'],
  },
  {
    name: 'SMS_WEBHOOK_URL',
    good: ['https://sms.example.com/a?b=c'],
    bad: ['sms.example.com', 'https://a b.com'],
  },
  ...(['SMS_ALIYUN_URL', 'SMS_TENCENT_URL', 'WECHAT_API_URL', 'WECHAT_OPEN_URL'] as const).map((name) => ({
    name,
    good: ['https://sms.internal/vendor/', 'http://127.0.0.1:8081'],
    bad: ['sms.internal', 'https://sms.internal/?a=b', 'https://u:p@sms.internal', 'https://sms.internal/#a'],
  })),
]

const wechatBesides: NodeJS.ProcessEnv = { WECHAT_MP_APP_ID: 'wx1', WECHAT_MP_SECRET: 's' }

const wechat: readonly Examples[] = [
  {
    name: 'WECHAT_MP_TOKEN',
    good: ['abc', 'A1'.repeat(16), 'New1,Old1'],
    bad: ['ab', 'a'.repeat(33), 'a-bc', 'a b c', 'abc,', 'abc,ab'],
    beside: wechatBesides,
  },
  {
    name: 'WECHAT_MP_AES_KEY',
    good: ['a'.repeat(43), `${'Z9'.repeat(20)}+/0`, `${'a'.repeat(43)},${'b'.repeat(43)}`],
    bad: ['a'.repeat(42), 'a'.repeat(44), `${'a'.repeat(43)}=`, `${'a'.repeat(42)}-`, `${'a'.repeat(43)},`],
    beside: { ...wechatBesides, WECHAT_MP_TOKEN: 'abc' },
  },
  {
    name: 'WECHAT_WEB_RETURN',
    good: ['https://pc.example.com', 'https://example.com/pc/'],
    bad: ['pc.example.com', 'https://pc.example.com/#/login', 'javascript:alert(1)'],
    beside: { WECHAT_WEB_APP_ID: 'wx1', WECHAT_WEB_SECRET: 's' },
  },
  {
    name: 'WECHAT_EVENT_SECRET',
    good: ['s'.repeat(16)],
    bad: ['s'.repeat(15)],
    beside: {
      ...wechatBesides,
      WECHAT_MP_TOKEN: 'abc',
      WECHAT_EVENT_URL: 'https://shop.internal/events?a=b',
    },
  },
]

const templates: readonly Examples[] = (['SMS_ALIYUN_TEMPLATES', 'SMS_TENCENT_TEMPLATES'] as const).map(
  (name) => ({
    name,
    good: ['code=SMS_1', 'code=1001, code-abroad=1002,mobile-changed=1003', 'password-changed=a-b_c,code=1'],
    bad: [
      'SMS_1',
      'code',
      'code=',
      'code=a b',
      'code=1=2',
      'login=1',
      'code-abroad-abroad=1',
      'Code=1',
      '=1',
    ],
  }),
)

const names: readonly Examples[] = [
  {
    name: 'HOST',
    good: ['127.0.0.1', '::1', 'localhost', 'db-1.internal', '0.0.0.0', '::'],
    bad: ['[::1]', '127.1', '256.0.0.1', 'a_b', '-a', 'a:80', 'fe80::1%eth0', 'xn--a'],
    beside: { NODE_ENV: 'test' },
  },
  {
    name: 'MAIL_FROM',
    good: ['passport@localhost', 'Passport <no-reply@example.com>'],
    bad: ['passport', 'Passport <a@b', 'a@b, c@d', 'a@b\nBcc: c@d', 'X\nBcc: <c@d>'],
  },
  {
    name: 'CALLBACK_HOSTS',
    good: ['app.example.com', 'App.Example.com:8443, localhost:3000', '10.0.0.1', '[::1]:80'],
    bad: [
      'https://app.example.com',
      'a/b',
      'a:0',
      'a:65536',
      'a:',
      '*.example.com',
      '127.1',
      '[::0:1]',
      'bücher.de',
    ],
  },
  {
    name: 'CORS_ORIGINS',
    good: [
      'https://app.example.com',
      'http://localhost:3000,https://a.example.com/',
      'null,file://,capacitor://localhost',
      'ionic://localhost',
    ],
    bad: [
      'app.example.com',
      '*',
      'capacitor://localhost/app',
      'https://a.example.com/app',
      'ftp://a.example.com',
      'https://a.example.com?b',
    ],
  },
  {
    name: 'TRUST_PROXY',
    good: ['10.0.0.1', '10.0.0.0/8,192.168.0.0/16', '0.0.0.0/0', '::1', 'fd00::/8', '::1/128'],
    bad: [
      'proxy',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/08',
      '10.0.0.0/8/8',
      '::1/129',
      '10.0.0',
      'fe80::1%eth0',
      '/8',
    ],
  },
  { name: 'TIME_ZONE', good: ['UTC', 'Europe/Berlin'], bad: ['Mars/Olympus'] },
]

const secrets: readonly Examples[] = [
  { name: 'DATA_KEY', good: [key('a'), `${key('b')}, ${key('a')}`], bad: ['a'.repeat(31), `${key('a')},b`] },
  { name: 'JWT_SECRET', good: [key('a'), `${key('b')},${key('a')}`], bad: ['a'.repeat(31)] },
  { name: 'BACKUP_PASSPHRASE', good: ['p'.repeat(12)], bad: ['p'.repeat(11)] },
  {
    name: 'OUTSIDE_TOKEN',
    good: ['t'.repeat(16), `${'u'.repeat(16)},${'t'.repeat(16)}`],
    bad: ['t'.repeat(15), `${'t'.repeat(16)},u`],
  },
  {
    name: 'METRICS_TOKEN',
    good: ['t'.repeat(16), `${'u'.repeat(16)},${'t'.repeat(16)}`],
    bad: ['t'.repeat(15), `${'t'.repeat(16)},u`],
  },
  {
    name: 'LOGIN_KEY',
    good: [rsaKey(2048), `${rsaKey(2048)}\n${rsaKey(2048)}`],
    bad: ['a key', rsaKey(1024), `${rsaKey(2048)} and more`, rsaKey(2048).replace(/.{64}\n/, '')],
  },
  { name: 'PASSPORT_SALT', good: ['s'], bad: [] },
  ...(
    [
      'SMS_ALIYUN_KEY_ID',
      'SMS_ALIYUN_KEY_SECRET',
      'SMS_TENCENT_SECRET_ID',
      'SMS_TENCENT_SECRET_KEY',
      'SMS_TENCENT_REGION',
    ] as const
  ).map((name) => ({ name, good: ['k', 'AKID/+=~*'], bad: ['a b', 'a\u0000b', 'schlüssel'] })),
]

function judge({ name, good, bad, beside }: Examples): void {
  for (const text of good)
    expect(problemsIn({ ...beside, [name]: text }), `${name}=${text}`).to.deep.equal([])
  for (const text of bad) {
    const problems = problemsIn({ ...beside, [name]: text })
    expect(problems, `${name}=${text}`).to.have.length(1)
    expect(problems[0], `${name}=${text}`).to.match(new RegExp(`^${name} must be `))
  }
}

describe('Environment: what each variable may be', () => {
  for (const examples of [
    ...numbers,
    ...choices,
    ...costs,
    ...urls,
    ...wechat,
    ...templates,
    ...names,
    ...secrets,
  ]) {
    it(examples.name, () => judge(examples))
  }
})
