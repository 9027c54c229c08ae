import { defineMethod } from '../../../../gateway/contract/method.js'
import { isMessageSigned } from '../../../../gateway/services/wechat/messages/crypto.js'
import { answerCheck, answerText, receiveMessage } from '../../../rules/wechat/callbacks.js'

export default defineMethod('front.account.wechat.index', {
  auth: 'none',
  async handle({ params, body }, services) {
    const { official } = services.wechat
    const { timestamp, nonce, signature } = params
    const isSigned = isMessageSigned(official?.messages?.token ?? '', [timestamp, nonce], signature)
    if (!official?.messages || !isSigned) return answerText(403, '')
    // WeChat verifies the address by GET, before it posts anything.
    if (body === undefined) return answerCheck(services, params)
    return receiveMessage(services, { ...official.messages, appId: official.appId }, { ...params, body })
  },
})
