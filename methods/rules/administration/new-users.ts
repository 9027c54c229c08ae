import { transaction } from '../../../db/transaction.js'
import { lockUser } from '../../../db/users.js'
import { findUserInfo } from '../../../db/user-info.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import { GatewayError, isError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import type { NewPassword } from '../../../gateway/services/sign-in/password-upgrade.js'
import { defined } from '../../../gateway/wire/defined-fields.js'
import { checkAccount } from '../accounts/registration-forms.js'
import { createAccount, type Registration } from '../accounts/new-accounts.js'
import { requireUnregistered } from '../accounts/registrations.js'
import { audit } from '../audit.js'
import { requireNickname } from '../profiles/edits.js'
import { cleanNickname, isVisible, markupOrControl } from '../profiles/nicknames.js'
import { readWrittenEmail, readWrittenMobile } from './user-contacts.js'
import { changeParticulars, type UserFields } from './user-edits.js'

export interface NewUserForm extends UserFields {
  readonly user_account: string
}

/** What a new user is known by, read from a form. */
export interface NewUserNames {
  readonly ways: Pick<Registration, 'account' | 'mobile' | 'email'>
  readonly nickname: string | undefined
}

/**
 * Reads what a new user is to be known by, and looks whether it is free, before a password is hashed. Throws
 * ACCOUNT_FORM, MOBILE_FORM, EMAIL_FORM, PARAM_ERROR, ACCOUNT_TAKEN, MOBILE_TAKEN, EMAIL_TAKEN.
 */
export async function readNewUser(services: Services, form: NewUserForm): Promise<NewUserNames> {
  const nickname = form.user_nickname?.trim() ? cleanNickname(form.user_nickname) : undefined
  if (nickname !== undefined && (markupOrControl.test(nickname) || !isVisible(nickname)))
    throw new GatewayError('PARAM_ERROR', { detail: 'user_nickname: text without < and >' })
  const ways = {
    account: checkAccount(form.user_account.trim()),
    ...defined({ mobile: readWrittenMobile(form), email: readWrittenEmail(form) }),
  }
  await asTaken(requireUnregistered(services, ways))
  return { ways, nickname }
}

/**
 * Makes a user as a registration does, with what else an administrator wrote, in one transaction. Throws as
 * `readNewUser` does where somebody was faster, NICKNAME_TAKEN, OPERATION_FAILED for a level there is not.
 */
export async function addUser(
  services: Services,
  names: NewUserNames & { readonly written?: NewPassword },
  { fields, call }: { readonly fields: UserFields; readonly call: SignedInOrigin },
): Promise<void> {
  const { ways, nickname, written } = names
  const registration = { ...ways, ...defined({ nickname }), ...written, ip: call.ip }
  await transaction(services, async (services) => {
    const { db } = services
    const { user_id: userId } = await asTaken(createAccount(services, registration))
    await lockUser(db, userId)
    await requireNickname(services, userId, nickname)
    const user = { userId, info: await findUserInfo(db, userId) }
    await changeParticulars(services, user, { fields, call })
    await audit(services, call, { targetId: userId })
  })
}

/** The admin site is told of a number or address that has its owner as when one is bound, not as when one registers. */
async function asTaken<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (isError(error, 'MOBILE_BOUND')) throw new GatewayError('MOBILE_TAKEN')
    if (isError(error, 'EMAIL_BOUND')) throw new GatewayError('EMAIL_TAKEN')
    throw error
  }
}
