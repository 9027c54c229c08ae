import { takeNickname } from '../../../db/nicknames.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import { lockUser } from '../../../db/users.js'
import { findUserInfo, saveUserInfo, type UserInfoRow } from '../../../db/user-info.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { cleanNickname, isReserved } from './nicknames.js'
import { isUnderReview } from './certificates.js'
import { dayOf } from './fields.js'
import { absolutePictureAddress } from './picture-addresses.js'
import { defined } from '../../../gateway/wire/defined-fields.js'
import { type OwnFields, requirePermitted } from './permitted-texts.js'

/** What users change about themselves; what is absent stays, an empty nickname too. */
export interface ProfileEdit {
  readonly userNickname?: string
  readonly userAvatar?: string
  readonly userGender?: 0 | 1 | 2
  /** `yyyy-MM-dd`. */
  readonly userBirthday?: string
  readonly userRealname?: string
  readonly userSign?: string
  readonly tagIds?: string
}

/**
 * Changes what users may write about themselves, all or nothing. The real name is ignored once a certificate with it is
 * waiting for its review or has passed. Throws NICKNAME_TAKEN, FIELD_REFUSED.
 */
export async function editProfile(services: Services, userId: number, edit: ProfileEdit): Promise<void> {
  await transaction(services, async (services) => {
    if (!(await lockUser(services.db, userId))) throw new GatewayError('TOKEN_BROKEN')
    await changeProfile(services, { userId, isOwn: true }, edit)
  })
}

/**
 * The same in the caller's transaction, which has locked the user; an administrator may give names that nobody may choose.
 * Returns the columns that changed.
 */
export async function changeProfile(
  services: InTransaction<Services>,
  { userId, isOwn }: { readonly userId: number; readonly isOwn: boolean },
  edit: ProfileEdit,
): Promise<string[]> {
  const { db } = services
  const info = await findUserInfo(db, userId)
  const change = withoutUnchanged(services, readEdit(edit), info)
  requirePermitted(services, change)
  if (isOwn) await requireUnreserved(services, change.user_nickname, userId)
  await requireNickname(services, userId, change.user_nickname)
  const { user_realname: realname, ...others } = change
  const isFixed = realname === undefined || isUnderReview(info?.user_is_authentication ?? 0)
  const written = isFixed ? others : { ...others, user_realname: realname }
  await saveUserInfo(db, userId, written)
  return Object.keys(written)
}

/**
 * Refuses a user's own choice that passes for an administrator or the site. Throws NICKNAME_TAKEN: it is taken, by who
 * it looks like.
 */
async function requireUnreserved(
  services: Pick<Services, 'db' | 'cache'>,
  nickname: string | undefined,
  userId: number,
): Promise<void> {
  if (nickname && (await isReserved(services, nickname, userId))) throw new GatewayError('NICKNAME_TAKEN')
}

/** Makes a nickname the user's own. Throws NICKNAME_TAKEN when another user has the name. */
export async function requireNickname(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  userId: number,
  nickname: string | undefined,
): Promise<void> {
  if (nickname === undefined) return
  if (!(await takeNickname(db, { userId, nickname, at: clock.now() })))
    throw new GatewayError('NICKNAME_TAKEN')
}

/**
 * Only what is not so already: clients send back all they were shown, and rows of an old shop hold what nobody may
 * write today. Two imported users may share a nickname; who does not change it keeps it.
 */
function withoutUnchanged(
  { config }: Pick<Services, 'config'>,
  wanted: OwnFields,
  info: UserInfoRow | undefined,
): OwnFields {
  if (!info) return wanted
  const shownAvatar = absolutePictureAddress(info.user_avatar, config.publicUrl)
  const birthday = dayOf(info.user_birthday)
  const isUnchanged = (name: keyof OwnFields, value: unknown) =>
    value === info[name] ||
    (name === 'user_nickname' && value === cleanNickname(info.user_nickname)) ||
    (name === 'user_avatar' && value === shownAvatar) ||
    (name === 'user_birthday' && value === birthday)
  const changed = Object.entries(wanted).filter(
    ([name, value]) => !isUnchanged(name as keyof OwnFields, value),
  )
  return Object.fromEntries(changed)
}

function readEdit(edit: ProfileEdit): OwnFields {
  return defined({
    user_nickname: edit.userNickname?.trim() ? cleanNickname(edit.userNickname) : undefined,
    user_avatar: edit.userAvatar?.trim(),
    user_gender: edit.userGender,
    user_birthday: edit.userBirthday,
    user_realname: edit.userRealname?.trim(),
    user_sign: edit.userSign,
    tag_ids: edit.tagIds,
  })
}
