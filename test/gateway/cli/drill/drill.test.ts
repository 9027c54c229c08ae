import { expect } from 'chai'
import { drills } from '../../../../gateway/cli/drill/drills.js'
import { withGateway } from '../../../suite.js'
import { refusalOf, runCommand } from '../command-line.js'

const secret = '0123456789abcdef'
const nowhere = ['--url', 'http://127.0.0.1:1', '--app', 'web', '--secret', secret]

describe('the drill command', () => {
  it('lists every drill in its help', async () => {
    const { code, stdout } = await runCommand(['drill', '--help'])
    expect(code).to.equal(0)
    for (const { name, description } of drills)
      expect(stdout).to.match(new RegExp(`^ {2}${name} +${description}$`, 'm'))
    expect(new Set(drills.map(({ name }) => name)).size).to.equal(drills.length)
  })

  it('refuses an unknown drill, an address that is none, and a machine that nobody called their own', async () => {
    expect(await refusalOf(['drill', 'everything', ...nowhere])).to.deep.equal({
      code: 2,
      line: 'error: there is no drill everything; "drill --help" lists them',
    })
    const refusedUrl = async (url: string) =>
      (await refusalOf(['drill', 'recut', ...nowhere, '--url', url])).line
    expect(await refusedUrl('127.0.0.1:8080')).to.equal('error: --url: such as http://127.0.0.1:8080')
    expect(await refusedUrl('https://passport.example')).to.equal(
      'error: --url: passport.example is not this machine; --remote says that the server is yours',
    )
  })

  it('says that the server does not answer', async () => {
    const { code, line } = await refusalOf(['drill', 'recut', ...nowhere])
    expect(code).to.equal(1)
    expect(line).to.match(/^error: recut: the server did not answer: /)
  })
})

withGateway('drill', (gateway) => {
  it('finds that every promise is kept', async () => {
    const [user, victim] = [await gateway.addUser(), await gateway.addUser()]
    const { code, stdout, stderr } = await runCommand(
      ['drill', 'all', '--url', gateway.url, '--app', gateway.web.name, '--secret', '-'].concat([
        '--user',
        String(user.uid),
        '--victim',
        String(victim.uid),
      ]),
      { input: gateway.web.secret },
    )
    expect({ code, stderr }, stdout).to.deep.equal({ code: 0, stderr: '' })
    for (const line of stdout.trimEnd().split('\n')) expect(line).to.match(/^(held|skipped) +/)
  })
})
