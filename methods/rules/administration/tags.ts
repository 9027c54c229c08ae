import { listTagGroups, listTags, type TagGroupRow, type TagRow } from '../../../db/user-tags.js'
import type { Services } from '../../../gateway/services/services.js'

/** A tag as clients read it. */
export function describeTag(row: TagRow) {
  return { ...row, tag_enable: row.tag_enable !== 0, tag_buildin: row.tag_buildin !== 0 }
}

/** A group of tags as clients read it. */
export function describeTagGroup(row: TagGroupRow) {
  return {
    ...row,
    tag_group_enable: row.tag_group_enable !== 0,
    tag_group_buildin: row.tag_group_buildin !== 0,
  }
}

/** The ids of a list, `3, 17`, each once; what is no id is left out. */
export function readTagIds(list: string): number[] {
  const ids = list.split(',').map((id) => id.trim())
  return [...new Set(ids.filter((id) => /^\d{1,10}$/.test(id)).map(Number))]
}

/** The tags there are, by id: users keep the ids of tags that were removed, which nobody is shown. */
export async function loadTags({ db }: Pick<Services, 'db'>): Promise<ReadonlyMap<number, TagRow>> {
  return new Map((await listTags(db)).map((tag) => [tag.tag_id, tag]))
}

/** The ids of a user's tags that there are, as they are stored. */
export function knownTagIds(tags: ReadonlyMap<number, TagRow>, list: string | null): string {
  return readTagIds(list ?? '')
    .filter((id) => tags.has(id))
    .join(',')
}

/** A user's tags in words (account-beside.md §4.2). */
export async function describeUserTags(services: Pick<Services, 'db'>, list: string | null) {
  const tags = await loadTags(services)
  const groups = await listTagGroups(services.db)
  const own = readTagIds(list ?? '').flatMap((id) => tags.get(id) ?? [])
  const titles = own.map(({ tag_title }) => tag_title)
  const groupIds = new Set(own.map(({ tag_group_id }) => tag_group_id))
  const named = groups.filter(({ tag_group_id }) => groupIds.has(tag_group_id))
  return {
    tag_ids: own.map(({ tag_id }) => tag_id).join(','),
    tag_titles: titles.join('、'),
    tag_title_list: titles,
    tag_group_names: named.map(({ tag_group_name }) => tag_group_name).join('、'),
  }
}
