import { type InTransaction, transaction } from '../../../db/transaction.js'
import { lockUser } from '../../../db/users.js'
import { findUserInfo, saveUserInfo } from '../../../db/user-info.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { defined } from '../../../gateway/wire/defined-fields.js'
import { audit } from '../audit.js'
import { changeProfile } from '../profiles/edits.js'
import { requireNobodyAbove } from './ranks.js'
import { changeStanding, type LockedUser, type Standing } from './standings.js'
import { knownTagIds, loadTags, readTagIds } from './tags.js'
import { changeContacts, type ContactFields } from './user-contacts.js'

/** What an administrator writes of a user (account-beside.md §4.1); what is absent stays. */
export interface UserFields extends Standing, ContactFields {
  readonly user_nickname?: string
  readonly user_avatar?: string
  readonly user_gender?: 0 | 1 | 2
  /** `yyyy-MM-dd`. */
  readonly user_birthday?: string
  /** Ids, separated by commas. */
  readonly tag_ids?: string
}

/**
 * Changes the given fields of a user, all or nothing; a new number, address or state ends the user's sessions but that
 * of the call. Throws OPERATION_FAILED where nothing changes or nobody is,
 * and for the number, address or state of one above; and as its parts do.
 */
export async function editUser(
  services: Services,
  userId: number,
  { fields, call }: { readonly fields: UserFields; readonly call: SignedInOrigin },
): Promise<void> {
  await transaction(services, async (services) => {
    const { db, sessions } = services
    if (!(await lockUser(db, userId))) throw new GatewayError('OPERATION_FAILED')
    const info = await findUserInfo(db, userId)
    const particulars = await changeParticulars(services, { userId, info }, { fields, call })
    const contacts = await changeContacts(services, userId, { info, fields })
    // They are ways to sign in: whoever sets them can be that user.
    if (contacts.length > 0) await requireNobodyAbove(services, userId, call)
    const changes = [...particulars.changes, ...contacts]
    if (changes.length === 0) throw new GatewayError('OPERATION_FAILED')
    const { userId: actorId, tokenId } = call.session
    if (particulars.isNewState || contacts.length > 0)
      await sessions.endAll(db, userId, { except: actorId === userId ? tokenId : undefined })
    await audit(services, call, { targetId: userId, detail: changes.join(', ') })
  })
  services.sessions.forget(userId)
}

/** Changes all that is no way to sign in, within the caller's transaction, which has locked the user. */
export async function changeParticulars(
  services: InTransaction<Services>,
  user: LockedUser & { readonly info: { readonly tag_ids: string } | undefined },
  { fields, call }: { readonly fields: UserFields; readonly call: SignedInOrigin },
): Promise<{ readonly changes: string[]; readonly isNewState: boolean }> {
  const { userId } = user
  const profile = await changeProfile(
    services,
    { userId, isOwn: false },
    defined({
      userNickname: fields.user_nickname,
      userAvatar: fields.user_avatar,
      userGender: fields.user_gender,
      userBirthday: fields.user_birthday,
    }),
  )
  const tags = await changeTags(services, user, fields.tag_ids)
  const { user_state, user_level_id } = fields
  // The shop crashes for a user of no level; the site sends 0 back where an old row has none.
  const wanted = defined({ user_state, user_level_id: user_level_id || undefined })
  const standing = await changeStanding(services, user, wanted, call)
  return { changes: [...profile, ...tags, ...standing.changes], isNewState: standing.isNewState }
}

/** Tags that were removed since do not count: nobody is shown them. */
async function changeTags(
  services: InTransaction<Services>,
  { userId, info }: { readonly userId: number; readonly info: { readonly tag_ids: string } | undefined },
  wanted: string | undefined,
): Promise<string[]> {
  if (wanted === undefined) return []
  const tagIds = readTagIds(wanted).join(',')
  if (tagIds === knownTagIds(await loadTags(services), info?.tag_ids ?? '')) return []
  await saveUserInfo(services.db, userId, { tag_ids: tagIds })
  return ['tag_ids']
}
