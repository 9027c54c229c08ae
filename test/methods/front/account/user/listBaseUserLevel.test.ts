import { expect } from 'chai'
import { doneWith, succeededWith } from '../../../../answers.js'
import { withGatewayPerTest } from '../../../../suite.js'

const path = '/front/account/user/listBaseUserLevel'

/** A level as the wire shows it, its fields in the order of the table. */
function level(id: number, name: string, exp: number, spend: number, rate: number, isBuiltIn = true): string {
  return (
    `{"user_level_id":${id},"user_level_name":"${name}","user_level_exp":${exp},"user_level_spend":${spend},` +
    `"user_level_logo":"","user_level_rate":${rate},"user_level_time":0,"user_level_is_buildin":${isBuiltIn}}`
  )
}

const builtIn = [
  level(1001, 'vip1', 100, 0, 100),
  level(1002, 'vip2', 0, 2, 95),
  level(1003, 'vip3', 0, 3, 90),
]

/** The one page that holds them all. */
function page(items: readonly string[]): string {
  const total = items.length === 0 ? 0 : 1
  return `{"items":[${items.join()}],"page":1,"size":10,"records":${items.length},"total":${total}}`
}

withGatewayPerTest('front.account.user.listBaseUserLevel', (gateway) => {
  it('lists the built-in levels, to anybody', async () => {
    const { status, text } = await gateway.request(path)
    expect(status).to.equal(200)
    expect(text).to.equal(doneWith(page(builtIn)))
    const dead = await gateway.request(path, { headers: { Authorization: 'Bearer dead' } })
    expect(dead.text).to.equal(text)
    const gatewayCall = await gateway.request('/gateway?method=front.account.user.listBaseUserLevel')
    expect(gatewayCall.text).to.equal(succeededWith(page(builtIn)))
  })

  it("lists the operator's own levels among them, by number, decimals as numbers", async () => {
    await gateway.db('account_user_level').insert({
      user_level_id: 900,
      user_level_name: '会员',
      user_level_exp: 5,
      user_level_spend: 12.5,
      user_level_rate: 99.75,
    })
    const own = level(900, '会员', 5, 12.5, 99.75, false)
    expect((await gateway.request(path)).text).to.equal(doneWith(page([own, ...builtIn])))
    await gateway.db('account_user_level').where({ user_level_id: 900 }).delete()
  })

  it('is paged and sorted as every list', async () => {
    const own = Array.from({ length: 12 }, (_, at) => ({ user_level_id: 2000 + at }))
    await gateway.db('account_user_level').insert(own)
    const { json } = await gateway.request(`${path}?size=2&page=2`)
    const { items, ...figures } = (json?.data ?? {}) as { items?: unknown[] }
    expect(items).to.have.length(2)
    expect(figures).to.deep.equal({ page: 2, size: 2, records: 15, total: 8 })
    const past = await gateway.request(`${path}?page=3&sidx=user_level_exp&sort=desc`)
    expect(past.json?.data).to.deep.include({ items: [], page: 3, total: 2 })
    expect((await gateway.request(`${path}?size=501`)).json).to.include({
      code: 300,
      msg: '分页数量最大500条',
    })
    expect((await gateway.request(`${path}?sidx=xx`)).json).to.include({ code: 300 })
    await gateway.db('account_user_level').where('user_level_id', '>=', 2000).delete()
  })

  it('answers an empty list when there are no levels', async () => {
    await gateway.db('account_user_level').delete()
    const { text } = await gateway.request(path)
    expect(text).to.equal(doneWith(page([])))
  })
})
