import type { TestGateway } from '../../../harness.js'

/** Keeps a system notice for a user, with other columns where they are given, and returns its id. */
export async function addNotice({ db }: TestGateway, user_id: number, more: object = {}): Promise<number> {
  const text = { message_title: 'title', message_content: 'text', message_time: Date.now() }
  const notice = { user_id, message_kind: 2, message_type: 1, ...text, ...more }
  const [id = 0] = await db('account_user_message').insert(notice)
  return id
}
