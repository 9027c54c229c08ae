import { randomInt } from 'node:crypto'
import type { HttpAnswer } from '../fetch-answer.js'
import { dataOf, type TestGateway } from '../harness.js'
import type { Wechat } from '../servers/wechat/wechat.js'
import { addressScenarios } from './address-scenarios.js'
import { messageScenarios } from './message-scenarios.js'
import { wechatScenarios } from './wechat-scenarios.js'

/** What a documented operation is called with: values by documented name, the others empty; and whose call it is. */
export interface Scenario {
  readonly values: Readonly<Record<string, string>>
  readonly token?: string
  /** What the wire needs and the document forgot. */
  readonly undocumented?: Readonly<Record<string, string>>
  /** What is answered, where that is not the usual envelope. */
  readonly check?: (answer: HttpAnswer) => unknown
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
export const scenarios: Readonly<
  Record<string, (gateway: TestGateway, wechat: Wechat) => Promise<Scenario>>
> = {
  ...addressScenarios,
  ...messageScenarios,
  ...wechatScenarios,
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
  '/front/account/userInvoice/list': async (gateway) => {
    const token = (await signedIn(gateway)).token ?? ''
    await addInvoice(gateway, token)
    return { values: { page: '1', size: '10', 'like[0].column': '', 'order[0].sidx': 'invoice_datetime' }, token }
  },
  '/front/account/userInvoice/get': ownInvoice('user_invoice_id'),
  '/front/account/userInvoice/add': async (gateway) => ({
    ...(await signedIn(gateway)),
    values: invoiceFields,
  }),
  '/front/account/userInvoice/edit': async (gateway) => {
    const { values, token = '' } = await ownInvoice('userInvoiceId')(gateway)
    return { values: { ...invoiceFields, ...values }, token }
  },
  '/front/account/userInvoice/remove': ownInvoice('user_invoice_id'),
}

/** A call that names one of the caller's invoices. */
function ownInvoice(parameter: string): Prepare {
  return async (gateway) => {
    const token = (await signedIn(gateway)).token ?? ''
    return { values: { [parameter]: String(await addInvoice(gateway, token)) }, token }
  }
}

async function addInvoice(gateway: TestGateway, token: string): Promise<number> {
  const body = new URLSearchParams({ invoice_title: '示例有限公司', perm_key: token })
  const { json } = await gateway.request('/front/account/userInvoice/add', { method: 'POST', body })
  return dataOf<{ user_invoice_id: number }>(json).user_invoice_id
}

/** What the shop's forms send of an invoice. */
const invoiceFields = {
  invoiceCompanyCode: '91350100M000100Y43',
  invoiceContactMobile: '13912345678',
  invoiceContent: '办公用品',
  invoiceDatetime: '2024-02-29 08:09:10',
  invoiceIsCompany: '1',
  invoiceIsDefault: 'true',
  invoiceIsElectronic: '1',
  invoiceTitle: '示例有限公司',
  invoiceType: '1',
  userId: '1',
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
