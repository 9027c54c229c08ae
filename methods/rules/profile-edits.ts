import type { Knex } from 'knex'
import { takeNickname } from '../../db/nicknames.js'
import { transaction } from '../../db/transaction.js'
import { type OwnFields, saveOwnFields } from '../../db/user-profiles.js'
import { findInfo, lockUser } from '../../db/users.js'
import { GatewayError } from '../../gateway/errors.js'
import { formatTime } from '../../gateway/format-time.js'
import type { Services } from '../../gateway/method.js'
import { isUnderReview } from './certificates.js'
import { isPictureAddress } from './picture-addresses.js'

/** What a user changes about himself; what is absent stays, an empty nickname too. */
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
 * Changes what a user may write about himself, all or nothing. The real name is ignored once a certificate with it is
 * waiting for its review or has passed. Throws NICKNAME_TAKEN, PARAM_ERROR.
 */
export async function editProfile(services: Services, userId: number, edit: ProfileEdit): Promise<void> {
  const change = readEdit(edit, services)
  await transaction(services.db, async (db) => {
    if (!(await lockUser(db, userId))) throw new GatewayError('TOKEN_BROKEN')
    const { user_realname: realname, ...others } = change
    const info = await findInfo(db, userId)
    // Imported users may share a name; who does not change his keeps it.
    if (change.user_nickname !== info?.user_nickname)
      await requireNickname(db, userId, change.user_nickname, services)
    const isFixed = realname === undefined || isUnderReview(info?.user_is_authentication ?? 0)
    await saveOwnFields(db, userId, isFixed ? others : { ...others, user_realname: realname })
  })
}

/** Throws NICKNAME_TAKEN when another user has the name. */
async function requireNickname(
  db: Knex,
  userId: number,
  nickname: string | undefined,
  { clock }: Pick<Services, 'clock'>,
): Promise<void> {
  if (nickname === undefined) return
  if (!(await takeNickname(db, { userId, nickname, at: clock.now() })))
    throw new GatewayError('NICKNAME_TAKEN')
}

function readEdit(edit: ProfileEdit, services: Pick<Services, 'clock' | 'config'>): OwnFields {
  const nickname = edit.userNickname?.trim() ?? ''
  const avatar = edit.userAvatar?.trim()
  if (avatar !== undefined && avatar !== '' && !isPictureAddress(avatar))
    throw new GatewayError('PARAM_ERROR', { detail: 'userAvatar: an http(s) address, or a path on the site' })
  const birthday = edit.userBirthday
  if (birthday !== undefined && !isBirthday(birthday, services))
    throw new GatewayError('PARAM_ERROR', { detail: 'userBirthday: a date from 1900-01-01 to today' })
  return {
    ...(nickname === '' ? {} : { user_nickname: nickname }),
    ...(avatar === undefined ? {} : { user_avatar: avatar }),
    ...(edit.userGender === undefined ? {} : { user_gender: edit.userGender }),
    ...(birthday === undefined ? {} : { user_birthday: birthday }),
    ...(edit.userRealname === undefined ? {} : { user_realname: edit.userRealname.trim() }),
    ...(edit.userSign === undefined ? {} : { user_sign: edit.userSign.trim() }),
    ...(edit.tagIds === undefined ? {} : { tag_ids: edit.tagIds }),
  }
}

function isBirthday(day: string, { clock, config }: Pick<Services, 'clock' | 'config'>): boolean {
  return day >= '1900-01-01' && day <= formatTime(clock.now(), config.timeZone).slice(0, 10)
}
