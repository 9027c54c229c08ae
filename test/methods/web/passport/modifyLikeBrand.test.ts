import { expect } from 'chai'
import { changed, paramError } from '../../../answers.js'
import { withGateway } from '../../../suite.js'
import { itChecksUser } from './checks-user.js'

const method = 'web.passport.modifyLikeBrand'

withGateway(method, (gateway) => {
  let uid: string
  beforeEach(async () => {
    uid = String((await gateway.addUser()).uid)
  })

  const modify = (change: Record<string, string>) => gateway.call(method, { uid, ...change })
  const brands = async () => (await gateway.call('web.passport.getLikeBrand', { uid })).json?.data

  it('stores the brands as the client writes them and answers an empty object', async () => {
    expect(await modify({ brand: '144, 209|贝纳通' })).to.include({ status: 200, text: changed })
    expect(await brands()).to.deep.equal({ uid: Number(uid), brand: '144, 209|贝纳通' })
  })

  it('keeps the brands when none are given and clears them by an empty text', async () => {
    await modify({ brand: '144' })
    expect((await modify({})).text).to.equal(changed)
    expect(await brands()).to.include({ brand: '144' })
    expect((await modify({ brand: '' })).text).to.equal(changed)
    expect(await brands()).to.include({ brand: '' })
  })

  it('refuses what is longer than 1024 characters', async () => {
    expect((await modify({ brand: '牌'.repeat(1024) })).text).to.equal(changed)
    expect((await modify({ brand: '牌'.repeat(1025) })).text).to.equal(paramError)
    expect(await brands()).to.include({ brand: '牌'.repeat(1024) })
  })

  itChecksUser(gateway, method, [{ uid: '' }, { uid: 'abc' }], { brand: '1' })
})
