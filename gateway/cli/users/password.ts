import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { userExists } from '../../../db/users.js'
import { checkNewPassword } from '../../../methods/rules/accounts/passwords/rules.js'
import { setPassword } from '../../../methods/rules/accounts/passwords/changes.js'
import { isError } from '../../outcome/errors.js'
import { auditCommand } from '../command/audit.js'
import { CommandError, UsageError } from '../command/error.js'
import { addExample, addJsonOption, type JsonOption, readUid } from '../command/options.js'
import { printJson, printLines } from '../command/print.js'
import { readSecret } from '../command/secret-input.js'
import { type AccountSession, withAccounts } from '../command/accounts.js'
import { defined } from '../../wire/defined-fields.js'

/** The help text of `--password`. */
export const passwordHelp = '"-" asks for it, or reads it from standard input; made and shown once if absent'

/** A new password that keeps the rule; `made` is the same text if it was generated here and must be shown. */
export interface ChosenPassword {
  readonly password: string
  readonly made: string | undefined
}

/** Adds `user passwd`. */
export function addPasswdCommand(user: Command): void {
  const passwd = user
    .command('passwd')
    .description("set a user's password; ends all sessions of the user")
    .argument('<uid>', 'the user id', readUid)
    .option('--password <->', passwordHelp)
    .action(changePassword)
  addExample(addJsonOption(passwd), 'user passwd 10002 --password -')
}

interface PasswdOptions extends JsonOption {
  readonly password?: string
}

async function changePassword(uid: number, { password: option, json }: PasswdOptions): Promise<void> {
  const made = await withAccounts(async (session) => {
    if (!(await userExists(session.db, uid))) throw absentUser(uid)
    const { password, made } = await choosePassword(option, session)
    await setPassword(session, {
      userId: uid,
      password,
      before: (session) => auditCommand(session, 'cli user passwd', { targetId: uid }),
    }).catch((error: unknown) => {
      throw isError(error, 'USER_NOT_EXISTS') ? absentUser(uid) : error
    })
    return made
  })
  if (json) return printJson({ uid, ...defined({ password: made }) })
  printLines([
    `User ${uid} has a new password; all sessions of the user end, on running nodes within 5 seconds.`,
    ...passwordLines(made),
  ])
}

/**
 * The password to set. Throws UsageError for a password on the command line, GatewayError for one that breaks the
 * rule.
 */
export async function choosePassword(
  option: string | undefined,
  session: Pick<AccountSession, 'config'>,
): Promise<ChosenPassword> {
  if (option !== undefined && option !== '-')
    throw new UsageError(
      '--password takes "-" only: what stands on a command line stays in the shell history',
    )
  const made = option === undefined ? randomBytes(12).toString('base64url') : undefined
  const password = made ?? (await readSecret('Password'))
  await checkNewPassword(session, password, 'modern')
  return { password, made }
}

/** The lines that show a generated password, this one time. */
export function passwordLines(made: string | undefined): string[] {
  if (made === undefined) return []
  return [`password: ${made}`, 'The password is shown this once: hand it over now.']
}

/** The error that no user has this id. */
export function absentUser(uid: number): CommandError {
  return new CommandError(`there is no user ${uid}`)
}
