import { expect } from 'chai'
import { listMoveRoutes } from '../../../../db/move-routes.js'
import { keys, refusal, runCli, useCommandLine } from '../command-line.js'
import { withGateway } from '../../../suite.js'

withGateway('move switch and back', keys, (gateway, database) => {
  const cli = useCommandLine(database)
  const moved = async () =>
    (await listMoveRoutes(gateway.db)).filter(({ share }) => share > 0).map(({ method }) => method)

  it('say that the old server answers everything at first', async () => {
    expect(await cli.run('move status')).to.include({
      code: 0,
      stdout: 'no proxy is running\nthe old server answers everything\n',
    })
  })

  it('refuse a half of what belongs together, and name the other half', async () => {
    const { code, line } = refusal(
      await cli.run('move switch web.passport.sendcode --shared-database --shared-sessions'),
    )
    expect(code).to.equal(1)
    expect(line).to.match(/web\.passport\.sendcode with [^;]*web\.passport\.checkcode/)
    expect(line).to.contain('(texted codes and checked numbers)').and.to.contain('--with-pairs')
    expect(await moved()).to.deep.equal([])
  })

  it('move both with --with-pairs, and take both back', async () => {
    const switched = await cli.run(
      'move switch web.passport.sendcode --shared-database --shared-sessions --with-pairs',
    )
    expect(switched.stdout).to.contain('web.passport.checkcode\n').and.to.contain('within 2 seconds')
    expect(await moved()).to.have.length(4)
    const back = await cli.run(['move', 'back', 'web.passport.checkcode', '--reason', 'a test'])
    expect(back.stdout).to.contain('web.passport.sendcode\n')
    expect(await moved()).to.deep.equal([])
    const { routes } = JSON.parse((await cli.run('move status --json')).stdout)
    expect(routes[0]).to.include({ share: 0, reason: 'a test' })
    expect(refusal(await cli.run('move back web.passport.checkcode')).line).to.contain(
      'none of them is at the new server',
    )
  })

  it('move a part of the callers, and say for whom that is not safe', async () => {
    const read = 'move switch web.passport.getUserVerifyInfo --share 10'
    expect(refusal(await cli.run(`${read} --with-pairs`)).line).to.contain('from another address')
    expect((await cli.run(`${read} --by uid --shared-database`)).code).to.equal(0)
    expect(refusal(await cli.run(`${read} --by ip --shared-database`)).line).to.contain('"move back" first')
    expect(refusal(await cli.run('move switch front.sys.district.tree --share 10 --by uid')).line).to.contain(
      'name no uid',
    )
    expect(refusal(await cli.run('move switch front.sys.district.tree --share 0')).code).to.equal(2)
  })

  it('take one application back, and leave the others', async () => {
    expect((await cli.run('move switch front.sys.district.tree')).code).to.equal(0)
    expect((await cli.run('move back front.sys.district.tree --app h5')).code).to.equal(0)
    const rows = (await listMoveRoutes(gateway.db)).filter(
      ({ method }) => method === 'front.sys.district.tree',
    )
    expect(rows.map(({ app, share }) => [app, share])).to.deep.equal([
      ['', 10_000],
      ['h5', 0],
    ])
  })

  it('are followed by a proxy that ends where somebody else listens already', async () => {
    const env = { ...keys, DATABASE_URL: database.url, DATA_DIR: cli.dataDir }
    const upstream = ['--upstream', gateway.url, '--candidate', gateway.url]
    const port = new URL(gateway.url).port
    for (const listen of [
      ['--listen', port],
      ['--listen', '0', '--status-listen', port],
    ]) {
      const record = ['--record', `${cli.dataDir}-record`]
      const taken = await runCli(['move', 'proxy', ...upstream, ...listen, ...record], { env })
      expect(taken.code, taken.stderr).to.equal(1)
      expect(taken.stderr).to.contain('EADDRINUSE')
    }
  })

  it('know methods only, and are in the audit', async () => {
    expect(refusal(await cli.run('move switch web.passport.nothing')).code).to.equal(2)
    const { stdout } = await cli.run('audit')
    expect(stdout)
      .to.match(/cli move switch .*100 %/)
      .and.to.match(/cli move back .*a test/)
  })
})
