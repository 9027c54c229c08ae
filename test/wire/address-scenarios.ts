import type { TestGateway } from '../harness.js'
import { addAdmin } from '../methods/manage/account/administrators.js'
import { addressOf } from '../methods/front/account/userDeliveryAddress/delivery-addresses.js'
import type { Scenario } from './account-scenarios.js'

type Prepare = (gateway: TestGateway) => Promise<Scenario>

/** What the shop's forms send of an address. */
const addressFields = {
  udAddress: '科技园 1 栋',
  udCity: '深圳市',
  udCityId: '4403',
  udCounty: '南山区',
  udCountyId: '440305',
  udIntl: '+86',
  udIsDefault: 'true',
  udLatitude: '22.533',
  udLongitude: '113.9305',
  udMobile: '13912345678',
  udName: '张三',
  udPostalcode: '518000',
  udProvince: '广东省',
  udProvinceId: '44',
  udTagName: '1001',
  udTelephone: '',
  udTime: '',
}

/** Whose call it is, and an address: his own, or that of whoever an administrator looks at. */
interface Caller {
  readonly token: string
  readonly userId: number
  readonly addAddress: () => Promise<string>
}

async function asUser(gateway: TestGateway): Promise<Caller> {
  const user = await gateway.addUser()
  const token = await user.startSession()
  return { token, userId: user.uid, addAddress: () => addAddress(gateway, token) }
}

async function asAdmin(gateway: TestGateway): Promise<Caller> {
  const { token } = await addAdmin(gateway)
  const user = await asUser(gateway)
  return { token, userId: user.userId, addAddress: user.addAddress }
}

async function addAddress(gateway: TestGateway, token: string): Promise<string> {
  const body = new URLSearchParams({ ud_name: '李四', perm_key: token })
  const answer = await gateway.request('/front/account/userDeliveryAddress/add', { method: 'POST', body })
  return String(addressOf(answer).ud_id)
}

type Enter = (gateway: TestGateway) => Promise<Caller>

const listing =
  (enter: Enter): Prepare =>
  async (gateway) => {
    const { token, addAddress } = await enter(gateway)
    await addAddress()
    return { values: { page: '1', 'order[0].sidx': 'ud_time', 'order[0].sort': 'desc' }, token }
  }

const adding =
  (enter: Enter): Prepare =>
  async (gateway) => {
    const { token, userId } = await enter(gateway)
    return { values: { ...addressFields, userId: String(userId) }, token }
  }

const changing =
  (enter: Enter): Prepare =>
  async (gateway) => {
    const { token, userId, addAddress } = await enter(gateway)
    const udId = await addAddress()
    return { values: { ...addressFields, udId, userId: String(userId) }, token }
  }

const naming =
  (enter: Enter): Prepare =>
  async (gateway) => {
    const { token, addAddress } = await enter(gateway)
    return { values: { ud_id: await addAddress() }, token }
  }

/** How the operations on addresses are called with success. */
export const addressScenarios: Readonly<Record<string, Prepare>> = {
  '/front/account/userDeliveryAddress/list': listing(asUser),
  '/front/account/userDeliveryAddress/get': naming(asUser),
  '/front/account/userDeliveryAddress/add': adding(asUser),
  '/front/account/userDeliveryAddress/save': changing(asUser),
  '/front/account/userDeliveryAddress/remove': naming(asUser),
  '/manage/account/userDeliveryAddress/list': listing(asAdmin),
  '/manage/account/userDeliveryAddress/add': adding(asAdmin),
  '/manage/account/userDeliveryAddress/edit': changing(asAdmin),
  '/manage/account/userDeliveryAddress/remove': naming(asAdmin),
  '/manage/account/userDeliveryAddress/removeBatch': async (gateway) => {
    const { token, addAddress } = await asAdmin(gateway)
    return { values: { ud_id: `${await addAddress()},${await addAddress()}` }, token }
  },
}
