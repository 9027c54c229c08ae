import { listIpBlocks } from '../../../../db/ip-blocks.js'
import { defineMethod } from '../../../../gateway/contract/method.js'

export default defineMethod('manage.console.ipBlock.list', {
  auth: 'console',
  async handle(_call, { db, clock }) {
    const blocks = await listIpBlocks(db, clock.now())
    return { items: blocks.map((block) => ({ ...block, expires_at: block.expires_at ?? 0 })) }
  },
})
