import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import type { Knex } from 'knex'
import { listPermissions } from '../../../db/admins.js'
import { insertAuditEntries } from '../../../db/audit-entries.js'
import { insertWatchedCalls } from '../../../db/call-watches.js'
import { listCredentials } from '../../../db/credentials.js'
import { listMoveRoutes, saveMoveRoutes } from '../../../db/move-routes.js'
import { listMoveTallies, saveMoveTallies } from '../../../db/move-tallies.js'
import { addCallers, trimCallers } from '../../../db/callers.js'
import { listCallers } from '../../../db/listed-callers.js'
import { deleteAddresses, listAddressOwners } from '../../../db/delivery-addresses.js'
import { insertDistricts } from '../../../db/districts.js'
import { listEndedShopTokens } from '../../../db/ended-shop-tokens.js'
import { deleteIdentities, findOwners, giveReserved, moveIdentity } from '../../../db/identities.js'
import { insertConflicts } from '../../../db/identity-conflicts.js'
import { listInvoiceOwners } from '../../../db/invoices.js'
import { findMessageUsers } from '../../../db/nicknames.js'
import { listLiveTokens } from '../../../db/sessions.js'
import { claimFree } from '../../../db/shop/adoption/claims.js'
import { sealIdcards } from '../../../db/shop/adoption/old-users.js'
import { keepOneDefault } from '../../../db/shop/adoption/single-defaults.js'
import { mostRows, mostValues } from '../../../db/statement-size.js'
import { countArrivals, countUnreadOf } from '../../../db/streamed-messages.js'
import { findUploadsOf } from '../../../db/uploaded-files.js'
import { openUserBooks } from '../../../db/user-books.js'
import {
  claimIdentities,
  findIdentities,
  findKnownUsers,
  insertAddressRows,
  insertBaseRows,
  insertBindingRows,
  insertInfoRows,
  insertLoginRows,
} from '../../../db/user-import.js'
import { insertMessages, messageKinds, messageTypes, type NewMessage } from '../../../db/user-messages.js'
import { onEachDatabase } from '../../servers/databases.js'
import { open } from '../../db/target.js'

/** More than either database takes in one statement: 32,766 values in SQLite, 65,535 in MySQL. */
const many = 70_000
const ids = Array.from({ length: many }, (_, at) => 1_000_000 + at)
const names = ids.map((id) => `name-${id}`)
const keys = names.map((value) => ({ kind: 'email' as const, value: `${value}@example.com` }))
const at = 1_700_000_000_000

type Case = readonly [name: string, run: (db: Knex) => Promise<unknown>]

