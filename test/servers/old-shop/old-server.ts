import { hash, randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { isDuplicate } from '../../../db/transaction.js'

/** A new user of the old server, as its register takes one. */
export interface OldRegistration {
  readonly account: string
  readonly password: string
  /** `bind_id` by `bind_type`: 1 a number as `+86139…`, 2 an e-mail, 13 an openid of the official account. */
  readonly bindings?: Readonly<Record<number, string>>
  readonly unionid?: string
}

/**
 * A stand-in for the old server where it writes accounts straight into the database (account-beside.md §6): its checks
 * come first, its statements name their own columns, each commits by itself, and none of it is a transaction.
 */
export function oldServerOn(db: Knex) {
  const run = async (sql: string, values: readonly (string | number)[]) => {
    const [result] = (await db.raw(sql, values)) as [{ insertId: number; affectedRows: number }]
    return result
  }
  const boundUser = async (bindId: string): Promise<number | undefined> => {
    const row = await db.from('account_user_bind_connect').where({ bind_id: bindId }).first('user_id')
    return row?.user_id
  }
  const bind = (userId: number, type: number, bindId: string, unionid = '') =>
    run(
      `INSERT INTO account_user_bind_connect (bind_id, bind_type, user_id, bind_nickname, bind_icon, bind_openid,
        bind_unionid, bind_active) VALUES (?, ?, ?, '', '', ?, ?, 1)`,
      [bindId, type, userId, bindId, unionid],
    )
  const hashOf = (password: string) => {
    const salt = randomBytes(16).toString('hex')
    return [hash('md5', password + salt), salt] as const
  }
  const splitNumber = (bindId = '') => [bindId.slice(0, 3) || '+86', bindId.slice(3)] as const
  return {
    bind,
    boundUser,

    /** The new user's id; undefined when the number, address or account is known, or was a moment later. */
    async register({
      account,
      password,
      bindings = {},
      unionid,
    }: OldRegistration): Promise<number | undefined> {
      for (const bindId of Object.values(bindings)) if (await boundUser(bindId)) return undefined
      try {
        const [digest, salt] = hashOf(password)
        const { insertId: userId } = await run(
          'INSERT INTO account_user_base (user_account, user_password, user_salt) VALUES (?, ?, ?)',
          [account, digest, salt],
        )
        const [intl, number] = splitNumber(bindings[1])
        await run(
          `INSERT INTO account_user_info (user_id, user_account, user_nickname, user_avatar, user_mobile, user_intl,
            user_gender, user_birthday, user_email, user_level_id) VALUES (?, ?, ?, '', ?, ?, 0, '1971-01-01', ?, 1001)`,
          [userId, account, account, number, intl, bindings[2] ?? ''],
        )
        await run(
          'INSERT INTO account_user_login (user_id, user_reg_ip, user_reg_date, user_reg_time) VALUES (?, ?, curdate(), ?)',
          [userId, '10.0.0.1', Date.now()],
        )
        for (const [type, bindId] of Object.entries(bindings))
          await bind(userId, Number(type), bindId, unionid)
        await run('INSERT INTO pay_user_resource (user_id, user_points, user_exp) VALUES (?, 30, 50)', [
          userId,
        ])
        return userId
      } catch (error) {
        // Half of a user may stay behind, as there.
        if (isDuplicate(error)) return undefined
        throw error
      }
    },

    async bindMobile(userId: number, bindId: string): Promise<boolean> {
      if (await boundUser(bindId)) return false
      try {
        await bind(userId, 1, bindId)
      } catch (error) {
        if (isDuplicate(error)) return false
        throw error
      }
      const [intl, number] = splitNumber(bindId)
      await run(
        "UPDATE account_user_info SET user_mobile = ?, user_intl = ? WHERE user_id = ? AND user_mobile = ''",
        [number, intl, userId],
      )
      return true
    },

    async unbind(userId: number, bindId: string): Promise<void> {
      await run('DELETE FROM account_user_bind_connect WHERE bind_id = ? AND user_id = ?', [bindId, userId])
      if (bindId.startsWith('+'))
        await run("UPDATE account_user_info SET user_mobile = '', user_intl = '' WHERE user_id = ?", [userId])
    },

    async setPassword(userId: number, password: string): Promise<void> {
      await run('UPDATE account_user_base SET user_password = ?, user_salt = ? WHERE user_id = ?', [
        ...hashOf(password),
        userId,
      ])
    },

    /** Writes the whole row that it has read before, as long as its version is still the same. */
    async givePoints(userId: number, points: number): Promise<void> {
      for (;;) {
        const row = await db.from('pay_user_resource').where({ user_id: userId }).first()
        const { affectedRows } = await run(
          `UPDATE pay_user_resource SET user_money = ?, user_points = ?, user_exp = ?, version = ?
            WHERE user_id = ? AND version = ?`,
          [
            row.user_money,
            Number(row.user_points) + points,
            row.user_exp,
            row.version + 1,
            userId,
            row.version,
          ],
        )
        if (affectedRows === 1) return
      }
    },
  }
}
