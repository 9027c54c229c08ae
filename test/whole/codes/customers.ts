import { updateState } from '../../../db/users.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import type { TestGateway, TestUser } from '../../harness.js'
import {
  type AccountClient,
  createAccountClient,
  pictureText,
} from '../../methods/front/account/account-client.js'

type Fields = Readonly<Record<string, string>>

/** What a row of the tables of account-beside.md §5 is tried with. */
export interface Customers extends AccountClient {
  readonly gateway: TestGateway
  /** A number of area 86 that no test has had. */
  newMobile(): string
  /** Signs in by password. */
  login(fields: Fields): Promise<HttpAnswer>
  /** Registers by number with a right code, `over` the usual fields. */
  register(over?: Fields): Promise<HttpAnswer>
  /** Posts as a signed-in user; a new one if none is given. */
  as(user: TestUser | undefined, path: string, fields: Fields): Promise<HttpAnswer>
  /** Sets a new password by the old one and a right picture. */
  setByOld(user: TestUser, fields: Fields): Promise<HttpAnswer>
  lock(user: TestUser): Promise<TestUser>
}

let lastMobile = 13_400_000_000

export function createCustomers(gateway: TestGateway): Customers {
  const client = createAccountClient(gateway)
  const newMobile = () => String(++lastMobile)
  return {
    ...client,
    gateway,
    newMobile,
    login: (fields) => client.post('login/login', fields),
    async register(over = {}) {
      const mobile = newMobile()
      const verify_code = await client.receiveCode(mobile)
      const fields = { bind_type: '1', verify_key: mobile, verify_code, password: 'a new password' }
      return client.post('login/register', { ...fields, ...over })
    },
    async as(user, path, fields) {
      const token = await (user ?? (await gateway.addUser())).startSession()
      return client.post(path, fields, token)
    },
    async setByOld(user, fields) {
      const verify_key = await client.drawPicture()
      const given = { bind_type: '3', verify_key, verify_code: pictureText, password: 'a new password' }
      return client.post('login/setNewPassword', { ...given, ...fields }, await user.startSession())
    },
    async lock(user) {
      await updateState(gateway.db, user.uid, 0)
      return user
    },
  }
}
