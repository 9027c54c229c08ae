import type { Knex } from 'knex'
import { isMysql } from './connect.js'
import { findListRow } from './list-query.js'
import type { ListDefinition } from './list-definition.js'
import { currentState } from './users.js'
import type { SharedUserFields, UserInfoRow } from './user-info.js'

/** A user as administrators see one: no password, no salt, no sealed number. Null where an imported user has no row. */
export interface ManagedUserRow extends Nullable<ShownInfo> {
  readonly user_id: number
  readonly user_account: string
  readonly user_state: number
  readonly user_level_id: number
  readonly user_level_name: string | null
  /** Milliseconds. */
  readonly user_reg_time: number
  readonly user_reg_ip: string | null
  /** Milliseconds. */
  readonly user_lastlogin_time: number | null
  readonly user_lastlogin_ip: string | null
  readonly user_count_login: number | null
  readonly user_idcard_images: string | null
  /** When the certificate was handed in, and when and by whom it was reviewed; milliseconds. */
  readonly certificate_time: number | null
  readonly review_time: number | null
  readonly reviewer_id: number | null
  readonly review_note: string | null
}

type ShownInfo = SharedUserFields & Pick<UserInfoRow, 'user_from' | 'user_new'>
type Nullable<Row> = { readonly [Column in keyof Row]: Row[Column] | null }

/** Users of the old shop have their time in the old table, those of the command line in ours. */
const registeredAt = 'coalesce(nullif(login.user_reg_time, 0), base.user_created_at)'

/** The users as administrators list them; numbers and e-mails are found by who owns them. */
export const managedUserList: ListDefinition<ManagedUserRow> = {
  from: (db) => db('account_user_base as base'),
  joins: {
    info: 'left join account_user_info as info on info.user_id = base.user_id',
    login: 'left join account_user_login as login on login.user_id = base.user_id',
    level: 'left join account_user_level as level on level.user_level_id = info.user_level_id',
    certificate: 'left join user_certificate as certificate on certificate.user_id = base.user_id',
    mobile: `left join user_identity as mobile on mobile.user_id = base.user_id and mobile.kind = 'mobile'`,
    email: `left join user_identity as email on email.user_id = base.user_id and email.kind = 'email'`,
  },
  columns: {
    user_id: 'base.user_id',
    user_account: 'base.user_account',
    user_nickname: 'info.user_nickname',
    user_avatar: 'info.user_avatar',
    user_mobile: 'info.user_mobile',
    user_intl: 'info.user_intl',
    user_gender: 'info.user_gender',
    user_birthday: 'info.user_birthday',
    user_email: 'info.user_email',
    user_realname: 'info.user_realname',
    user_idcard: 'info.user_idcard',
    user_idcard_images: 'info.user_idcard_images',
    user_is_authentication: 'info.user_is_authentication',
    tag_ids: 'info.tag_ids',
    user_from: 'info.user_from',
    user_new: 'info.user_new',
    user_state: currentState,
    user_level_id: 'coalesce(info.user_level_id, 0)',
    user_level_name: 'level.user_level_name',
    user_reg_time: registeredAt,
    user_reg_ip: 'login.user_reg_ip',
    user_lastlogin_time: 'login.user_lastlogin_time',
    user_lastlogin_ip: 'login.user_lastlogin_ip',
    user_count_login: 'login.user_count_login',
    certificate_time: 'certificate.submitted_at',
    review_time: 'certificate.reviewed_at',
    reviewer_id: 'certificate.reviewer_id',
    review_note: 'certificate.review_note',
  },
  filters: {
    user_id: 'base.user_id',
    user_account: 'base.user_account',
    user_nickname: 'info.user_nickname',
    user_mobile: 'mobile.value',
    user_email: 'email.value',
    user_gender: 'info.user_gender',
    user_realname: 'info.user_realname',
    user_from: 'info.user_from',
    user_state: 'info.user_state',
    user_level_id: 'info.user_level_id',
    user_is_authentication: 'info.user_is_authentication',
  },
  sortable: [
    'user_id',
    'user_account',
    'user_nickname',
    'user_state',
    'user_level_id',
    'user_is_authentication',
    'user_reg_time',
    'user_lastlogin_time',
    'user_count_login',
    'certificate_time',
  ],
  searchable: ['user_account', 'user_nickname', 'user_mobile', 'user_email', 'user_realname'],
  time: registeredAt,
  order: [{ column: 'user_id', descending: true }],
  key: 'user_id',
}

/** The same as the admin site searches them: by a part of the nickname, and by any of some tags. */
export function searchedUserList(tagIds: readonly number[]): ListDefinition<ManagedUserRow> {
  const { user_nickname: _, ...filters } = managedUserList.filters
  return {
    ...managedUserList,
    from: (db) => {
      const users = managedUserList.from(db)
      return tagIds.length === 0 ? users : users.whereIn('base.user_id', usersWithTags(db, tagIds))
    },
    filters,
    partial: ['user_nickname'],
  }
}

/** A user's tags are one text, `3,17`. */
function usersWithTags(db: Knex, tagIds: readonly number[]): Knex.QueryBuilder {
  const listed = isMysql(db) ? "concat(',', tag_ids, ',')" : "',' || tag_ids || ','"
  return db('account_user_info')
    .select('user_id')
    .where((tagged) => {
      for (const tagId of tagIds) tagged.orWhereRaw(`${listed} like ?`, [`%,${tagId},%`])
    })
}

export async function findManagedUser(db: Knex, userId: number): Promise<ManagedUserRow | undefined> {
  return findListRow(db, managedUserList, ['user_id', userId])
}
