import { expect } from 'chai'
import { createAliyunSender } from '../../../../gateway/services/sms/aliyun.js'
import type { SmsSender } from '../../../../gateway/services/sms/sms-sender.js'
import { createTencentSender } from '../../../../gateway/services/sms/tencent.js'
import { createWebhookSender } from '../../../../gateway/services/sms/webhook.js'
import { systemClock } from '../../../../gateway/services/clock.js'
import { freePort } from '../../../servers/processes/process.js'
import { startVendorServer, type VendorReply, type VendorServer } from '../../../servers/sms/vendor-server.js'
import { codeMessage, detailOf, failureOf } from './messages.js'

const templates = { code: '1' }
const signName = '某某商城'

/** Each kind of vendor, at an address. */
const vendors: readonly { readonly name: string; readonly at: (url: string) => SmsSender }[] = [
  { name: 'webhook', at: (url) => createWebhookSender(url) },
  {
    name: 'aliyun',
    at: (url) =>
      createAliyunSender(
        { provider: 'aliyun', url, keyId: 'hush-id', keySecret: 'hush-secret', signName, templates },
        systemClock,
      ),
  },
  {
    name: 'tencent',
    at: (url) =>
      createTencentSender(
        {
          provider: 'tencent',
          url,
          secretId: 'hush-id',
          secretKey: 'hush-secret',
          appId: '1',
          region: 'ap-guangzhou',
          signName,
          templates,
        },
        systemClock,
      ),
  },
]

for (const { name, at } of vendors) {
  describe(`a vendor of text messages that is not well: ${name}`, () => {
    let server: VendorServer
    let reply: VendorReply = { status: 200, json: {} }
    before(async () => {
      server = await startVendorServer(() => reply)
    })
    after(() => server.stop())

    it('is not waited for longer than it is given', async () => {
      server.mood = 'silent'
      expect(await detailOf(at(server.url).send(codeMessage, 50))).to.equal(`${name}: no answer in time`)
    })

    it('is given five seconds when nothing else is said', async () => {
      server.mood = 'silent'
      const given: number[] = []
      const { setTimeout } = globalThis
      const soon = (work: () => void, milliseconds?: number) => {
        given.push(milliseconds ?? 0)
        return setTimeout(work, 1)
      }
      try {
        globalThis.setTimeout = Object.assign(soon, setTimeout)
        expect(await detailOf(at(server.url).send(codeMessage))).to.equal(`${name}: no answer in time`)
      } finally {
        globalThis.setTimeout = setTimeout
      }
      expect(given).to.deep.equal([5000])
    })

    it('fails when it hangs up, when nobody is there, and when a proxy answers in its place', async () => {
      server.mood = 'hangs up'
      expect(await detailOf(at(server.url).send(codeMessage))).to.match(
        new RegExp(`^${name}: (UND_ERR_SOCKET|ECONNRESET)$`),
      )
      const nowhere = `http://127.0.0.1:${await freePort()}`
      expect(await detailOf(at(nowhere).send(codeMessage))).to.equal(`${name}: ECONNREFUSED`)
      server.mood = 'bad gateway'
      expect(await detailOf(at(server.url).send(codeMessage))).to.equal(`${name}: HTTP 502`)
    })

    it('fails when its answer is longer than 64 KiB', async () => {
      server.mood = 'well'
      reply = { status: 200, json: 'x'.repeat(65 * 1024) }
      expect(await detailOf(at(server.url).send(codeMessage))).to.equal(`${name}: ANSWER_TOO_LONG`)
    })

    it('is not followed elsewhere', async () => {
      server.mood = 'well'
      reply = { status: 307, json: {}, location: `${server.url}/elsewhere` }
      const { requests } = server
      expect(await detailOf(at(server.url).send(codeMessage))).to.equal(`${name}: HTTP 307`)
      expect(server.requests).to.equal(requests + 1)
    })

    it('fails without telling number, code or keys', async () => {
      server.mood = 'hangs up'
      const failure = await failureOf(at(server.url).send(codeMessage))
      const told = [failure.message, failure.stack, JSON.stringify(failure), String(failure.cause)].join()
      expect(told).not.to.match(/13912345678|4711|hush/)
    })

    if (name === 'webhook') return

    it('fails when its answer is not of its document', async () => {
      server.mood = 'well'
      for (const json of [{}, [], null, 'OK', 7, { Code: 7 }, { Response: { SendStatusSet: [] } }]) {
        reply = { status: 200, json }
        expect(await detailOf(at(server.url).send(codeMessage)), JSON.stringify(json)).to.equal(
          `${name}: HTTP 200`,
        )
      }
    })
  })
}
