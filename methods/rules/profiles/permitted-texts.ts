import type { UserInfoRow } from '../../../db/user-info.js'
import { malformed } from '../../../gateway/contract/field-refusals.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { formatTime } from '../../../gateway/wire/time.js'
import type { Services } from '../../../gateway/services/services.js'
import { isVisible, markupOrControl } from './nicknames.js'
import { isPictureAddress } from './picture-addresses.js'

/** What a user may write about themselves. */
export type OwnFields = Partial<
  Pick<
    UserInfoRow,
    | 'user_nickname'
    | 'user_avatar'
    | 'user_gender'
    | 'user_birthday'
    | 'user_realname'
    | 'user_sign'
    | 'tag_ids'
  >
>

/** Throws FIELD_REFUSED for a text that nobody may write. */
export function requirePermitted(services: Pick<Services, 'clock' | 'config'>, change: OwnFields): void {
  const { user_nickname: nickname, user_avatar: avatar, user_birthday: birthday } = change
  requireShown({ nickname, avatar })
  if (typeof birthday === 'string' && !isBirthday(services, birthday))
    refuse('userBirthday: a date from 1900-01-01 to today', '生日不正确')
}

/** Throws FIELD_REFUSED for a nickname or a picture that nobody may show to others. */
export function requireShown({
  nickname,
  avatar = '',
}: Readonly<Record<'nickname' | 'avatar', string | undefined>>): void {
  if (markupOrControl.test(nickname ?? ''))
    refuse('userNickname: text without < and >', '昵称不能包含特殊字符')
  if (nickname !== undefined && !isVisible(nickname))
    refuse('userNickname: something to see', '昵称需包含可见字符')
  if (avatar !== '' && !isPictureAddress(avatar))
    refuse('userAvatar: an http(s) address, or a path on the site', malformed('头像地址'))
}

function refuse(detail: string, reason: string): never {
  throw new GatewayError('FIELD_REFUSED', { detail, reason })
}

function isBirthday({ clock, config }: Pick<Services, 'clock' | 'config'>, day: string): boolean {
  return day >= '1900-01-01' && day <= formatTime(clock.now(), config.timeZone).slice(0, 10)
}