/** In this order: what one writes the next ones read. A count is what must be found of all. */
const cases: readonly Case[] = [
  [
    'insertBaseRows',
    async (db) => {
      const rows = ids.map((user_id, at) => ({
        user_id: at % 2 === 0 ? user_id : undefined,
        user_account: names[at] ?? '',
        user_password: '',
        user_salt: '',
        user_created_at: 1,
      }))
      return (await insertBaseRows(db, rows)).size
    },
  ],
  [
    'insertInfoRows',
    (db) =>
      insertInfoRows(
        db,
        ids.map((user_id) => ({ user_id })),
      ),
  ],
  [
    'insertLoginRows',
    (db) =>
      insertLoginRows(
        db,
        ids.map((user_id) => ({ user_id })),
      ),
  ],
  ['findKnownUsers', async (db) => (await findKnownUsers(db, [], names)).length],
  ['listCredentials', async (db) => (await listCredentials(db, ids)).length > many / 2 - 1],
  ['findMessageUsers', async (db) => (await findMessageUsers(db, ids)).size > many / 2 - 1],
  [
    'claimIdentities',
    async (db) =>
      (
        await claimIdentities(
          db,
          keys.map((key, index) => ({ ...key, user_id: index + 1, verified_at: null, created_at: at })),
        )
      ).length,
  ],
  ['findIdentities', async (db) => (await findIdentities(db, keys)).length],
  ['giveReserved', (db) => giveReserved(db, keys, 1)],
  ['moveIdentity', (db) => moveIdentity(db, keys, { from: 5_000_000, to: 2 })],
  ['findOwners', async (db) => (await findOwners(db, keys)).filter((owner) => owner > 0).length],
  [
    'claimFree',
    async (db) =>
      (
        await claimFree(
          db,
          keys.map((key, index) => ({
            ...key,
            user_id: many + index + 1,
            verified_at: null,
            created_at: at,
          })),
        )
      ).length,
  ],
  ['deleteIdentities', (db) => deleteIdentities(db, keys, 2)],
  [
    'insertConflicts',
    (db) =>
      insertConflicts(
        db,
        keys.map((key) => ({ ...key, user_id: 1, kept_user_id: 2, found_at: at })),
      ),
  ],
  [
    'insertBindingRows',
    (db) =>
      insertBindingRows(
        db,
        names.map((bind_id, index) => ({
          bind_id,
          bind_type: 2,
          user_id: index + 1,
          bind_time: at,
          bind_nickname: '',
          bind_icon: '',
          bind_openid: bind_id,
          bind_unionid: '',
          bind_active: 1,
        })),
      ),
  ],
  [
    'insertAddressRows',
    (db) =>
      insertAddressRows(
        db,
        ids.map((user_id) => ({ user_id })) as unknown as Parameters<typeof insertAddressRows>[1],
      ),
  ],
  ['listAddressOwners', async (db) => (await listAddressOwners(db, range)).length],
  [
    'keepOneDefault',
    async (db) => {
      await db('account_user_delivery_address').update({ user_id: 7, ud_is_default: 1 })
      await keepOneDefault(db, 'addresses', { after: 0, most: 10 })
      const left = await db('account_user_delivery_address').where({ ud_is_default: 1 })
      return left.length === 1
    },
  ],
  ['deleteAddresses', (db) => deleteAddresses(db, range)],
  ['listInvoiceOwners', async (db) => (await listInvoiceOwners(db, ids)).length === 0],
  ['listLiveTokens', async (db) => (await listLiveTokens(db, names, at)).length === 0],
  ['listEndedShopTokens', async (db) => (await listEndedShopTokens(db, names)).length === 0],
  ['findUploadsOf', async (db) => (await findUploadsOf(db, 1, names)).size === 0],
  ['openUserBooks', (db) => openUserBooks(db, ids)],
  [
    'sealIdcards',
    (db) =>
      sealIdcards(
        db,
        ids.map((userId) => ({ userId, masked: '1**1', sealed: 'sealed' })),
        at,
      ),
  ],
  [
    'insertDistricts',
    async (db) => {
      await db('sys_district_base').delete()
      await insertDistricts(
        db,
        ids.map((district_id) => ({
          district_id,
          district_name: 'x',
          district_parent_id: 0,
          district_level: 1,
        })),
      )
    },
  ],
  ['insertMessages', (db) => insertMessages(db, ids.map(messageTo))],
  ['countArrivals', async (db) => (await countArrivals(db, ids, 0)).length],
  ['countUnreadOf', async (db) => (await countUnreadOf(db, ids)).size],
  [
    'insertAuditEntries',
    (db) =>
      insertAuditEntries(
        db,
        ids.map((target_id) => ({
          target_id,
          happened_at: at,
          action: 'a',
          outcome: 'ok',
          actor_id: 0,
          actor: '',
          ip: '',
          detail: '',
        })),
      ),
  ],
  [
    'insertWatchedCalls',
    (db) =>
      insertWatchedCalls(
        db,
        ids.map(() => ({ watch_id: 'many', is_proved: 1, happened_at: at, content: '{}', expires_at: at })),
      ),
  ],
  [
    'addCallers',
    async (db) => {
      const seen = { calls: 1, first_seen_at: at, last_seen_at: at }
      const rows = names.map((client_version) => {
        return {
          app_name: 'many',
          method: 'm',
          client_version,
          scheme: 'none',
          network: 'n',
          finding: '',
          ...seen,
        }
      })
      await addCallers(db, rows)
      await trimCallers(db, 'many', { networks: 10, versions: 10 })
      expect(await listCallers(db, { app: 'many' }, 100)).to.have.length(21)
    },
  ],
  [
    'saveMoveRoutes',
    async (db) => {
      const route = { app: '', share: 1, share_before: 0, caller: 'ip', common: '', reason: '' }
      const times = { created_at: at, changed_at: at, effective_at: at }
      await saveMoveRoutes(
        db,
        names.map((method) => ({ method, ...route, ...times })),
      )
      return (await listMoveRoutes(db)).length
    },
  ],
  [
    'saveMoveTallies',
    async (db) => {
      const tally = { node: 'n', side: 'new', minute: at, calls: 1, errors: 0, compared: 0, differing: 0 }
      await saveMoveTallies(
        db,
        names.map((method) => ({ ...tally, method, slots: '1', expires_at: at })),
      )
      return (await listMoveTallies(db, at)).length
    },
  ],
  [
    'listPermissions',
    async (db) => {
      // As many as the column holds, 65,535 bytes on MySQL.
      const menu_ids = ids.slice(0, 8000).join(',')
      const [role = 0] = await db('admin_user_role').insert({
        user_role_name: 'many',
        menu_ids,
        user_role_buildin: 0,
      })
      await db('admin_user_admin').insert({
        user_id: 1,
        user_role_id: role,
        user_admin_ctime: at,
        user_is_superadmin: 0,
      })
      return (await listPermissions(db, 1)).length === 0
    },
  ],
]

