import { databaseUrlProblem } from './urls/database-url.js'
import { isLoopback } from './formats.js'
import { isSafePasswordCost, readPasswordCost } from './password-cost.js'
import type { Environment, VariableName } from './schema.js'
import { isCaptured } from './outside.js'
import { isShippedKey } from './shop.js'
import { smsSettings } from './sms/vendors.js'
import { areTemplatesWhole } from './sms/templates.js'
import { readRedisUrl } from './urls/redis-url.js'
import { wechatNeeds } from './wechat.js'

type Check = (environment: Environment, invalid: ReadonlySet<VariableName>) => string | undefined

/** A rule over several variables, which says nothing while one of them is invalid by itself. */
function check<K extends VariableName>(
  uses: readonly K[],
  problem: string,
  isWrong: (values: Pick<Environment, K>) => boolean,
): Check {
  return (environment, invalid) =>
    uses.some((name) => invalid.has(name)) || !isWrong(environment) ? undefined : problem
}

const checks: readonly Check[] = [
  check(
    ['NODE_ENV', 'HOST'],
    'HOST must be loopback (127.0.0.0/8, ::1 or localhost) in development; else set NODE_ENV',
    (e) => e.NODE_ENV === 'development' && !isLoopback(e.HOST),
  ),
  check(
    ['NODE_ENV', 'DATA_KEY'],
    'DATA_KEY must be given in production: a comma list, each at least 32 characters long',
    (e) => e.NODE_ENV === 'production' && e.DATA_KEY === undefined,
  ),
  check(
    ['NODE_ENV', 'JWT_SECRET'],
    'JWT_SECRET must be given in production: a comma list, each at least 32 characters long',
    (e) => e.NODE_ENV === 'production' && e.JWT_SECRET === undefined,
  ),
  check(
    ['DATABASE_URL', 'WORKERS'],
    'WORKERS must be 1 with SQLite; for more, DATABASE_URL must be a mysql:// URL',
    (e) => e.WORKERS > 1 && e.DATABASE_URL.startsWith('sqlite:'),
  ),
  (e, invalid) => (invalid.has('DATABASE_URL') ? undefined : databaseUrlProblem(e.DATABASE_URL)),
  check(
    ['NODE_ENV', 'OUTSIDE'],
    'OUTSIDE must be captured-in-production in production, or open: captured, no user gets a text or a mail',
    (e) => e.NODE_ENV === 'production' && e.OUTSIDE === 'captured',
  ),
  check(
    ['NODE_ENV', 'OUTSIDE'],
    'OUTSIDE must be captured or open outside production',
    (e) => e.NODE_ENV !== 'production' && e.OUTSIDE === 'captured-in-production',
  ),
  check(
    ['OUTSIDE', 'REDIS_URL'],
    'REDIS_URL must name one server, or none, when OUTSIDE is captured: others tell of servers that nobody named here',
    (e) => isCaptured(e) && e.REDIS_URL !== undefined && readRedisUrl(e.REDIS_URL)?.kind !== 'single',
  ),
  check(
    ['NODE_ENV', 'OUTSIDE', 'SMS_PROVIDER'],
    'SMS_PROVIDER must be webhook, aliyun or tencent in production: the outbox sends nothing',
    (e) => e.NODE_ENV === 'production' && e.SMS_PROVIDER.includes('outbox') && !isCaptured(e),
  ),
  check(
    ['SMS_PROVIDER'],
    'SMS_PROVIDER must be outbox alone, or name each of webhook, aliyun and tencent once at most',
    ({ SMS_PROVIDER: names }) =>
      new Set(names).size < names.length || (names.includes('outbox') && names.length > 1),
  ),
  ...smsSettings.map(({ provider, name }) =>
    check(
      ['SMS_PROVIDER', name],
      `${name} must be given when SMS_PROVIDER has ${provider}`,
      (e) => e.SMS_PROVIDER.includes(provider) && e[name] === undefined,
    ),
  ),
  ...(['SMS_ALIYUN_TEMPLATES', 'SMS_TENCENT_TEMPLATES'] as const).map((name) =>
    check(
      [name],
      `${name} must name each template once, and code among them`,
      ({ [name]: pairs }) => pairs !== undefined && !areTemplatesWhole(pairs),
    ),
  ),
  ...wechatNeeds.map(({ name, needs }) =>
    check(
      [name, needs],
      `${needs} must be given when ${name} is`,
      (e) => e[name] !== undefined && e[needs] === undefined,
    ),
  ),
  check(
    ['NODE_ENV', 'SHOP_TOKEN_KEY'],
    'SHOP_TOKEN_KEY must not be the key that the shop ships with, in production: change it there and here',
    (e) => e.NODE_ENV === 'production' && e.SHOP_TOKEN_KEY !== undefined && isShippedKey(e.SHOP_TOKEN_KEY),
  ),
  check(
    ['SHOP_TOKEN_KEY', 'SHOP_CUT_OVER'],
    'SHOP_TOKEN_KEY must be given when SHOP_CUT_OVER is',
    (e) => e.SHOP_CUT_OVER !== undefined && e.SHOP_TOKEN_KEY === undefined,
  ),
  check(
    ['OLD_TOKEN_SECRET', 'OLD_TOKEN_UNTIL'],
    'OLD_TOKEN_UNTIL must be given when OLD_TOKEN_SECRET is',
    (e) => e.OLD_TOKEN_SECRET !== undefined && e.OLD_TOKEN_UNTIL === undefined,
  ),
  check(
    ['OLD_TOKEN_SECRET', 'OLD_TOKEN_UNTIL', 'SHOP_TOKEN_KEY'],
    'OLD_TOKEN_SECRET or SHOP_TOKEN_KEY must be given when OLD_TOKEN_UNTIL is, and not both',
    ({ OLD_TOKEN_SECRET: old, OLD_TOKEN_UNTIL: until, SHOP_TOKEN_KEY: shop }) =>
      until !== undefined && (old === undefined) === (shop === undefined),
  ),
  check(
    ['OLD_TOKEN_UNTIL', 'SHOP_CUT_OVER'],
    'SHOP_CUT_OVER must not be given when OLD_TOKEN_UNTIL is',
    (e) => e.OLD_TOKEN_UNTIL !== undefined && e.SHOP_CUT_OVER !== undefined,
  ),
  check(
    ['NODE_ENV', 'PASSWORD_COST'],
    'PASSWORD_COST must be at least m=19456,t=2, or m=47104,t=1, m=12288,t=3, m=9216,t=4 or m=7168,t=5, in production (OWASP)',
    ({ NODE_ENV, PASSWORD_COST }) => {
      const cost = readPasswordCost(PASSWORD_COST)
      return NODE_ENV === 'production' && cost !== undefined && !isSafePasswordCost(cost)
    },
  ),
  check(
    ['NODE_ENV', 'PASSPORT_UNSIGNED'],
    'PASSPORT_UNSIGNED must be deny outside development',
    (e) => e.NODE_ENV !== 'development' && e.PASSPORT_UNSIGNED === 'allow',
  ),
  check(
    ['NODE_ENV', 'PASSPORT_DEBUG'],
    'PASSPORT_DEBUG must be off in production',
    (e) => e.NODE_ENV === 'production' && e.PASSPORT_DEBUG,
  ),
]

/**
 * What is wrong between variables.
 *
 * @param invalid the variables already refused by themselves, whose values mean nothing
 */
export function crossProblems(environment: Environment, invalid: ReadonlySet<VariableName>): string[] {
  return checks.flatMap((run) => run(environment, invalid) ?? [])
}
