import { transaction } from '../../../db/transaction.js'
import { lockTag, lockTagGroup, updateTag } from '../../../db/user-tags.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { audit } from '../audit.js'
import { changedFields } from './changed-fields.js'
import { describeTag } from './tags.js'

/** What an administrator writes of a tag; what is absent stays. */
export interface TagFields {
  readonly tag_title?: string
  readonly tag_group_id?: number
  readonly tag_sort?: number
  readonly tag_enable?: boolean
}

/** Changes the given fields of a tag. Throws OPERATION_FAILED where nothing changes, or there is no such tag or group. */
export async function editTag(
  services: Pick<Services, 'db' | 'clock'>,
  tagId: number,
  { fields, call }: { readonly fields: TagFields; readonly call: SignedInOrigin },
): Promise<void> {
  await transaction(services, async (services) => {
    const { db } = services
    const tag = await lockTag(db, tagId)
    if (!tag) throw new GatewayError('OPERATION_FAILED')
    const { tag_enable: isEnabled, ...others } = changedFields(describeTag(tag), fields)
    const groupId = others.tag_group_id
    if (groupId !== undefined && !(await lockTagGroup(db, groupId)))
      throw new GatewayError('OPERATION_FAILED')
    const change = { ...others, ...(isEnabled !== undefined && { tag_enable: Number(isEnabled) }) }
    await updateTag(db, tagId, change)
    await audit(services, call, { detail: `tag_id ${tagId}: ${Object.keys(change).join(', ')}` })
  })
}
