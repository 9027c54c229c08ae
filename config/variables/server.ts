import type { Variable } from './rule.js'

/** Variables of the process itself: where it listens, what it keeps, whom it trusts. */
export const serverVariables = {
  NODE_ENV: {
    type: 'string',
    enum: ['development', 'test', 'production'],
    default: 'development',
    description: 'What the server runs for. Development listens on loopback only.',
  },
  HOST: {
    type: 'string',
    format: 'host',
    default: '127.0.0.1',
    description: 'The address to listen on; loopback only in development.',
  },
  PORT: {
    type: 'integer',
    minimum: 0,
    maximum: 65535,
    default: 8080,
    description: 'The TCP port to listen on; 0 takes any free one.',
  },
  DATA_DIR: {
    type: 'string',
    default: './data',
    description: 'The folder of the SQLite database and of the keys the server makes itself.',
  },
  DATABASE_URL: {
    type: 'string',
    format: 'database-url',
    'x-default': 'sqlite:<DATA_DIR>/passport.db',
    'x-password': true,
    description:
      'The database: sqlite:PATH, sqlite::memory: or mysql://user:password@host:port/name, also of several hosts, and with TLS by ?ssl=verify.',
  },
  DB_TIMEOUT: {
    type: 'integer',
    minimum: 1,
    maximum: 600,
    default: 10,
    description:
      'Seconds after which a statement that the database does not answer fails and its connection is dropped.',
  },
  DB_POOL: {
    type: 'integer',
    minimum: 2,
    maximum: 1000,
    default: 20,
    description:
      'How many connections to MySQL or MariaDB one process has at most; one more asks for /readyz.',
  },
  DB_CONNECTION_AGE: {
    type: 'integer',
    minimum: 1,
    maximum: 86_400,
    default: 600,
    description:
      'Seconds after which a connection to MySQL or MariaDB is replaced, so that all go back after a fail-back.',
  },
  REDIS_URL: {
    type: 'string',
    format: 'redis-url',
    'x-password': true,
    description:
      'Redis, which tells other nodes at once what changed, alone, by Sentinel or as a cluster; absent, they notice within two seconds.',
  },
  PUBLIC_URL: {
    type: 'string',
    format: 'public-url',
    'x-default': 'http://<HOST>:<PORT>',
    'x-password': true,
    description: 'The address under which clients reach the server, for links in mail and for callbacks.',
  },
  DEVELOPMENT_HOSTS: {
    type: 'array',
    items: { type: 'string', format: 'host' },
    description:
      "Names under which a development server may be asked, besides this machine's own and that of PUBLIC_URL; calls to them are signed.",
  },
  DATA_KEY: {
    type: 'array',
    items: { type: 'string', minLength: 32 },
    'x-secret': true,
    description:
      'Keys of codes, links, application secrets, identity cards and the login key: the first is written with, all are read; required in production, else made once.',
  },
  JWT_SECRET: {
    type: 'array',
    items: { type: 'string', minLength: 32 },
    'x-secret': true,
    description:
      'Secrets of tokens: the first signs, all are accepted; required in production, else made once.',
  },
  LOGIN_KEY: {
    type: 'string',
    format: 'login-keys',
    'x-secret': true,
    description:
      'RSA keys of 2048 bits in PEM under which clients encrypt passwords: the first is given out, all decrypt, and so does the key made in the database; absent, that is given out.',
  },
  CALLBACK_HOSTS: {
    type: 'array',
    items: { type: 'string', format: 'callback-host' },
    description: 'Hosts that mailed links and JSONP pages may be on, besides that of PUBLIC_URL.',
  },
  CORS_ORIGINS: {
    type: 'array',
    items: { type: 'string', format: 'origin' },
    description: 'Origins whose pages may call the server; absent, any in development and none else.',
  },
  TRUST_PROXY: {
    type: 'array',
    items: { type: 'string', format: 'address-range' },
    description:
      "Addresses and ranges of proxies whose X-Real-IP and X-Forwarded-For are believed; absent, nobody's are.",
  },
  TIME_ZONE: {
    type: 'string',
    format: 'time-zone',
    default: 'Asia/Shanghai',
    description: 'The time zone of dates in answers.',
  },
  LOG_LEVEL: {
    type: 'string',
    enum: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    default: 'info',
    description: 'The least severe messages that are logged.',
  },
  WORKERS: {
    type: 'integer',
    minimum: 1,
    maximum: 64,
    default: 1,
    description: 'How many processes serve requests; SQLite allows one.',
  },
  HASH_QUEUE: {
    type: 'integer',
    minimum: 0,
    maximum: 10000,
    default: 64,
    description: 'How many password hashes may wait in one process before callers are told to come later.',
  },
  DRAIN_SECONDS: {
    type: 'integer',
    minimum: 0,
    maximum: 60,
    default: 0,
    description:
      'How long a server that stops takes connections all the same, while /readyz is 503: for balancers that ask for it; 3 for those of docs/deploy.',
  },
  CONSOLE: {
    type: 'boolean',
    'x-default': 'on in development, off else',
    description:
      'Whether the start page, the console and /openapi.json are there for whoever reaches the server; on in development, off else.',
  },
  CONSOLE_PATH: {
    type: 'string',
    format: 'console-path',
    description:
      'A path below which the pages of CONSOLE are instead, /ops for /ops/console; their calls go there too.',
  },
  CONSOLE_HOST: {
    type: 'array',
    items: { type: 'string', format: 'host' },
    description: 'Hosts under which the pages of CONSOLE are; absent, under any.',
  },
  CONSOLE_ADDRESSES: {
    type: 'array',
    items: { type: 'string', format: 'address-range' },
    description: 'Addresses and ranges from which the pages of CONSOLE may be asked; absent, from any.',
  },
  BACKUP_PASSPHRASE: {
    type: 'string',
    minLength: 12,
    'x-secret': true,
    description: 'What "backup" seals with and "restore" opens; the server does without.',
  },
  METRICS_TOKEN: {
    type: 'array',
    items: { type: 'string', minLength: 16 },
    'x-secret': true,
    description:
      'The bearer token for reading the metrics, asked of everybody, while it is changed new,old; absent, only this machine may.',
  },
} as const satisfies Record<string, Variable>
