import { expect } from 'chai'
import { insertCode, lockCodes, takeWithOlder } from '../../../../db/sent-codes.js'
import { transaction } from '../../../../db/transaction.js'
import { withGateway } from '../../../suite.js'

withGateway('codes that were sent', (gateway) => {
  const address = 'sms:+8613912345678'
  const store = (code_id: string) =>
    insertCode(gateway.db, {
      address,
      code_id,
      digest: 'digest',
      purpose: '',
      code_length: 4,
      wrong_tries: 0,
      expires_at: Date.now() + 60_000,
    })

  it('are not used by who has read one that another has removed since', async () => {
    await store('older')
    await store('newer')
    const used = await transaction(gateway.services, async ({ db }) => {
      const [newer] = await lockCodes(db, address)
      if (!newer) throw new Error('there are two')
      return [await takeWithOlder(db, newer), await takeWithOlder(db, newer)]
    })
    expect(used).to.deep.equal([true, false])
    expect(await lockCodes(gateway.db, address)).to.deep.equal([])
  })
})