/** The ids of rows that were just inserted into an empty table, and as many again that are not there. */
const range = Array.from({ length: 2 * many }, (_, at) => at + 1)

/** Takes a list, but no longer one than the code says; each with what bounds it. */
const bounded: Readonly<Record<string, string>> = {
  updateRoleMenus: 'one text',
  listMenuPermissions: 'the ids in the column of a role, which listPermissions is tried with',
  listFoundUsers: 'a page of users',
  listCodes: 'the addresses of one user',
  saveRecoveryCodes: 'the recovery codes of one user, ten',
  listWechatBindings: 'the ways of WeChat, three, and their openids',
  searchedUserList: 'a text of 512 characters',
  findSettings: 'names of settings that the code knows',
  findSettingRows: 'names of settings that the code knows',
  findOwnSettings: 'names of settings that the code knows',
  listBoundUsers: 'the ways of WeChat',
  countBoundUsers: 'the ways of WeChat',
  listOldBindings: 'the ways of WeChat',
  arrivalsQuery: 'a slice of countArrivals',
  lockUsage: 'the limits of one call',
  readUsage: 'the limits of one call',
  saveUsage: 'the limits of one call',
  addUsage: 'a statement for each row',
  countUses: 'the limits of one call',
  insertPointsHistory: 'the reasons of one reward',
  insertExpHistory: 'the reasons of one reward',
  castRows: 'a slice of who inserts',
  withFindings: 'the columns of a shop that are known',
  recordSignIns: 'a batch of records of sign-ins',
  countSignIns: 'a batch of records of sign-ins',
  findExistingUsers: 'a batch of records of sign-ins',
  findOwn: 'a range of ids',
  compileInsert: 'the columns of one row',
  compileInsertNew: 'the columns of one row',
  saveHeldKeys: 'the keys of one node',
  saveKeyUses: 'the keys of one node',
  fitsZone: 'rows that it is given, no statement',
}

function messageTo(userId: number): NewMessage {
  return {
    message_parent_id: 0,
    user_id: userId,
    user_nickname: '',
    message_kind: messageKinds.received,
    user_other_id: 0,
    user_other_nickname: '',
    message_title: '',
    message_content: 'x',
    message_time: at,
    message_is_read: 0,
    message_is_delete: 0,
    message_type: messageTypes.system,
    message_cat: 'text',
    message_data_type: 0,
    message_data_id: '',
    message_length: 0,
    message_w: 0,
    message_h: 0,
  }
}

onEachDatabase(`statements for ${many} things`, function (database) {
  this.timeout(240_000)
  let db: Knex
  before(() => {
    db = open(database)
  })
  after(() => db.destroy())

  for (const [name, run] of cases)
    it(name, async () => {
      const found = await run(db)
      if (typeof found === 'number') expect(found).to.equal(many)
      else expect(found ?? true).to.equal(true)
    })
})

describe('statements whose size depends on data', () => {
  it('are all tried with more than a database takes at once, or bounded by what calls them', () => {
    const here = fileURLToPath(import.meta.url)
    const folder = `${here.slice(0, here.lastIndexOf(here.includes('/dist/test/') ? '/dist/test/' : '/test/'))}/db`
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !/^(migrations|mysql-client|statement-size)\b/.test(file),
    )
    const taking = files.flatMap((file) =>
      [
        ...readFileSync(`${folder}/${file}`, 'utf8').matchAll(
          /export (?:async )?function (\w+)(?:<[^>]*>)?\((.*?)\): /gs,
        ),
      ].flatMap(([, name = '', parameters = '']) => (parameters.includes('[]') ? [name] : [])),
    )
    expect(taking).to.include.members(['listLiveTokens', 'insertMessages'])
    const known = new Set([...cases.map(([name]) => name), ...Object.keys(bounded)])
    expect(taking.filter((name) => !known.has(name))).to.deep.equal([])
    expect(
      [...known].filter(
        (name) => !taking.includes(name) && name !== 'listPermissions' && name !== 'keepOneDefault',
      ),
    ).to.deep.equal([])
  })

  it('take fewer rows and values than SQLite and MySQL do', () => {
    expect(mostRows).to.be.below(500)
    expect(mostValues).to.be.below(32_766)
  })
})
