import type { Knex } from 'knex'
import type { ListDefinition } from './list-definition.js'

/** What administrators mark users with (account-beside.md §4.4); flags are 0 or 1. */
export interface TagRow {
  tag_id: number
  tag_title: string
  tag_group_id: number
  tag_sort: number
  tag_enable: number
  tag_buildin: number
}

export interface TagGroupRow {
  tag_group_id: number
  tag_group_name: string
  tag_group_sort: number
  tag_group_enable: number
  tag_group_buildin: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    account_user_tag_base: TagRow
    account_user_tag_group: TagGroupRow
  }
}

const tagColumns = {
  tag_id: 'tag_id',
  tag_title: 'tag_title',
  tag_group_id: 'tag_group_id',
  tag_sort: 'tag_sort',
  tag_enable: 'tag_enable',
  tag_buildin: 'tag_buildin',
} as const

const groupColumns = {
  tag_group_id: 'tag_group_id',
  tag_group_name: 'tag_group_name',
  tag_group_sort: 'tag_group_sort',
  tag_group_enable: 'tag_group_enable',
  tag_group_buildin: 'tag_group_buildin',
} as const

export const tagList: ListDefinition<TagRow> = {
  from: (db) => db('account_user_tag_base'),
  columns: tagColumns,
  filters: { tag_id: 'tag_id', tag_group_id: 'tag_group_id', tag_title: 'tag_title' },
  sortable: ['tag_id', 'tag_sort'],
  searchable: ['tag_title'],
  order: [
    { column: 'tag_sort', descending: false },
    { column: 'tag_id', descending: false },
  ],
  key: 'tag_id',
}

export const tagGroupList: ListDefinition<TagGroupRow> = {
  from: (db) => db('account_user_tag_group'),
  columns: groupColumns,
  filters: { tag_group_id: 'tag_group_id', tag_group_name: 'tag_group_name' },
  sortable: ['tag_group_id', 'tag_group_sort'],
  searchable: ['tag_group_name'],
  order: [
    { column: 'tag_group_sort', descending: false },
    { column: 'tag_group_id', descending: false },
  ],
  key: 'tag_group_id',
}

/** All tags, in the order in which they are shown. */
export async function listTags(db: Knex): Promise<TagRow[]> {
  return db('account_user_tag_base').orderBy(['tag_sort', 'tag_id']).select(Object.values(tagColumns))
}

/** All groups of tags, in the order in which they are shown. */
export async function listTagGroups(db: Knex): Promise<TagGroupRow[]> {
  return db('account_user_tag_group')
    .orderBy(['tag_group_sort', 'tag_group_id'])
    .select(Object.values(groupColumns))
}

/** A tag, locked until the transaction ends. */
export async function lockTag(db: Knex, tagId: number): Promise<TagRow | undefined> {
  return db('account_user_tag_base').where({ tag_id: tagId }).forUpdate().first(Object.values(tagColumns))
}

/** A group, locked until the transaction ends: it gets no tag while it is removed. */
export async function lockTagGroup(db: Knex, groupId: number): Promise<TagGroupRow | undefined> {
  return db('account_user_tag_group')
    .where({ tag_group_id: groupId })
    .forUpdate()
    .first(Object.values(groupColumns))
}

export async function tagGroupHasTags(db: Knex, groupId: number): Promise<boolean> {
  return (await db('account_user_tag_base').where({ tag_group_id: groupId }).first('tag_id')) !== undefined
}

export async function insertTag(db: Knex, row: Omit<TagRow, 'tag_id' | 'tag_buildin'>): Promise<number> {
  const [tagId = 0] = await db('account_user_tag_base').insert(row)
  return tagId
}

export async function updateTag(db: Knex, tagId: number, change: Partial<TagRow>): Promise<void> {
  await db('account_user_tag_base').where({ tag_id: tagId }).update(change)
}

export async function deleteTag(db: Knex, tagId: number): Promise<void> {
  await db('account_user_tag_base').where({ tag_id: tagId }).delete()
}

export async function insertTagGroup(
  db: Knex,
  row: Omit<TagGroupRow, 'tag_group_id' | 'tag_group_buildin'>,
): Promise<number> {
  const [groupId = 0] = await db('account_user_tag_group').insert(row)
  return groupId
}

export async function updateTagGroup(db: Knex, groupId: number, change: Partial<TagGroupRow>): Promise<void> {
  await db('account_user_tag_group').where({ tag_group_id: groupId }).update(change)
}

export async function deleteTagGroup(db: Knex, groupId: number): Promise<void> {
  await db('account_user_tag_group').where({ tag_group_id: groupId }).delete()
}
