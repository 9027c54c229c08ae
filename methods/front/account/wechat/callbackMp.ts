import { defineMethod } from '../../../../gateway/contract/method.js'
import { officialOf } from '../../../../gateway/services/wechat/ways.js'
import { settleWechatUser } from '../../../rules/wechat/identities.js'
import { leadOn, returnWithSession } from '../../../rules/wechat/returns.js'
import { signInByWechat } from '../../../rules/wechat/sign-ins.js'
import { isOurState, requireState } from '../../../rules/wechat/states.js'
import { agreementPage } from '../../../rules/wechat/ticket-agreements.js'

export default defineMethod('front.account.wechat.callbackMp', {
  auth: 'none',
  limit: { by: 'ip', points: 120, seconds: 60 },
  async handle(call, services) {
    const official = officialOf(services.wechat)
    const { code, state } = call.params
    // The H5 site builds WeChat's address itself, with a state of its own (account.md §9).
    const begun = isOurState(state)
      ? await requireState(services, official.appId, state, call.cookie)
      : { return_to: '', ticket_hash: '' }
    const readUser = async () =>
      ({ ...(await official.readProfile(code)), way: 'official', appId: official.appId }) as const
    const signIn = async () => signInByWechat(services, await readUser(), call)
    if (begun.ticket_hash !== '')
      return leadOn(services, async () => {
        const userId = await settleWechatUser(services, await readUser(), { rule: 'register', call })
        return agreementPage(services, { ticketHash: begun.ticket_hash, userId })
      })
    if (begun.return_to !== '')
      return leadOn(services, async () => returnWithSession(begun.return_to, await signIn()))
    return signIn()
  },
})
