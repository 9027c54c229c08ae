import { expect } from 'chai'
import { onEachDatabase } from '../../servers/databases.js'
import { readMessage } from './messages.js'
import { useTrack } from './track.js'

const parallel = 100
const sent = 200
/** A limit of the sender's is an answer of the form for these clients, and no HTTP 429 (account-beside.md §5). */
const refused = 400
const refusal = '{"code":400,"message":"请求过于频繁，请稍后再试"}'

for (const [limit, count, env] of [
  ['MESSAGE_PER_MINUTE', 30, {}],
  ['MESSAGE_PER_DAY', 17, { MESSAGE_PER_DAY: '17', MESSAGE_PER_MINUTE: '300' }],
] as const)
  onEachDatabase(`${parallel} messages of one user sent in parallel`, function (database) {
    this.timeout(60_000)
    const track = useTrack(database, env)

    const signUp = async (mobile: string): Promise<{ token: string; user_id: number }> => {
      await track.call('web.passport.sendcode', { mobile })
      const verify_code = await readMessage(track.db, `+86${mobile}`, /(\d{4})/)
      const params = { bind_type: '1', verify_key: mobile, verify_code, password: 'secret of his own' }
      const { body } = await track.call('front.account.login.register', params)
      return (JSON.parse(body) as { data: { token: string; user_id: number } }).data
    }

    it(`are as many as ${limit} allows, each with both its rows`, async () => {
      const { token, user_id } = await signUp('13900000001')
      const receivers = await track.addUsers(5)
      const calls = Array.from({ length: parallel }, (_, at) => ({
        method: 'front.account.userMessage.add',
        params: {
          perm_key: token,
          user_other_id: String(receivers[at % 5]),
          message_content: `number ${at}`,
        },
      }))
      const { answers, codes } = await track.race(calls)
      expect(codes).to.deep.equal({ [sent]: count, [refused]: parallel - count })
      const refusals = answers.filter(({ code }) => code === refused).map(({ body }) => body)
      expect(refusals).to.deep.equal(Array(parallel - count).fill(refusal))
      const rows = await track.db('account_user_message').where({ message_type: 2 })
      const textsOf = (kind: number) =>
        rows.filter((row) => row.message_kind === kind).map((row) => row.message_content)
      expect(rows.filter((row) => row.user_id === user_id)).to.have.length(count)
      expect(textsOf(1)).to.have.length(count)
      expect(textsOf(2)).to.have.members(textsOf(1))
    })
  })
