import { randomInt } from 'node:crypto'
import type { TestGateway } from '../harness.js'

/** What a documented operation is called with: values by documented name, the others empty; and whose call it is. */
export interface Scenario {
  readonly values: Readonly<Record<string, string>>
  readonly token?: string
}

type Prepare = (gateway: TestGateway) => Promise<Scenario>

/** A mainland number nobody has. */
const freshMobile = () => `139${randomInt(10_000_000, 100_000_000)}`

async function codeFor(gateway: TestGateway, mobile: string): Promise<string> {
  await gateway.request(`/front/sys/captcha/mobile?mobile=${encodeURIComponent(`+86${mobile}`)}`)
  return gateway.lastCode(mobile)
}

const signedIn: Prepare = async (gateway) => ({
  values: {},
  token: await (await gateway.addUser()).startSession(),
})
const open: Prepare = async () => ({ values: {} })

async function bindMobile(gateway: TestGateway): Promise<Scenario> {
  const mobile = freshMobile()
  const { token } = await signedIn(gateway)
  return {
    values: { verifyKey: `+86${mobile}`, verifyCode: await codeFor(gateway, mobile) },
    ...(token === undefined ? {} : { token }),
  }
}

/** How each operation of the account document is called with success, by its path. */
export const scenarios: Readonly<Record<string, Prepare>> = {
  '/front/account/login/login': async (gateway) => {
    const mobile = freshMobile()
    const { password } = await gateway.addUser({ mobile })
    return { values: { userAccount: `+86${mobile}`, password } }
  },
  '/front/account/login/doSmsLogin': async (gateway) => {
    const mobile = freshMobile()
    return { values: { verifyKey: `+86${mobile}`, verifyCode: await codeFor(gateway, mobile) } }
  },
  '/front/account/login/register': async (gateway) => {
    const mobile = freshMobile()
    const verifyCode = await codeFor(gateway, mobile)
    const number = `+86${mobile}`
    return { values: { bindType: '1', encrypt: 'false', userAccount: number, password: 'a new password', verifyKey: number, verifyCode } }
  },
  '/front/account/login/setNewPassword': async (gateway) => {
    const mobile = freshMobile()
    await gateway.addUser({ mobile })
    const verifyCode = await codeFor(gateway, mobile)
    return {
      values: { bindType: '1', password: 'a new password', verifyKey: `+86${mobile}`, verifyCode },
    }
  },
  '/front/account/login/logout': async (gateway) => (signedIn(gateway)),
  '/front/account/login/protocol': async () => ({
    values: { state: '0', protocols_key: 'reg_protocols_description' },
  }),
  '/front/account/user/info': signedIn,
  '/front/account/user/listBaseUserLevel': open,
  '/front/account/user/listsExpRule': open,
  '/front/account/user/bindMobile': bindMobile,
  '/front/account/user/unBindMobile': async (gateway) => {
    const mobile = freshMobile()
    const token = await (await gateway.addUser({ mobile })).startSession()
    const verifyCode = await codeFor(gateway, mobile)
    return { values: { verifyKey: `+86${mobile}`, verifyCode }, token }
  },
  '/front/account/user/edit': async (gateway) => ({
    ...(await signedIn(gateway)),
    values: { ...userFields, userNickname: `昵称${freshMobile()}` },
  }),
  '/front/account/user/saveCertificate': async (gateway) => ({
    ...(await signedIn(gateway)),
    values: {
      ...userFields,
      userRealname: '张三',
      userIdcard: '11010519491231002X',
      userIdcardImages: 'https://example.com/front.jpg,https://example.com/back.jpg',
    },
  }),
}

/** What the shop's forms send of a user, allowed or not. */
const userFields = {
  password: '',
  tagIds: '',
  userAccount: '',
  userAvatar: 'https://example.com/avatar.png',
  userBirthday: '1990-02-03',
  userEmail: '',
  userFrom: '2310',
  userGender: '1',
  userId: '1',
  userIdcard: '',
  userIdcardImages: '',
  userIntl: '+86',
  userIsAuthentication: '2',
  userLevelId: '1003',
  userMobile: '',
  userNew: '1',
  userNickname: '',
  userRealname: '',
  userState: '1',
}
