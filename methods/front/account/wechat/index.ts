import { defineMethod } from '../../../../gateway/contract/method.js'
import { isMessageSigned } from '../../../../gateway/services/wechat/messages/crypto.js'
import { answerCheck, answerText, receiveMessage } from '../../../rules/wechat/callbacks.js'

export default defineMethod('front.account.wechat.index', {
  auth: 'none',
  async handle({ params, body }, services) {
    const { official } = services.wechat
    const { timestamp, nonce, signature } = params
    const token = official?.messages?.tokens.find((token) =>
      isMessageSigned(token, [timestamp, nonce], signature),
    )
    if (!official?.messages || token === undefined) return answerText(403, '')
    // WeChat verifies the address by GET, before it posts anything.
    if (body === undefined) return answerCheck(services, params)
    const { aesKeys } = official.messages
    return receiveMessage(services, { appId: official.appId, token, aesKeys }, { ...params, body })
  },
})
