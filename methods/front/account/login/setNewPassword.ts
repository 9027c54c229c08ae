import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { takeCaptcha } from '../../../rules/codes/captchas.js'
import { readEmailChannel, readMobileChannel, takeChannelCode } from '../../../rules/codes/channels.js'
import { changeOwnPassword, resetPassword } from '../../../rules/accounts/passwords/changes.js'
import { isEncrypted, readPassword } from '../../../rules/accounts/passwords/texts.js'
import { checkNewPassword } from '../../../rules/accounts/passwords/rules.js'
import { requireHashRoom } from '../../../rules/accounts/passwords/passwords.js'
import { bindTypes } from '../../../rules/accounts/registrations.js'

/** By a code that was sent to the user's number or e-mail address, or by the old password and a picture. */
export default defineMethod('front.account.login.setNewPassword', {
  auth: 'optional',
  limit: { by: 'ip', points: 120, seconds: 60 },
  async handle(call, services) {
    const { params, session } = call
    const { bindType, verifyKey = '', verifyCode = '', oldPassword = '' } = params
    const { mobile, email, account } = bindTypes
    if (![mobile, email, account].some((type) => type === bindType)) throw new GatewayError('BIND_TYPE_WRONG')
    if (bindType === account && !session) throw new GatewayError('LOGIN_REQUIRED')
    const read = (text: string) => readPassword(services, text, isEncrypted(params.encrypt))
    const password = await read(params.password)
    await checkNewPassword(services, password, 'legacy')
    if (bindType === account && session) {
      requireHashRoom(services)
      await takeCaptcha(services, verifyKey, verifyCode)
      await changeOwnPassword(
        services,
        { oldPassword: await read(oldPassword), password },
        { ...call, session },
      )
      return
    }
    const channel = bindType === mobile ? readMobileChannel(verifyKey) : readEmailChannel(verifyKey)
    if (!channel) throw new GatewayError(bindType === mobile ? 'MOBILE_WRONG' : 'EMAIL_UNKNOWN')
    await services.passwords.reserve(async (write) => {
      const attempt = { address: channel.address, code: verifyCode, purpose: 'reset' } as const
      await takeChannelCode(services, attempt, call)
      await resetPassword(services, { channel, password, write }, call)
    })
  },
})
