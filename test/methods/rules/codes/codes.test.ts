import { expect } from 'chai'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import type { Services } from '../../../../gateway/services/services.js'
import { type CodeRequest, sendCode } from '../../../../methods/rules/codes/codes.js'
import { takeCode } from '../../../../methods/rules/codes/attempts.js'
import type { ChannelAddress } from '../../../../methods/rules/limits/addresses.js'
import { defined } from '../../../../gateway/wire/defined-fields.js'
import { withGateway } from '../../../suite.js'

const caller = { ip: '127.0.0.1', app: undefined, session: undefined }

withGateway('sent codes', { CODE_GAP: '0' }, (gateway) => {
  let lastNumber = 13_300_000_000
  const newAddress = (): ChannelAddress => `sms:+86${++lastNumber}`
  before(() => gateway.clock.freeze(Date.UTC(2026, 0, 5, 8)))

  const request = (address: ChannelAddress, deliver: CodeRequest['deliver']): CodeRequest => ({
    address,
    sender: caller,
    deliver,
  })

  async function send(address: ChannelAddress, purpose?: string, services?: Services): Promise<string> {
    let sent = ''
    const deliver = async (code: string) => {
      sent = code
    }
    const bound = purpose === undefined ? {} : { purpose }
    await sendCode(services ?? gateway.services, { ...request(address, deliver), ...bound })
    return sent
  }

  async function take(address: ChannelAddress, code: string, purpose?: string): Promise<string> {
    return outcome(takeCode(gateway.services, { address, code, ...defined({ purpose }) }, caller))
  }

  async function outcome(work: Promise<void>): Promise<string> {
    return work.then(
      () => 'done',
      (error: unknown) => (error instanceof GatewayError ? error.key : String(error)),
    )
  }

  const storedCodes = (address: ChannelAddress) =>
    gateway.db('sent_code').where({ address }).orderBy('sequence')
  const storedCode = async (address: ChannelAddress) => (await storedCodes(address))[0]

  /** Sends a code that arrives only after `meanwhile`, which is told the code, and which may refuse it by throwing. */
  async function sendSlowly(
    address: ChannelAddress,
    meanwhile: (code: string) => Promise<void>,
  ): Promise<string> {
    return outcome(sendCode(gateway.services, request(address, meanwhile)))
  }

  const refuse = () => Promise.reject(new GatewayError('SEND_FAILED'))

  it('have four digits, the first no zero, and differ', async () => {
    const codes: string[] = []
    for (let n = 0; n < 100; n++) codes.push(await send(newAddress()))
    for (const code of codes) expect(code).to.match(/^[1-9]\d{3}$/)
    expect(new Set(codes).size).to.be.greaterThan(80)
  })

  it('have as many digits as configured, 4 to 8', async () => {
    const { config } = gateway.services
    for (const length of [4, 5, 6, 7, 8]) {
      const services = { ...gateway.services, config: { ...config, codes: { ...config.codes, length } } }
      expect(await send(newAddress(), undefined, services)).to.match(new RegExp(`^[1-9]\\d{${length - 1}}$`))
    }
  })

  it('are kept as a keyed digest only, which is another for each address', async () => {
    const [first, second] = [newAddress(), newAddress()]
    const code = await send(first)
    const row = await storedCode(first)
    expect(row?.digest).to.match(/^[0-9a-f]{64}$/)
    expect(row?.digest).to.equal(gateway.services.vault.digest('sent-code', `${first} ${code}`))
    await gateway.db('sent_code').insert({ ...row, address: second })
    expect(await take(second, code)).to.equal('VALID_ERROR')
  })

  it('are kept apart by channel', async () => {
    const [number, mail] = ['sms:a@example.com', 'mail:a@example.com'] as const
    const code = await send(mail)
    expect(await take(number, code)).to.equal('VALID_ERROR')
    expect(await take(mail, code)).to.equal('done')
  })

  it('that were asked for a purpose are taken for it only', async () => {
    const address = newAddress()
    const code = await send(address, 'login')
    expect(await take(address, code, 'reset')).to.equal('VALID_ERROR')
    expect(await take(address, code)).to.equal('VALID_ERROR')
    expect(await take(address, code, 'login')).to.equal('done')
    expect(await take(address, code, 'login')).to.equal('VALID_ERROR')
  })

  it('that were asked for no purpose are taken for any, once', async () => {
    const address = newAddress()
    const code = await send(address)
    expect(await take(address, code, 'reset')).to.equal('done')
    expect(await take(address, code, 'login')).to.equal('VALID_ERROR')
  })

  it('tried for another purpose count as wrong tries', async () => {
    const address = newAddress()
    const code = await send(address, 'login')
    for (let n = 0; n < 5; n++) expect(await take(address, code, 'reset')).to.equal('VALID_ERROR')
    expect(await take(address, code, 'login')).to.equal('VALID_CODE_TIMEOUT_CODE')
  })

  it('are in force before the vendor has them, so that a fast reader is not refused', async () => {
    const address = newAddress()
    const outcomes: string[] = []
    const deliver = async (code: string) => void outcomes.push(await take(address, code))
    await sendCode(gateway.services, request(address, deliver))
    expect(outcomes).to.deep.equal(['done'])
  })

  it('that could not be delivered are gone, and the error is the vendor’s', async () => {
    const address = newAddress()
    let code = ''
    const deliver = async (made: string) => {
      code = made
      await refuse()
    }
    expect(await sendSlowly(address, deliver)).to.equal('SEND_FAILED')
    expect(await storedCodes(address)).to.deep.equal([])
    expect(await take(address, code)).to.equal('VALID_ERROR')
  })

  it('that could not be delivered leave a newer one in force', async () => {
    const address = newAddress()
    let newer = ''
    const deliver = async () => {
      newer = await send(address)
      await refuse()
    }
    expect(await sendSlowly(address, deliver)).to.equal('SEND_FAILED')
    expect(await take(address, newer)).to.equal('done')
  })

  it('that could not be delivered leave the former one in force, with its purpose and its wrong tries', async () => {
    const address = newAddress()
    const former = await send(address, 'login')
    for (let n = 0; n < 3; n++) expect(await take(address, '0000', 'login')).to.equal('VALID_ERROR')
    expect(await sendSlowly(address, refuse)).to.equal('SEND_FAILED')
    expect((await storedCode(address))?.wrong_tries).to.equal(3)
    expect(await take(address, former, 'reset')).to.equal('VALID_ERROR')
    expect(await take(address, former, 'login')).to.equal('done')
    expect(await take(address, former, 'login')).to.equal('VALID_ERROR')
  })

  it('are in force until the next has been delivered, and then no more', async () => {
    const address = newAddress()
    const [first, second] = [await send(address), newAddress()]
    const outcomes: string[] = []
    await sendSlowly(address, async () => void outcomes.push(await take(address, first)))
    const kept = await send(second)
    const newer = await send(second)
    outcomes.push(await take(second, kept), await take(second, newer))
    expect(outcomes).to.deep.equal(['done', 'VALID_ERROR', 'done'])
  })

  it('that are used leave the next one, which is on its way, in force', async () => {
    const address = newAddress()
    const former = await send(address)
    let next = ''
    await sendSlowly(address, async (code) => {
      next = code
      expect(await take(address, former)).to.equal('done')
      expect(await take(address, former)).to.equal('VALID_ERROR')
    })
    expect(await take(address, next)).to.equal('done')
    expect(await take(address, next)).to.equal('VALID_ERROR')
  })

  it('that are used on their way end the former one, and are not left when they have arrived', async () => {
    const address = newAddress()
    const former = await send(address)
    await sendSlowly(address, async (code) => {
      expect(await take(address, code)).to.equal('done')
      expect(await take(address, former)).to.equal('VALID_ERROR')
    })
    expect(await storedCodes(address)).to.deep.equal([])
  })

  it('that arrive after a newer one has are not in force', async () => {
    const address = newAddress()
    let [older, newer] = ['', '']
    await sendSlowly(address, async (code) => {
      older = code
      newer = await send(address)
    })
    expect(await take(address, older)).to.equal('VALID_ERROR')
    expect(await take(address, newer)).to.equal('done')
  })

  it('of which two are in force share their wrong tries', async () => {
    const address = newAddress()
    const former = await send(address)
    await sendSlowly(address, async (code) => {
      for (let n = 0; n < 5; n++) expect(await take(address, '0000')).to.equal('VALID_ERROR')
      expect(await take(address, code)).to.equal('VALID_CODE_TIMEOUT_CODE')
      expect(await take(address, former)).to.equal('VALID_CODE_TIMEOUT_CODE')
    })
  })

  it('whose sender died are in force beside the former one, until the next is delivered', async () => {
    const [address, vault] = [newAddress(), gateway.services.vault]
    const former = await send(address)
    const row = await storedCode(address)
    const digest = vault.digest('sent-code', `${address} 0123`)
    await gateway.services.db('sent_code').insert({ ...row, code_id: 'lost', digest, sequence: 1 })
    expect(await sendSlowly(address, refuse)).to.equal('SEND_FAILED')
    expect((await storedCodes(address)).map(({ code_id }) => code_id)).to.deep.equal([row?.code_id, 'lost'])
    const next = await send(address)
    expect(await storedCodes(address)).to.have.length(1)
    expect(await take(address, former)).to.equal('VALID_ERROR')
    expect(await take(address, '0123')).to.equal('VALID_ERROR')
    expect(await take(address, next)).to.equal('done')
  })

  it('that a limit refuses are neither stored nor delivered', async () => {
    const address = newAddress()
    for (let n = 0; n < 4; n++) await send(address)
    const code = await send(address)
    const deliver = () => expect.fail('was delivered')
    const refused = await outcome(sendCode(gateway.services, request(address, deliver)))
    expect(refused).to.equal('TOO_MANY_REQUESTS')
    expect(await take(address, code)).to.equal('done')
  })

  it('stay valid as long as configured', async () => {
    const { config } = gateway.services
    const address = newAddress()
    const services = { ...gateway.services, config: { ...config, codes: { ...config.codes, minutes: 5 } } }
    const [code, other] = [await send(address, undefined, services), newAddress()]
    const otherCode = await send(other, undefined, services)
    gateway.clock.advance(299_999)
    expect(await take(address, code)).to.equal('done')
    gateway.clock.advance(2)
    expect(await take(other, otherCode)).to.equal('VALID_ERROR')
  })
})
