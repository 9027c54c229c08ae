import { expect } from 'chai'
import { keys, refusal, refusalOf, useCommandLine, within5Seconds } from './command-line.js'
import { withGateway } from '../../suite.js'

withGateway('method', keys, (gateway, database) => {
  const cli = useCommandLine(database)
  const silence = 'method brownout web.passport.getUserVerifyInfo'
  const busy = '{"code":999,"message":"服务繁忙，请稍后再试"}'

  const callUntil = (code: number) =>
    within5Seconds(
      () => gateway.call('web.passport.getUserVerifyInfo', { uid: '404404' }),
      (answer) => answer.json?.code === code,
    )

  it('lists nothing while no method is on its way out', async () => {
    expect(await cli.run('method list')).to.include({
      code: 0,
      stdout: 'no method is deprecated, and all answer\n',
    })
    expect(await cli.run('method list --json')).to.include({ code: 0, stdout: '[]\n' })
  })

  it('lets a method answer nobody for some minutes, all others go on', async () => {
    const { code, stdout } = await cli.run(`${silence} --minutes 5 --force`)
    expect(code).to.equal(0)
    expect(stdout).to.match(
      /^web\.passport\.getUserVerifyInfo answers nobody until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d; running nodes see it within 2 seconds\n$/,
    )
    const silent = await callUntil(999)
    expect(silent).to.include({ status: 503, text: busy })
    expect(Number(silent.headers.get('retry-after'))).to.be.within(290, 300)
    const path = await gateway.call('open.passport.get', { uid: '404404' })
    expect(path.json?.code).to.equal(10010)
  })

  it('lists it meanwhile', async () => {
    const [listed] = JSON.parse((await cli.run('method list --json')).stdout)
    expect(listed.method).to.equal('web.passport.getUserVerifyInfo')
    expect(Date.parse(listed.silentUntil) - Date.now()).to.be.within(280_000, 300_000)
    expect((await cli.run('method list')).stdout).to.match(
      /^METHOD .*\nweb\.passport\.getUserVerifyInfo +- +- +- +\d{4}-/,
    )
  })

  it('lets it answer again before its time, once', async () => {
    expect((await cli.run(`${silence} --end`)).code).to.equal(0)
    expect((await callUntil(10010)).json?.code).to.equal(10010)
    expect(refusal(await cli.run(`${silence} --end`)).line).to.equal(
      'error: web.passport.getUserVerifyInfo answers',
    )
  })

  it('is written to the audit', async () => {
    const { stdout } = await cli.run('audit --json')
    const details = JSON.parse(stdout).map(({ detail }: { detail: string }) => detail)
    expect(details).to.include.members([
      'web.passport.getUserVerifyInfo, 5 minutes',
      'web.passport.getUserVerifyInfo',
    ])
  })

  it('refuses what it can not do, and says what it wants', async () => {
    for (const [command, wanted] of [
      [silence, '--minutes or --end'],
      [`${silence} --minutes 5 --end`, '--minutes or --end'],
      [`${silence} --minutes 5`, 'is not deprecated'],
      [`${silence} --minutes 61 --force`, 'from 1 to 60'],
      [`${silence} --minutes 0 --force`, 'from 1 to 60'],
      ['method brownout web.passport.none --minutes 5', 'No method has this name'],
    ] as const)
      expect((await refusalOf(command.split(' '))).line, command).to.include(wanted)
  })

  it('names those that nobody has called for some days, once calls were counted for so long', async () => {
    await gateway.call('open.passport.get', { uid: '404404' })
    await gateway.services.callers.flush()
    expect(refusal(await cli.run('method list --unused-days 30')).line).to.match(
      /^error: calls are counted since \S+ only, which is less than 30 days$/,
    )
    const ago = (days: number) => Date.now() - days * 86_400_000
    await gateway.db('caller_count').update({ first_seen_at: ago(40) })
    await gateway
      .db('caller_count')
      .where('method', 'open.passport.get')
      .update({ last_seen_at: ago(31) })
    const unused = JSON.parse((await cli.run('method list --unused-days 30 --json')).stdout)
    const lastOf = new Map(
      unused.map(({ method, lastCalled }: Record<string, string>) => [method, lastCalled]),
    )
    expect(Date.parse(String(lastOf.get('open.passport.get')))).to.be.closeTo(ago(31), 60_000)
    expect(lastOf.get('web.passport.sendcode')).to.equal(null)
    expect(lastOf.has('web.passport.getUserVerifyInfo')).to.equal(false)
    expect([...lastOf.keys()].some((name) => String(name).startsWith('manage.console.'))).to.equal(false)
    expect((await cli.run('method list --unused-days 35')).stdout).to.match(
      /^METHOD +LAST CALLED\n(?:.*\n)*web\.passport\.sendcode +never$/m,
    )
  })
})
