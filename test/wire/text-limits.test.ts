import { expect } from 'chai'
import type { MethodName } from '../../gateway/contract/method.js'
import { inlineDefinitions, type JsonSchema } from '../../schemas/contract-document.js'
import { contractDocuments, sharedDefinitions } from '../../schemas/contracts.js'
import { fieldRefused } from '../answers.js'
import { startGateway, type TestGateway } from '../harness.js'
import { manyMessages } from '../methods/front/account/userMessage/message-users.js'
import { addAdmin } from '../methods/manage/account/administrators.js'
import { onEachDatabase } from '../servers/databases.js'
import { toSnake } from './account-document.js'
import { addOwner, makeRows, type Owner } from './owned-rows.js'

/** A method that stores texts, and where they stand afterwards. */
interface Writer {
  readonly method: MethodName
  readonly table: string
  readonly key: string
  /** The parameters besides the text, of those that owned-rows.ts makes. */
  readonly ids: readonly string[]
  /** What must be sent besides. */
  readonly sent?: Readonly<Record<string, string>>
  /** What the row must be besides. */
  readonly row?: Readonly<Record<string, number>>
  /** Parameters whose column has another name. */
  readonly columns?: Readonly<Record<string, string>>
  /** Texts that are no texts of a column: JSON, names that are looked for, addresses of pictures, ids. */
  readonly others?: readonly string[]
}

const address = { table: 'account_user_delivery_address', key: 'ud_id' }
const invoice = { table: 'account_user_invoice', key: 'user_invoice_id' }

const message = { table: 'account_user_message', key: 'message_id' }

const writers: readonly Writer[] = [
  { ...address, method: 'front.account.userDeliveryAddress.add', ids: [] },
  { ...address, method: 'front.account.userDeliveryAddress.save', ids: ['ud_id'] },
  { ...address, method: 'manage.account.userDeliveryAddress.add', ids: ['user_id'] },
  { ...address, method: 'manage.account.userDeliveryAddress.edit', ids: ['ud_id'] },
  { ...invoice, method: 'front.account.userInvoice.add', ids: [] },
  { ...invoice, method: 'front.account.userInvoice.edit', ids: ['user_invoice_id'] },
  { ...invoice, method: 'manage.account.userInvoice.add', ids: ['user_id'] },
  { ...invoice, method: 'manage.account.userInvoice.edit', ids: ['user_invoice_id'] },
  { ...message, method: 'manage.account.userMessage.add', ids: ['user_id'], sent: { message_content: 'text' } },
  { ...message, method: 'manage.account.userMessage.edit', ids: ['message_id'], row: { message_type: 1 } },
  {
    ...message,
    method: 'front.account.userMessage.add',
    ids: ['user_other_id'],
    columns: { item_id: 'message_data_id' },
    others: ['user_nickname', 'to', 'mine'],
  },
  {
    method: 'front.account.user.edit',
    table: 'account_user_info',
    key: 'user_id',
    ids: [],
    others: ['user_avatar', 'tag_ids'],
  },
]

onEachDatabase('every text of a user', function (database) {
  this.timeout(60_000)
  let gateway: TestGateway
  let owner: Owner
  let partner: Owner
  let adminToken = ''
  before(async () => {
    gateway = await startGateway(database, manyMessages)
    owner = await addOwner(gateway, 'of-the-owner')
    partner = await addOwner(gateway, 'of-the-partner')
    adminToken = (await addAdmin(gateway)).token
  })
  after(() => gateway?.close())

  async function write({ method, table, key, ids, row, sent }: Writer, name: string, text: string) {
    // A user may keep a hundred of most things.
    if (key !== 'user_id') await gateway.db.from(table).where({ user_id: owner.uid }).delete()
    const rows = await makeRows(gateway, owner, partner)
    if (row) await gateway.db.from(table).where({ [key]: rows[key] }).update(row)
    const named = ids.map((id) => [id, String(rows[id])] as const)
    const token = method.startsWith('manage.') ? adminToken : owner.token
    const body = new URLSearchParams({ ...Object.fromEntries(named), ...sent, [name]: text, perm_key: token })
    const answer = await gateway.request(`/${method.replaceAll('.', '/')}`, { method: 'POST', body })
    return { answer, rows }
  }

  for (const writer of writers)
    for (const [name, most] of textsOf(writer)) {
      it(`keeps ${most} characters of four bytes in ${name} of ${writer.method}`, async () => {
        for (const text of ['😀'.repeat(most), `${'𠮷'.repeat(most - 1)}é`]) {
          const { answer, rows } = await write(writer, name, text)
          expect(answer.json, answer.text).to.include({ status: 200, code: 0 })
          const { table, key, ids, columns } = writer
          const query = gateway.db.from(table).where({ user_id: owner.uid })
          const [row] = ids.includes(key)
            ? await query.where({ [key]: rows[key] })
            : await query.orderBy(key, 'desc').limit(1)
          expect(row?.[columns?.[name] ?? name]).to.equal(text)
        }
      })

      it(`refuses more in words for the customer in ${name} of ${writer.method}`, async () => {
        for (const text of ['😀'.repeat(most + 1), 'x'.repeat(most + 1)]) {
          const { answer } = await write(writer, name, text)
          expect(answer.status).to.equal(200)
          const { 'x-label': label } = schemaOf(writer.method, name)
          expect(answer.text).to.equal(fieldRefused(`${label}不能超过${most}个字`))
          expect(label).to.match(/^[\u4e00-\u9fff]+$/)
        }
      })
    }

  it('is every one that a contract bounds, of the methods that write one', () => {
    const known: readonly string[] = writers.map(({ method }) => method)
    const others = (Object.keys(contractDocuments) as MethodName[])
      .filter((method) =>
        /^(front|manage)\.account\.(userDeliveryAddress|userInvoice|userMessage)\./.test(method),
      )
      .filter((method) => contractDocuments[method]['x-verbs']?.includes('POST') && !known.includes(method))
    expect(others.filter((method) => boundedOf(method).length > 0)).to.deep.equal([])
  })
})

/** The parameters of a method whose texts are bounded, in snake_case, each with its most characters. */
function boundedOf(method: MethodName): (readonly [string, number])[] {
  const { properties } = inlineDefinitions(contractDocuments[method], sharedDefinitions)
  return Object.entries(properties).flatMap(([name, { maxLength, description }]) =>
    maxLength === undefined || description?.startsWith('ignored')
      ? []
      : [[toSnake(name), maxLength] as const],
  )
}

/** The schema of a parameter that is named in snake_case. */
function schemaOf(method: MethodName, name: string): JsonSchema {
  const { properties } = inlineDefinitions(contractDocuments[method], sharedDefinitions)
  return Object.entries(properties).find(([it]) => toSnake(it) === name)?.[1] ?? {}
}

function textsOf({ method, others = [] }: Writer): (readonly [string, number])[] {
  return boundedOf(method).filter(([name]) => !others.includes(name))
}
