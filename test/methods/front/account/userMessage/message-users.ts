import { dataOf, type TestGateway } from '../../../../harness.js'
import { createAccountClient } from '../account-client.js'

/** A user who sends and receives messages. */
export interface Correspondent {
  readonly uid: number
  readonly nickname: string
  readonly token: string
  /** Sends a text and returns the numbers of its two rows. */
  send(to: { readonly uid: number }, text: string): Promise<SentMessage>
}

export interface SentMessage {
  readonly message_id: number
  readonly message_other_id: number
}

let made = 0

/** A signed-in user with a nickname that nobody else has. */
export async function addCorrespondent(gateway: TestGateway, name = '某人'): Promise<Correspondent> {
  const nickname = `${name}${++made}`
  const user = await gateway.addUser({ nickname })
  const token = await user.startSession()
  const client = createAccountClient(gateway)
  return {
    uid: user.uid,
    nickname,
    token,
    async send({ uid }, text) {
      const fields = { user_other_id: String(uid), message_content: text }
      return dataOf<SentMessage>((await client.post('userMessage/add', fields, token)).json)
    },
  }
}

/** Lets a test send as much as it likes. */
export const manyMessages = { MESSAGE_PER_MINUTE: '300', MESSAGE_PER_DAY: '100000' }
