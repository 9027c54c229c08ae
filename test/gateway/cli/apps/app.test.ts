import { expect } from 'chai'
import type { TestApp } from '../../../harness.js'
import { keys, refusal, refusalOf, useCommandLine, within5Seconds } from '../command-line.js'
import { withGateway } from '../../../suite.js'

const admitted = 10010
const refused = 500

/** `secret: …` as a command prints it. */
function printedSecret(stdout: string): string {
  return /^secret: ([0-9a-f]{32})$/m.exec(stdout)?.[1] ?? expect.fail(`no secret in\n${stdout}`)
}

withGateway('app', keys, (gateway, database) => {
  const cli = useCommandLine(database)

  /** The code a call of the application is answered with, once it is the expected one. */
  async function codeOf(app: TestApp, expected: number, method = 'web.passport.getUserVerifyInfo') {
    const call = async () => (await gateway.call(method, { uid: '404404', password: 'x' }, { app })).json
    const { code, message } = (await within5Seconds(call, (answer) => answer?.code === expected)) ?? {}
    if (code === refused) expect(message).to.equal('数据验证错误.')
    return code
  }

  /** Whether any output so far could have given a secret away. */
  async function expectNowhere(...secrets: string[]): Promise<void> {
    const commands = ['app list', 'app list --json', 'app show shop', 'app show shop --json']
    for (const { stdout } of await Promise.all(commands.map((command) => cli.run(command))))
      for (const secret of secrets) expect(stdout).not.to.include(secret)
  }

  describe('add', () => {
    it('prints a secret once, which running gateways take within five seconds', async () => {
      const answer = await cli.run(
        'app add shop --scheme legacy --trust server --grant web.passport.*,open.*',
      )
      expect(answer).to.include({ code: 0, stderr: '' })
      const secret = printedSecret(answer.stdout)
      expect(answer.stdout).to.equal(
        [
          'Application shop is registered: scheme legacy, trust server, may call web.passport.*, open.* from any address.',
          `secret: ${secret}`,
          'The secret is shown this once: keep it now. If it gets lost, "passport-gateway app rotate shop" makes another.',
          'Running nodes see it within 5 seconds.',
          '',
        ].join('\n'),
      )
      expect(await codeOf({ name: 'shop', secret, scheme: 'legacy' }, admitted)).to.equal(admitted)
      await expectNowhere(secret)
    })

    it('prints it as JSON when asked to', async () => {
      const words =
        'app add spa --scheme hmac-sha256 --trust public --grant open.* --grant web.* --ip ::1,10.0.0.0/8'
      const { code, stdout, stderr } = await cli.run(`${words} --json`)
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
      const { secret, ...rest } = JSON.parse(stdout)
      expect(secret).to.match(/^[0-9a-f]{32}$/)
      expect(rest).to.deep.equal({
        name: 'spa',
        scheme: 'hmac-sha256',
        trust: 'public',
        grants: ['open.*', 'web.*'],
        addresses: ['::1', '10.0.0.0/8'],
      })
    })

    it('takes a secret that was given, and does not show it', async () => {
      const words = (name: string) => `app add ${name} --scheme legacy --trust server --grant *`
      const secret = 'a-secret-of-the-old-gateway'
      const [given, piped] = await Promise.all([
        cli.run(`${words('old')} --secret ${secret}`),
        cli.run(`${words('piped')} --secret - --json`, { input: `${secret}\n` }),
      ])
      for (const { code, stdout } of [given, piped]) {
        expect(code).to.equal(0)
        expect(stdout).not.to.include(secret)
      }
      expect(await codeOf({ name: 'old', secret, scheme: 'legacy' }, admitted)).to.equal(admitted)
      expect(await codeOf({ name: 'piped', secret, scheme: 'legacy' }, admitted)).to.equal(admitted)
    })

    it('refuses what it cannot take, and says why', async () => {
      const refusals = [
        ['a/b --scheme legacy --trust server --grant *', 2, /^error: NAME: 1 to 64 letters/],
        ['bad --scheme legacy --trust server --grant web/x', 2, /^error: --grant: web\/x is no pattern/],
        [
          'bad --scheme legacy --trust server --grant * --ip 10.0.0.0/',
          2,
          /^error: --ip: 10.0.0.0\/ is neither/,
        ],
        [
          'shop --scheme legacy --trust server --grant *',
          1,
          /^error: an application shop is registered already$/,
        ],
      ] as const
      const answers = await Promise.all(refusals.map(([words]) => cli.run(`app add ${words}`)))
      for (const [at, [words, code, line]] of refusals.entries()) {
        const given = refusal(answers[at] ?? expect.fail('no answer'))
        expect(given.code, words).to.equal(code)
        expect(given.line, words).to.match(line)
      }
    })
  })

  describe('list', () => {
    it('shows all applications in aligned columns', async () => {
      const { code, stdout, stderr } = await cli.run('app list')
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
      expect(stdout).to.equal(
        [
          'NAME   SCHEME       TRUST   STATE    ADDRESSES       GRANTS',
          'old    legacy       server  enabled  any             *',
          'piped  legacy       server  enabled  any             *',
          'shop   legacy       server  enabled  any             web.passport.*,open.*',
          'spa    hmac-sha256  public  enabled  ::1,10.0.0.0/8  open.*,web.*',
          'web    legacy       server  enabled  any             *',
          '',
        ].join('\n'),
      )
    })

    it('shows the same as JSON', async () => {
      const apps: { name: string; registeredAt: string }[] = JSON.parse(
        (await cli.run('app list --json')).stdout,
      )
      expect(apps.map(({ name }) => name)).to.deep.equal(['old', 'piped', 'shop', 'spa', 'web'])
      expect(apps[3]).to.deep.include({ trust: 'public', enabled: true, liveSecrets: 1 })
      expect(apps[3]?.registeredAt).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    })
  })

  describe('show', () => {
    it('shows one application', async () => {
      const { code, stdout } = await cli.run('app show spa')
      expect(code).to.equal(0)
      expect(stdout.split('\n').slice(0, 7)).to.deep.equal([
        'name        spa',
        'scheme      hmac-sha256',
        'trust       public',
        'enabled     yes',
        'secrets     1 live',
        'grants      open.*, web.*',
        'addresses   ::1, 10.0.0.0/8',
      ])
      expect(stdout).to.match(/^changed {5}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/m)
    })

    it('says when a secret can no longer be read', async () => {
      const env = { DATA_KEY: 'another-data-key-than-before-32-long' }
      expect((await cli.run('app show spa', { env })).stdout).to.match(
        /^secrets {5}0 live, 1 sealed under a DATA_KEY not given$/m,
      )
    })

    it('knows registered applications only', async () => {
      const commands = ['app show nobody', 'app rotate nobody', 'app grant nobody --grant *']
      for (const answer of await Promise.all(commands.map((command) => cli.run(command))))
        expect(refusal(answer)).to.deep.equal({ code: 1, line: 'error: no application nobody is registered' })
    })
  })

  describe('rotate', () => {
    it('prints a new secret and keeps the old one alive until the next rotation', async () => {
      const first = 'a-secret-of-the-old-gateway'
      const answer = await cli.run('app rotate old')
      expect(answer).to.include({ code: 0, stderr: '' })
      const second = printedSecret(answer.stdout)
      expect(answer.stdout).to.match(/The secret is shown this once/)
      const app = { name: 'old', scheme: 'legacy' } as const
      expect(await codeOf({ ...app, secret: second }, admitted)).to.equal(admitted)
      expect(await codeOf({ ...app, secret: first }, admitted)).to.equal(admitted)
      expect((await cli.run('app show old')).stdout).to.match(/^secrets {5}2 live$/m)
      const third: string = JSON.parse((await cli.run('app rotate old --json')).stdout).secret
      expect(await codeOf({ ...app, secret: third }, admitted)).to.equal(admitted)
      expect(await codeOf({ ...app, secret: second }, admitted)).to.equal(admitted)
      expect(await codeOf({ ...app, secret: first }, refused)).to.equal(refused)
    })
  })

  describe('retire', () => {
    it('ends the secret from before the last rotation, once', async () => {
      const app = await gateway.addApp({ name: 'retired' })
      const secret = printedSecret((await cli.run('app rotate retired')).stdout)
      expect((await cli.run('app retire retired')).stdout).to.equal(
        'Application retired has its newest secret only. Running nodes see it within 5 seconds.\n',
      )
      expect(await codeOf(app, refused)).to.equal(refused)
      expect(await codeOf({ ...app, secret }, admitted)).to.equal(admitted)
      expect(refusal(await cli.run('app retire retired'))).to.deep.equal({
        code: 1,
        line: 'error: application retired has one secret only',
      })
      await gateway.db('client_app').where({ name: 'retired' }).delete()
    })
  })

  describe('set', () => {
    it('changes trust and addresses, and says what holds now', async () => {
      await gateway.addApp({ name: 'moved' })
      expect((await cli.run('app set moved --trust public --ip ::1,10.0.0.0/8')).stdout).to.match(
        /^Application moved: trust public\.\nApplication moved: may call from ::1, 10\.0\.0\.0\/8\.\n/,
      )
      expect((await cli.run('app set moved --ip any')).stdout).to.match(/may call from any address\./)
      expect(refusal(await cli.run('app set moved --ip 10.0.0.0/')).code).to.equal(2)
      expect(refusal(await cli.run('app set moved')).line).to.match(
        /^error: --trust, --ip, --recut, --query-credentials, --scheme or/,
      )
      await gateway.db('client_app').where({ name: 'moved' }).delete()
    })

    it('lets guards report only until a day, which config and show name', async () => {
      await gateway.addApp({ name: 'watched' })
      const set = (options: string) => cli.run(`app set watched ${options}`)
      expect((await set('--report-only trust,scheme --until 14d')).stdout).to.match(
        /^Application watched: trust, scheme only reported until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.$/m,
      )
      expect((await cli.run('app show watched')).stdout).to.match(
        /^guards +trust, scheme only reported until/m,
      )
      expect((await cli.run('config')).stdout).to.match(
        /^app watched +trust,scheme +database +! only reported until \d{4}-/m,
      )
      await gateway
        .db('client_app')
        .where({ name: 'watched' })
        .update({ report_only: JSON.stringify({ guards: ['trust'], until: Date.now() - 1 }) })
      expect((await cli.run('config')).stdout).to.match(/^app watched .* which is over: turn the guard on/m)
      expect((await set('--trust public')).stdout).to.match(/trust public/)
      expect((await cli.run('app show watched')).stdout).to.match(/^guards +as set$/m)
      for (const [options, reason] of [
        ['--report-only trust', '--report-only and --until'],
        ['--until 14d', '--report-only and --until'],
        ['--report-only doors --until 14d', '--report-only: doors is no guard'],
        ['--report-only trust --until 14d', '--report-only: trust is public'],
        ['--report-only recut --until 91d', '--until: a day from'],
      ] as const)
        expect(refusal(await set(options)).line, options).to.include(reason)
      await gateway.db('client_app').where({ name: 'watched' }).delete()
    })

    it('leaves each change in the audit', async () => {
      const entries = await gateway.db('audit_entry').where('action', 'like', 'cli app %')
      const seen = entries.map(({ action, actor, detail }) => `${action} ${actor} ${detail}`)
      expect(seen).to.include.members([
        'cli app retire cli application retired',
        'cli app set cli application moved: trust public, addresses ::1 10.0.0.0/8',
        'cli app set cli application moved: addresses any',
        'cli app set cli application watched: trust public',
      ])
    })
  })

  describe('grant', () => {
    it('replaces what an application may call, and says what that was', async () => {
      const secret = 'a-secret-of-the-old-gateway'
      const app = { name: 'piped', secret, scheme: 'legacy' } as const
      const { code, stdout } = await cli.run('app grant piped --grant web.passport.verifyUserPwd,open.*')
      expect({ code, stdout }).to.deep.equal({
        code: 0,
        stdout:
          'Application piped may now call web.passport.verifyUserPwd, open.* (before: *). Running nodes see it within 5 seconds.\n',
      })
      expect(await codeOf(app, refused)).to.equal(refused)
      expect(await codeOf(app, admitted, 'web.passport.verifyUserPwd')).to.equal(admitted)
    })
  })

  describe('code-length', () => {
    it('says how many digits the codes of an application have', async () => {
      const added = await cli.run('app add kiosk --scheme legacy --trust server --grant * --code-length 6')
      const kiosk = { name: 'kiosk', secret: printedSecret(added.stdout), scheme: 'legacy' } as const
      const codeSentTo = async (mobile: string, digits: number): Promise<string> => {
        await within5Seconds(
          async () => {
            await gateway.db('usage_limit').delete()
            await gateway.call('web.passport.sendcode', { mobile }, { app: kiosk })
            return gateway.lastCode(mobile).catch(() => '')
          },
          (code) => code.length === digits,
        )
        return gateway.lastCode(mobile)
      }
      expect(await codeSentTo('13700000001', 6)).to.match(/^[1-9]\d{5}$/)
      expect((await cli.run('app show kiosk')).stdout).to.match(/^codes {7}6 digits$/m)
      expect((await cli.run('app code-length kiosk 8')).stdout).to.equal(
        'Codes that kiosk has sent now have 8 digits. Running nodes see it within 5 seconds.\n',
      )
      expect(await codeSentTo('13700000002', 8)).to.match(/^[1-9]\d{7}$/)
      expect((await cli.run('app code-length kiosk default')).stdout).to.match(
        /as many digits as CODE_LENGTH says/,
      )
      expect(await codeSentTo('13700000003', 4)).to.match(/^[1-9]\d{3}$/)
      expect(JSON.parse((await cli.run('app show kiosk --json')).stdout)).to.include({ codeLength: null })
    })

    it('takes 4 to 8 digits', async () => {
      for (const digits of ['3', '9', '4.5', 'many']) {
        expect(refusal(await cli.run(`app code-length web ${digits}`))).to.deep.equal({
          code: 1,
          line: 'error: --code-length: 4 to 8 digits',
        })
      }
    })
  })

  describe('disable and enable', () => {
    it('shut an application out and let it in again', async () => {
      expect(await codeOf(gateway.web, admitted)).to.equal(admitted)
      expect(await cli.run('app disable web')).to.include({
        code: 0,
        stdout: 'Application web is disabled. Running nodes see it within 5 seconds.\n',
      })
      expect(await codeOf(gateway.web, refused)).to.equal(refused)
      expect((await cli.run('app list')).stdout).to.match(/^web .* disabled /m)
      expect((await cli.run('app enable web')).stdout).to.match(/^Application web is enabled\./)
      expect(await codeOf(gateway.web, admitted)).to.equal(admitted)
    })
  })
})

describe('app', () => {
  it('refuses a command line without what it needs', async () => {
    const refusals = [
      [
        'add bad --scheme md5 --trust server --grant *',
        /'md5' is invalid. Allowed choices are legacy, hmac-sha256/,
      ],
      [
        'add bad --scheme legacy --trust all --grant *',
        /'all' is invalid. Allowed choices are server, public/,
      ],
      ['add bad --trust server --grant *', /^error: required option '--scheme <scheme>' not specified$/],
      ['add bad --scheme legacy --grant *', /^error: required option '--trust <trust>' not specified$/],
      [
        'add bad --scheme legacy --trust server',
        /^error: required option '--grant <patterns>' not specified$/,
      ],
      ['grant bad', /^error: required option '--grant <patterns>' not specified$/],
      ['rotate', /^error: missing required argument 'name'$/],
      ['disable one two', /^error: too many arguments for 'disable'/],
    ] as const
    for (const [words, line] of refusals) {
      const given = await refusalOf(['app', ...words.split(' ')])
      expect(given.code, words).to.equal(2)
      expect(given.line, words).to.match(line)
    }
  })
})
