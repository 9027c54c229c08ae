import { expect } from 'chai'
import { eventMessage, post, textMessage } from '../../methods/front/account/wechat/official-messages.js'
import { onEachDatabase } from '../../servers/databases.js'
import { wechatApps } from '../../servers/wechat/wechat.js'
import { keys, refusalOf, useCommandLine } from './command-line.js'
import { useGateway } from '../../suite.js'

onEachDatabase('wechat events', (database) => {
  const cli = useCommandLine(database)
  const gateway = useGateway(database, async () => {
    const { appId, secret, token } = wechatApps.official
    const official = { WECHAT_MP_APP_ID: appId, WECHAT_MP_SECRET: secret, WECHAT_MP_TOKEN: token }
    return { ...keys, ...official }
  })

  it('says when there is nothing', async () => {
    expect(await cli.run('wechat events')).to.deep.equal({
      code: 0,
      stdout: 'nothing was received\n',
      stderr: '',
    })
    expect(await cli.run('wechat events --json')).to.include({ code: 0, stdout: '[]\n' })
  })

  it('shows the newest first', async () => {
    gateway.clock.freeze(Date.parse('2026-01-02T10:00:00+08:00'))
    await post(gateway, textMessage({ FromUserName: 'oWriter', MsgId: '1', Content: '\u001b[2J' }))
    await post(gateway, eventMessage({ FromUserName: 'oFollower' }))
    const { stdout } = await cli.run('wechat events')
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).to.match(/^RECEIVED +ID +TYPE +EVENT +OPENID +DELIVERED$/)
    expect(lines[1]).to.match(/^2026-01-02 10:00:00 +\d+ +event +subscribe +oFollower +-$/)
    expect(lines[2]).to.match(/^2026-01-02 10:00:00 +\d+ +text +- +oWriter +-$/)
  })

  it('shows them whole as JSON, of one user or of one type', async () => {
    const [shown] = JSON.parse((await cli.run('wechat events --openid oWriter --json')).stdout)
    expect(shown).to.deep.include({
      appId: wechatApps.official.appId,
      openid: 'oWriter',
      type: 'text',
      event: '',
      receivedAt: '2026-01-02T02:00:00.000Z',
      deliveredAt: null,
    })
    expect(shown.message).to.include({ MsgId: '1', MsgType: 'text' })
    for (const [type, openid] of [
      ['text', 'oWriter'],
      ['subscribe', 'oFollower'],
    ]) {
      const found: { openid: string }[] = JSON.parse(
        (await cli.run(`wechat events --type ${type} --json`)).stdout,
      )
      expect(found.map((event) => event.openid)).to.deep.equal([openid])
    }
    expect(JSON.parse((await cli.run('wechat events --limit 1 --json')).stdout)).to.have.length(1)
  })

  it('refuses a limit that is none', async () => {
    for (const limit of ['0', '-1', 'x', '10001']) {
      const { line } = await refusalOf(['wechat', 'events', `--limit=${limit}`])
      expect(line, limit).to.include('from 1 to 10000')
    }
  })
})
