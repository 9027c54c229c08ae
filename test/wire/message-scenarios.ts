import { dataOf, type TestGateway } from '../harness.js'
import type { Scenario } from './account-scenarios.js'

type Prepare = (gateway: TestGateway) => Promise<Scenario>

interface Inbox {
  readonly token: string
  /** Who wrote the message in it. */
  readonly writerId: number
  readonly messageId: number
}

async function receiveMessage(gateway: TestGateway): Promise<Inbox> {
  const [reader, writer] = [await gateway.addUser(), await gateway.addUser()]
  const fields = { user_other_id: String(reader.uid), message_content: '你好' }
  const body = new URLSearchParams({ ...fields, perm_key: await writer.startSession() })
  const { json } = await gateway.request('/front/account/userMessage/add', { method: 'POST', body })
  const { message_other_id: messageId } = dataOf<{ message_other_id: number }>(json)
  return { token: await reader.startSession(), writerId: writer.uid, messageId }
}

function withMessage(values: (inbox: Inbox) => Record<string, string> = () => ({})): Prepare {
  return async (gateway) => {
    const inbox = await receiveMessage(gateway)
    return { values: values(inbox), token: inbox.token }
  }
}

const open: Prepare = async () => ({ values: {} })

/** How each operation on messages is called with success, by its path. */
export const messageScenarios: Readonly<Record<string, Prepare>> = {
  '/front/account/userMessage/add': withMessage(({ writerId }) => ({
    messageCat: 'text',
    messageContent: '你也好',
    messageH: '0',
    messageW: '0',
    userOtherId: String(writerId),
  })),
  '/front/account/userMessage/get': withMessage(({ messageId }) => ({ message_id: String(messageId) })),
  '/front/account/userMessage/list': withMessage(() => ({ messageType: '0', page: '1', size: '10' })),
  '/front/account/userMessage/listChatMsg': withMessage(({ writerId }) => ({
    userOtherId: String(writerId),
    sourceType: '2313',
    page: '1',
  })),
  '/front/account/userMessage/getNotice': withMessage(),
  '/front/account/userMessage/getMsgCount': withMessage(() => ({ recently_flag: 'true' })),
  '/front/account/userMessage/setRead': withMessage(({ writerId }) => ({ user_other_id: String(writerId) })),
  '/front/account/userMessage/getImConfig': open,
  '/front/account/userMessage/getKefuConfig': open,
}

const row = {
  message_cat: '',
  message_content: '',
  message_data_id: '',
  message_data_type: 0,
  message_h: 0,
  message_id: 0,
  message_is_delete: false,
  message_is_read: false,
  message_kind: 0,
  message_length: 0,
  message_parent_id: 0,
  message_time: 0,
  message_title: '',
  message_type: 0,
  message_w: 0,
  user_id: 0,
  user_nickname: '',
  user_other_id: 0,
  user_other_nickname: '',
}
const pictures = { user_avatar: '', user_other_avatar: '' }
const page = { page: 0, size: 0, records: 0, total: 0 }
const content = { message_content: '', text: '' }

/** Answers whose keys account.md §6 names, so that the document's own example does not count (§11). */
export const messageExamples: Readonly<Record<string, unknown>> = {
  '/front/account/userMessage/list': { ...page, items: [{ ...row, ...pictures }] },
  '/front/account/userMessage/listChatMsg': {
    ...page,
    items: [
      {
        type: 'user',
        msg: { message_id: 0, message_cat: '', userinfo: { username: '', uid: 0, face: '' }, content },
        message_kind: 0,
        message_content: '',
        message_time: 0,
        ...pictures,
        user_nickname: '',
        user_other_nickname: '',
      },
    ],
  },
  '/front/account/userMessage/getMsgCount': { num: 0, msg_row: row },
}
