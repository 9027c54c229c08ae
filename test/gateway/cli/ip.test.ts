import { expect } from 'chai'
import type { HttpAnswer } from '../../fetch-answer.js'
import { keys, refusal, refusalOf, useCommandLine, within5Seconds } from './command-line.js'
import { withGateway } from '../../suite.js'

withGateway('ip', keys, (gateway, database) => {
  const cli = useCommandLine(database)

  /** The answer to a call from 127.0.0.1, once it has the expected code. */
  function callUntil(code: number): Promise<HttpAnswer> {
    const call = () => gateway.call('web.passport.getUserVerifyInfo', { uid: '404404' })
    return within5Seconds(call, (answer) => answer.json?.code === code)
  }

  it('lists nothing before anything is blocked', async () => {
    expect(await cli.run('ip list')).to.include({ code: 0, stdout: 'no address is blocked\n' })
    expect(await cli.run('ip list --json')).to.include({ code: 0, stdout: '[]\n' })
  })

  it('blocks the caller on running gateways within five seconds, and lets the caller in again', async () => {
    expect((await callUntil(10010)).json?.code).to.equal(10010)
    expect(await cli.run('ip block 127.0.0.0/8')).to.include({
      code: 0,
      stdout: '127.0.0.0/8 is blocked until unblocked; running nodes see it within 5 seconds\n',
    })
    const blocked = await callUntil(10011)
    expect(blocked.text).to.equal('{"code":10011,"message":""}')
    expect(blocked.headers.get('x-yoho-malicode')).to.equal('10011')
    expect(await cli.run('ip unblock 127.0.0.0/8')).to.include({
      code: 0,
      stdout: '127.0.0.0/8 is not blocked any more; running nodes see it within 5 seconds\n',
    })
    expect((await callUntil(10010)).json?.code).to.equal(10010)
  })

  it('blocks for a time and with a reason', async () => {
    const blocks = [
      ['ip', 'block', '203.0.113.7', '--hours', '1.5', '--reason', '短信 flood'],
      ['ip', 'block', '2001:DB8:0:0::/32'],
    ]
    for (const command of blocks) expect(await cli.run(command)).to.include({ code: 0, stderr: '' })
    const { stdout } = await cli.run('ip list')
    const [head = '', first = '', second = '', ...rest] = stdout.split('\n')
    const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`
    expect(head).to.match(/^ADDRESS {8}SINCE {16}UNTIL {16}REASON$/)
    expect(first).to.match(new RegExp(`^2001:db8::/32  ${time}  unblocked$`))
    expect(second).to.match(new RegExp(`^203\\.0\\.113\\.7    ${time}  ${time}  短信 flood$`))
    expect(rest).to.deep.equal([''])
  })

  it('lists the blocks as JSON', async () => {
    const [forever, timed] = JSON.parse((await cli.run('ip list --json')).stdout)
    expect(forever).to.include({ address: '2001:db8::/32', reason: '', until: null })
    expect(timed).to.include({ address: '203.0.113.7', reason: '短信 flood' })
    expect(Date.parse(timed.until) - Date.parse(timed.since)).to.equal(1.5 * 3_600_000)
  })

  it('lists no block whose time is over', async () => {
    await gateway
      .db('ip_block')
      .where({ address: '203.0.113.7' })
      .update({ expires_at: Date.now() - 1 })
    const blocks: { address: string }[] = JSON.parse((await cli.run('ip list --json')).stdout)
    expect(blocks.map(({ address }) => address)).to.deep.equal(['2001:db8::/32'])
  })

  it('replaces a block of the same address, however that is written', async () => {
    await cli.run('ip block 2001:db8::/32 --reason again')
    await cli.run('ip block 198.51.100.1/32')
    const blocks: { address: string; reason: string }[] = JSON.parse((await cli.run('ip list --json')).stdout)
    expect(blocks.map(({ address, reason }) => [address, reason])).to.deep.equal([
      ['198.51.100.1', ''],
      ['2001:db8::/32', 'again'],
    ])
    expect((await cli.run('ip unblock 198.51.100.1/32')).code).to.equal(0)
  })

  it('unblocks only what was blocked', async () => {
    expect(refusal(await cli.run('ip unblock 192.0.2.1'))).to.deep.equal({
      code: 1,
      line: 'error: 192.0.2.1 is not blocked',
    })
    expect(refusal(await cli.run('ip unblock 2001:db8::1'))).to.deep.equal({
      code: 1,
      line: 'error: 2001:db8::1 is not blocked by itself, but by 2001:db8::/32',
    })
  })
})

describe('ip', () => {
  it('refuses what is no address, no time or too long a reason', async () => {
    const wrongAddress = /It must be an IP address or a CIDR range such as 10\.0\.0\.0\/8\.$/
    const wrongHours = /It must be a number above 0, up to 87600\.$/
    const refusals: readonly (readonly [string[], RegExp])[] = [
      [['block', '10.0.0.0/'], wrongAddress],
      [['block', '10.0.0.0/33'], wrongAddress],
      [['block', '10.0.0.0/8/8'], wrongAddress],
      [['block', 'example.com'], wrongAddress],
      [['unblock', 'localhost'], wrongAddress],
      [['block', '192.0.2.1', '--hours', '0'], wrongHours],
      [['block', '192.0.2.1', '--hours', '-1'], wrongHours],
      [['block', '192.0.2.1', '--hours', '1e3'], wrongHours],
      [['block', '192.0.2.1', '--hours', '87601'], wrongHours],
      [['block', '192.0.2.1', '--reason', 'x'.repeat(256)], /It may have at most 255 characters\.$/],
    ]
    for (const [words, line] of refusals) {
      const given = await refusalOf(['ip', ...words])
      expect(given.code, words.join(' ')).to.equal(2)
      expect(given.line, words.join(' ')).to.match(line)
    }
  })
})
