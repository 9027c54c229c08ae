import type { Command } from 'commander'
import type { Knex } from 'knex'
import { findVerifiedAddresses } from '../../../db/verified-addresses.js'
import { findCredentials } from '../../../db/credentials.js'
import { findUserInfo } from '../../../db/user-info.js'
import { fromColumns, toE164 } from '../../../methods/rules/contacts/mobiles.js'
import { findUsersByKey } from '../../../methods/rules/support/user-keys.js'
import { formatTime } from '../../wire/time.js'
import { passwordKind } from '../../services/sign-in/passwords.js'
import { CommandError } from '../command/error.js'
import { addExample, addJsonOption, type JsonOption } from '../command/options.js'
import { fieldLines, isoTime, printJson, printLines } from '../command/print.js'
import { withDatabase } from '../command/session.js'

const states = ['disabled', 'active', 'not active']

/** Adds `user show`. */
export function addShowCommand(user: Command): void {
  const show = user
    .command('show')
    .description('show the users with this id, account, mobile number or e-mail address')
    .argument('<user>', 'such as 10002, zhang_san, 13912345678, +85261234567 or a@example.com')
    .action(showUsers)
  addExample(addJsonOption(show), 'user show 13912345678')
}

type ShownUser = NonNullable<Awaited<ReturnType<typeof describeUser>>>

async function showUsers(text: string, { json }: JsonOption): Promise<void> {
  const { users, timeZone } = await withDatabase(async ({ db, config }) => {
    const found = await Promise.all(
      (await findUsersByKey({ db }, text)).map(({ userId }) => describeUser(db, userId)),
    )
    return { users: found.filter((user) => user !== undefined), timeZone: config.timeZone }
  })
  if (users.length === 0) throw new CommandError(`no user has the id, account, number or e-mail ${text}`)
  // JSON is always a list: the account of one user may look like the number of another.
  if (json) return printJson(users.map(jsonOf))
  printLines(users.flatMap((user, at) => [...(at > 0 ? [''] : []), ...linesOf(user, timeZone)]))
}

async function describeUser(db: Knex, uid: number) {
  const credentials = await findCredentials(db, uid)
  const addresses = await findVerifiedAddresses(db, uid)
  if (!credentials || !addresses) return undefined
  const mobile = fromColumns(addresses.user_intl, addresses.user_mobile)
  return {
    uid,
    account: credentials.user_account,
    nickname: (await findUserInfo(db, uid))?.user_nickname ?? '',
    state: states[credentials.user_state] ?? String(credentials.user_state),
    mobile: mobile.number === '' ? '' : toE164(mobile),
    mobileVerifiedAt: addresses.mobile_verified_at,
    email: addresses.user_email ?? '',
    emailVerifiedAt: addresses.email_verified_at,
    passwordKind: passwordKind(credentials),
  }
}

function jsonOf({ mobileVerifiedAt, emailVerifiedAt, ...user }: ShownUser) {
  return {
    ...user,
    mobileVerifiedAt: isoTime(mobileVerifiedAt),
    emailVerifiedAt: isoTime(emailVerifiedAt),
  }
}

function linesOf(user: ShownUser, timeZone: string): string[] {
  const addressOf = (address: string, verifiedAt: number | null) => {
    if (address === '') return 'none'
    return `${address} (${verifiedAt === null ? 'not verified' : `verified ${formatTime(verifiedAt, timeZone)}`})`
  }
  return fieldLines({
    uid: String(user.uid),
    account: user.account,
    nickname: user.nickname,
    state: user.state,
    mobile: addressOf(user.mobile, user.mobileVerifiedAt),
    email: addressOf(user.email, user.emailVerifiedAt),
    password: user.passwordKind,
  })
}
