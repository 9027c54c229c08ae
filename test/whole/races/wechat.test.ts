import { expect } from 'chai'
import { beginState } from '../../../methods/rules/wechat/states.js'
import { onEachDatabase } from '../../servers/databases.js'
import {
  startWechat,
  type Wechat,
  wechatApps,
  type WechatPerson,
  type WechatWay,
} from '../../servers/wechat/wechat.js'
import { openTrack, type Track } from './track.js'

const done = 200
/** WECHAT_FAILED and WECHAT_STATE in the passport envelope. */
const refused = 400

onEachDatabase('one person of WeChat who comes in parallel', function (database) {
  this.timeout(120_000)
  let wechat: Wechat
  let track: Track
  before(async () => {
    wechat = await startWechat()
    track = await openTrack(database, wechat.settings())
  })
  after(async () => {
    await track?.close()
    await wechat?.stop()
  })

  const signIn = (person: WechatPerson, way: Exclude<WechatWay, 'web'>) => ({
    method: `front.account.wechat.${way === 'mini' ? 'jsCode2Session' : 'callbackMp'}`,
    params: { code: wechat.codeFor(person, way) },
  })
  const newUsers = async () => {
    const ids = await track.db('account_user_base').orderBy('user_id').pluck('user_id')
    return async () => track.db('account_user_base').whereNotIn('user_id', ids).pluck('user_id')
  }
  /** The one user that came of a race, of whom there is one of each row. */
  async function expectOneUser(made: number[], person: WechatPerson, ways: readonly WechatWay[]) {
    expect(made).to.have.length(1)
    const [user_id = 0] = made
    for (const table of ['account_user_info', 'account_user_login', 'pay_user_resource'] as const)
      expect(await track.db(table).where({ user_id }), table).to.have.length(1)
    const points = await track.db('pay_user_points_history').where({ user_id, points_type_id: 1 })
    expect(points, 'points for registering').to.have.length(1)
    const bindings = await track.db('account_user_bind_connect').where({ user_id })
    expect(bindings.map(({ bind_id }) => bind_id)).to.have.members(ways.map((way) => person.openid[way]))
    const identities = await track.db('user_identity').where({ user_id }).pluck('value')
    expect(identities).to.have.members([
      ...ways.map((way) => `${wechatApps[way].appId}:${person.openid[way]}`),
      ...(person.unionid === undefined ? [] : [person.unionid]),
    ])
    expect(await track.db('user_identity').where({ user_id: 0 })).to.deep.equal([])
  }

  it('is one user after 200 first sign-ins of one openid', async () => {
    for (const unionid of [true, false]) {
      const person = wechat.addPerson({ unionid })
      const made = await newUsers()
      const { codes } = await track.race(Array.from({ length: 200 }, () => signIn(person, 'official')))
      expect(codes).to.deep.equal({ [done]: 200 })
      await expectOneUser(await made(), person, ['official'])
    }
  })

  it('is one user after 200 first sign-ins of two openids of one unionid', async () => {
    const person = wechat.addPerson()
    const made = await newUsers()
    const calls = Array.from({ length: 200 }, (_, at) => signIn(person, at % 2 === 0 ? 'official' : 'mini'))
    const { codes } = await track.race(calls)
    expect(codes).to.deep.equal({ [done]: 200 })
    await expectOneUser(await made(), person, ['official', 'mini'])
  })

  it('is signed in once by a code that comes 60 times', async () => {
    const person = wechat.addPerson()
    const made = await newUsers()
    const call = signIn(person, 'official')
    const { codes } = await track.race(Array.from({ length: 60 }, () => call))
    expect(codes).to.deep.equal({ [done]: 1, [refused]: 59 })
    const [user_id = 0] = await made()
    expect(await track.db('user_session').where({ user_id })).to.have.length(1)
  })

  it('is signed in once by a state that comes back 60 times, each with a code of its own', async () => {
    const person = wechat.addPerson()
    const services = { db: track.db, clock: { now: Date.now } }
    const state = await beginState(services, { appId: wechatApps.official.appId })
    const made = await newUsers()
    const calls = Array.from({ length: 60 }, () => {
      const { method, params } = signIn(person, 'official')
      return { method, params: { ...params, state } }
    })
    const { codes } = await track.race(calls)
    expect(codes).to.deep.equal({ [done]: 1, [refused]: 59 })
    expect(await made()).to.have.length(1)
    expect(await track.db('wechat_state').select()).to.deep.equal([])
  })
})
