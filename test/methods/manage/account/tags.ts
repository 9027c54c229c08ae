import type { TestGateway } from '../../../harness.js'

/** Adds a group of tags and returns its id. */
export async function addGroup({ services }: TestGateway, name: string, more: object = {}): Promise<number> {
  const [id = 0] = await services.db('account_user_tag_group').insert({ tag_group_name: name, ...more })
  return id
}

/** Adds a tag to a group and returns its id. */
export async function addTag(
  { services }: TestGateway,
  tag: {
    readonly tag_title: string
    readonly tag_group_id: number
    readonly [column: string]: string | number
  },
): Promise<number> {
  const [id = 0] = await services.db('account_user_tag_base').insert(tag)
  return id
}
