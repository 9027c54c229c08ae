import { expect } from 'chai'
import { MessageRefused, type SmsSender } from '../../../../gateway/services/sms/sms-sender.js'
import { startVendorServer } from '../../../servers/sms/vendor-server.js'
import { codeMessage, detailOf, failureOf, noticeMessage } from './messages.js'

interface StandIn {
  readonly url: string
  readonly messages: readonly unknown[]
  readonly requests: number
  refusal: string | undefined
}

interface RefusingVendor {
  readonly provider: string
  readonly standIn: StandIn
  /** A sender to the stand-in, or to another address. */
  readonly createSender: (changes?: { readonly url: string }) => SmsSender
  /** What the vendor answers when it has taken a message. */
  readonly taken: unknown
  /** Codes that say something of the vendor or the account, and codes that say something of the message. */
  readonly codes: { readonly ofVendor: readonly string[]; readonly ofMessage: readonly string[] }
  /** The number as the vendor writes it. */
  readonly number: string
}

/** Tests that every vendor's refusals are read alike. */
export function itReadsRefusals({
  provider,
  standIn,
  createSender,
  taken,
  codes,
  number,
}: RefusingVendor): void {
  it('may go to a gateway below a path', async () => {
    const count = standIn.messages.length
    await createSender({ url: `${standIn.url}/sms/${provider}` }).send(codeMessage)
    expect(standIn.messages).to.have.length(count + 1)
  })

  it('are refused by the vendor’s code, which is all that is told of it', async () => {
    const count = standIn.messages.length
    for (const code of codes.ofVendor) {
      standIn.refusal = code
      const failure = await failureOf(createSender().send(codeMessage))
      expect(failure.detail).to.equal(`${provider}: ${code}`)
      expect(failure, code).not.to.be.an.instanceOf(MessageRefused)
      expect(failure.cause).to.equal(undefined)
    }
    expect(standIn.messages).to.have.length(count)
  })

  it('are not sent by an answer that fails, whatever its body says', async () => {
    for (const status of [500, 502, 400, 302, 201]) {
      const proxy = await startVendorServer(() => ({ status, json: taken }))
      const failure = await failureOf(createSender({ url: proxy.url }).send(codeMessage))
      await proxy.stop()
      expect(failure.detail).to.equal(`${provider}: HTTP ${status}`)
      expect(failure).not.to.be.an.instanceOf(MessageRefused)
    }
  })

  it('may be refused for themselves, which says nothing of the vendor', async () => {
    for (const code of codes.ofMessage) {
      standIn.refusal = code
      const failure = await failureOf(createSender().send(codeMessage))
      expect(failure, code).to.be.an.instanceOf(MessageRefused)
      expect(failure.detail).to.equal(`${provider}: ${code}`)
    }
  })

  it('without a template are refused before the vendor is asked', async () => {
    const { requests } = standIn
    const failure = await failureOf(createSender().send({ ...noticeMessage, template: 'password-changed' }))
    expect(failure).to.be.an.instanceOf(MessageRefused)
    expect(failure.detail).to.equal(`${provider}: no template for password-changed`)
    expect(standIn.requests).to.equal(requests)
  })

  it('tell nothing that is not a code, such as the number', async () => {
    standIn.refusal = number
    expect(await detailOf(createSender().send(codeMessage))).to.equal(`${provider}: HTTP 200`)
  })
}
