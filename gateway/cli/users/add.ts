import { type Command, InvalidArgumentError } from 'commander'
import type { Knex } from 'knex'
import { bindAddress } from '../../../db/bindings.js'
import { findAddressOwner } from '../../../db/address-owners.js'
import { type AddressKind, claimIdentity } from '../../../db/identities.js'
import { transaction } from '../../../db/transaction.js'
import { findUserIdByAccount, insertUser, type NewUser, userExists } from '../../../db/users.js'
import { readEmail } from '../../../methods/rules/contacts/emails.js'
import { type Mobile, parseMobile, toE164 } from '../../../methods/rules/contacts/mobiles.js'
import { GatewayError } from '../../outcome/errors.js'
import { fitsShop, unreadableId } from '../../services/sign-in/shop-subject.js'
import { CommandError, UsageError } from '../command/error.js'
import { addExample, addJsonOption, type JsonOption, readUid } from '../command/options.js'
import { printJson, printLines } from '../command/print.js'
import { withAccounts } from '../command/accounts.js'
import { choosePassword, passwordHelp, passwordLines } from './password.js'
import { defined } from '../../wire/defined-fields.js'

/** The length of its column (account.md §8). */
const longestEmail = 50

interface AddOptions extends JsonOption {
  readonly account: string
  readonly password?: string
  readonly mobile?: string
  readonly area: string
  readonly email?: string
  readonly uid?: number
  readonly verified?: true
}

/** Adds `user add`. */
export function addAddCommand(user: Command): void {
  const add = user
    .command('add')
    .description('add a user')
    .requiredOption('--account <name>', '4 to 32 letters, digits or "_"', readAccount)
    .option('--password <->', passwordHelp)
    .option('--mobile <number>', 'a mobile number, without its country code')
    .option('--area <code>', 'the country code of --mobile', '86')
    .option('--email <address>', 'an e-mail address', readEmailOption)
    .option('--uid <number>', 'the user id; the next free one if absent', readUid)
    .option('--verified', 'count --mobile and --email as proved')
    .action(addUser)
  addExample(addJsonOption(add), 'user add --account zhang_san --mobile 13912345678 --verified')
}

async function addUser(options: AddOptions): Promise<void> {
  const { account, email, verified = false, json } = options
  const mobile = readMobile(options)
  if (verified && !mobile && email === undefined)
    throw new UsageError('--verified goes with --mobile or --email')
  const { uid, made } = await withAccounts(async (session) => {
    const { clock, passwords } = session
    const { password, made } = await choosePassword(options.password, session)
    const user: NewUser = {
      account,
      ...(await passwords.write(password)),
      ...(mobile && { intl: `+${mobile.area}`, mobile: mobile.number }),
      ...defined({ userId: options.uid, email }),
      createdAt: clock.now(),
    }
    const addresses: readonly Address[] = [
      ...(mobile ? [{ kind: 'mobile', value: toE164(mobile) } as const] : []),
      ...(email === undefined ? [] : [{ kind: 'email', value: email } as const]),
    ]
    return {
      uid: await transaction(session, async ({ db }) => {
        const uid = await insertWhole(db, user, addresses, verified)
        if (!fitsShop(uid, session.config)) throw new CommandError(unreadableId(uid))
        return uid
      }),
      made,
    }
  })
  if (json) return printJson({ uid, account, ...defined({ password: made }) })
  printLines([`User ${uid} is added: account ${account}.`, ...passwordLines(made)])
}

type Address = { readonly kind: AddressKind; readonly value: string }

async function insertWhole(
  db: Knex,
  user: NewUser,
  addresses: readonly Address[],
  verified: boolean,
): Promise<number> {
  const holder = await findUserIdByAccount(db, user.account)
  if (holder !== undefined)
    throw new CommandError(`account ${user.account} belongs to user ${holder} already`)
  if (user.userId !== undefined && (await userExists(db, user.userId)))
    throw new CommandError(`there is a user ${user.userId} already`)
  const userId = await insertUser(db, user)
  for (const address of addresses) {
    const row = { ...address, user_id: userId, created_at: user.createdAt }
    const isOwn = verified && (await bindAddress(db, { ...row, verified_at: user.createdAt }))
    if (!verified) await claimIdentity(db, row)
    const owner = isOwn ? userId : (await findAddressOwner(db, address.kind, address.value))?.user_id
    if (owner !== userId) throw new CommandError(`${address.value} belongs to user ${owner} already`)
  }
  return userId
}

/** New accounts have the form of the account server's registration (account.md §7). */
function readAccount(text: string): string {
  if (!/^\w{4,32}$/.test(text)) throw new InvalidArgumentError('It must be 4 to 32 letters, digits or "_".')
  return text
}

function readEmailOption(text: string): string {
  const email = readEmail(text)
  if (email === undefined)
    throw new InvalidArgumentError(`It must be an e-mail address of at most ${longestEmail} characters.`)
  return email
}

function readMobile({ mobile, area }: Pick<AddOptions, 'mobile' | 'area'>): Mobile | undefined {
  try {
    return mobile === undefined ? undefined : parseMobile(mobile, area)
  } catch (error) {
    if (error instanceof GatewayError) throw new UsageError(`--mobile: no mobile number of area ${area}`)
    throw error
  }
}
