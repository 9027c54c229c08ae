import { expect } from 'chai'
import { hash } from 'node:crypto'
import { changeApp, rotateSecret } from '../../../../gateway/services/apps/registry.js'
import { changed, signatureInvalid } from '../../../answers.js'
import { fetchAnswer } from '../../../fetch-answer.js'
import { keys, refusal, useCommandLine } from '../command-line.js'
import { prepared, withGateway } from '../../../suite.js'

withGateway('sign', keys, (gateway, database) => {
  const cli = useCommandLine(database)
  let uid: number

  const shop = prepared(before, () =>
    gateway.addApp({ name: 'shop', scheme: 'hmac-sha256', grants: ['web.*', 'front.*'] }),
  )
  before(async () => {
    uid = (await gateway.addUser({ nickname: 'zhang' })).uid
  })

  /** The output of a command that must succeed. */
  async function printed(args: readonly string[], input = ''): Promise<string> {
    const { code, stdout, stderr } = await cli.run(['sign', ...args], { input })
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    for (const secret of [gateway.web.secret, shop.secret]) expect(stdout).not.to.contain(secret)
    return stdout
  }

  describe('make', () => {
    const address = ' 北京 a+b & %2B '

    it('prints the URL of a call that the gateway takes, in both schemes', async () => {
      const params = [
        'method=web.passport.modifyUserContacts',
        `uid=${uid}`,
        `full_address=${address}`,
        'qq=',
      ]
      for (const { name } of [gateway.web, shop]) {
        const url = await printed(['make', '--app', name, '--url', gateway.url, ...params])
        expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+\/gateway\?\S+\n$/)
        const { text } = await fetchAnswer(url.trim())
        expect(text).to.equal(changed)
      }
      const { json } = await gateway.call('web.passport.getUserContacts', { uid: String(uid) })
      expect(json?.data).to.include({ full_address: address })
    })

    it('prints the exact text that is signed too, with the secret masked', async () => {
      const params = ['method=open.passport.get', 'nickname= 张三 ', 'note=']
      const [url, empty, title, text] = (
        await printed(['make', '--app', 'web', '--explain', ...params])
      ).split('\n')
      expect([empty, title]).to.deep.equal(['', 'MD5 of this text, the secret masked:'])
      expect(text).to.equal(
        'client_type=web&method=open.passport.get&nickname= 张三&note=&private_key=********',
      )
      const signed = text?.replace('********', gateway.web.secret) ?? ''
      expect(new URL(url ?? '').searchParams.get('client_secret')).to.equal(hash('md5', signed, 'hex'))
    })

    it('takes its address from PUBLIC_URL, a secret from standard input, and prints JSON when asked to', async () => {
      const own = [
        'make',
        '--app',
        'other',
        '--secret',
        '-',
        '--url',
        'http://a.example/base/',
        '--json',
        '--explain',
      ]
      const made = JSON.parse(await printed([...own, 'method=m'], '0123456789abcdef0123456789abcdef\n'))
      expect(made).to.deep.equal({
        url:
          'http://a.example/base/gateway?method=m&client_type=other&client_secret=' +
          hash('md5', 'client_type=other&method=m&private_key=0123456789abcdef0123456789abcdef', 'hex'),
        text: 'client_type=other&method=m&private_key=********',
      })
      const answer = await cli.run('sign make --app web method=m', {
        env: { PUBLIC_URL: 'https://b.example' },
      })
      expect(answer.stdout).to.match(/^https:\/\/b\.example\/gateway\?method=m&/)
    })

    it('signs the method of a REST path, which is not sent, in scheme hmac-sha256', async () => {
      const path = `${gateway.url}/front/account/user/listsExpRule`
      const url = (await printed(['make', '--app', 'shop', '--url', path, 'note=1'])).trim()
      expect(url).not.to.contain('method=front')
      expect((await fetchAnswer(url)).json).to.include({ status: 200 })
      expect((await fetchAnswer(url.replace('note=1', 'note=2'))).json).to.include({ status: 250 })
      const check = await cli.run(['sign', 'check', url])
      expect(check.stdout).to.match(/^The gateway takes this call, if its nonce was not used before\.\n/)
    })

    it('signs and knows calls of /gateway/NAME, where the method is signed whether it is sent or not', async () => {
      const path = `${gateway.url}/gateway/web.passport.getUserVerifyInfo`
      const url = (await printed(['make', '--app', 'web', '--url', path, 'uid=1'])).trim()
      for (const sent of [url, url.replace(/method=[^&]*&?/, '')]) {
        expect((await fetchAnswer(sent)).json).to.include({ code: 10010 })
        const check = await cli.run(['sign', 'check', sent])
        expect(check.stdout).to.match(/^The gateway takes this call\b/)
      }
    })

    it('refuses what it can not sign, and says why', async () => {
      const refusals = [
        ['make --app web uid', 2, 'error: uid: a parameter is written name=value'],
        ['make --app web client_type=h5', 2, 'error: client_type is filled in by this command'],
        ['make --app nobody a=1', 1, 'error: no application nobody is registered'],
        ['make --app web --url gateway a=1', 2, 'error: --url: such as http://127.0.0.1:8080'],
        [
          'make --app web --scheme hmac-sha256 a=1',
          1,
          'error: --scheme: the application web is registered with legacy',
        ],
        [
          'make --app web --secret abc a=1',
          2,
          'error: --secret takes "-" only: on the command line, others see what it is',
        ],
      ] as const
      const answers = await Promise.all(refusals.map(([words]) => cli.run(`sign ${words}`)))
      expect(answers.map(refusal)).to.deep.equal(refusals.map(([, code, line]) => ({ code, line })))
    })
  })

  describe('check', () => {
    /** A call signed with a text of one's own. */
    function url(query: string, text: string): string {
      return `${gateway.url}/gateway?${query}&client_secret=${hash('md5', text, 'hex')}`
    }

    it('says that a call is taken, and with which of the live secrets', async () => {
      const app = await gateway.addApp({ name: 'rotated' })
      await rotateSecret(gateway.db, gateway.services.vault, 'rotated')
      const key = `private_key=${app.secret}`
      const query = `client_type=rotated&method=open.passport.get&uid=${uid}`
      const sent = url(query, `client_type=rotated&method=open.passport.get&${key}&uid=${uid}`)
      expect((await fetchAnswer(sent)).json).to.include({ code: 200 })
      const text = await printed(['check', sent])
      expect(text.split('\n')).to.deep.equal([
        'The gateway takes this call.',
        'It was made with secret 2 of 2 of rotated, not the newest.',
        '',
        'The gateway takes the MD5 of this text, the secret masked:',
        `client_type=rotated&method=open.passport.get&private_key=********&uid=${uid}`,
        '',
      ])
    })

    it('names the mistake that a refused call was signed with', async () => {
      const query = 'client_type=web&method=web.passport.sendcode&mobile=&note=%20x'
      const key = `private_key=${gateway.web.secret}`
      const sent = url(query, `client_type=web&method=web.passport.sendcode&note= x&${key}`)
      expect((await fetchAnswer(sent)).text).to.equal(signatureInvalid)
      const { code, stdout, stderr } = await cli.run(['sign', 'check', sent, '--app', 'web'])
      expect({ code, stderr }).to.deep.equal({ code: 1, stderr: '' })
      expect(stdout.split('\n')).to.deep.equal([
        'The gateway refuses this call:',
        '- empty values are left out; they are signed too',
        'It was made with secret 1 of 1 of web, the newest.',
        '',
        'The gateway takes the MD5 of this text, the secret masked:',
        'client_type=web&method=web.passport.sendcode&mobile=&note= x&private_key=********',
        '',
      ])
    })

    it('gives the same as JSON, for a posted form and a secret from standard input too', async () => {
      const form = 'client_type=app&method=open.passport.get&nickname=a%20b'
      const signature = hash(
        'md5',
        'client_type=app&method=open.passport.get&nickname=a+b&private_key=made-up',
        'hex',
      )
      const answer = await cli.run(
        ['sign', 'check', `/gateway?client_secret=${signature}#x`, '--form', form, '--secret', '-', '--json'],
        { input: 'made-up\n' },
      )
      expect({ ...answer, stdout: JSON.parse(answer.stdout) }).to.deep.equal({
        code: 1,
        stderr: '',
        stdout: {
          accepted: false,
          app: 'app',
          scheme: 'legacy',
          secret: 1,
          liveSecrets: 1,
          reasons: ['values are signed url-encoded; they are signed decoded'],
          warnings: [],
          text: 'client_type=app&method=open.passport.get&nickname=a b&private_key=********',
        },
      })
    })

    it('shows the text to compare with when nothing explains the signature', async () => {
      const { code, stdout } = await cli.run([
        'sign',
        'check',
        url('client_type=web&method=open.passport.get', 'x'),
      ])
      expect(code).to.equal(1)
      expect(stdout.split('\n')).to.deep.equal([
        'The gateway refuses this call:',
        '- no known mistake makes the signature fit',
        '',
        'The gateway takes the MD5 of this text, the secret masked:',
        'client_type=web&method=open.passport.get&private_key=********',
        '',
      ])
    })

    it('names the application whose secret it was, and what the registry refuses', async () => {
      const off = await gateway.addApp({ name: 'off', grants: ['web.*'] })
      await changeApp(gateway.db, 'off', { enabled: false })
      const key = `private_key=${off.secret}`
      const query = (app: string, method: string) => `client_type=${app}&method=${method}`
      const [foreign, disabled, unknown] = await Promise.all(
        [
          url(query('web', 'open.passport.get'), `${query('web', 'open.passport.get')}&${key}`),
          url(query('off', 'open.passport.get'), `${query('off', 'open.passport.get')}&${key}`),
          url(query('off', 'web.passport.nothing'), `${query('off', 'web.passport.nothing')}&${key}`),
        ].map((sent) => cli.run(['sign', 'check', sent, '--json'])),
      )
      const reasonsOf = (answer = foreign) => JSON.parse(answer?.stdout ?? '').reasons
      expect(reasonsOf(foreign)).to.deep.equal(['the secret is that of the application off'])
      expect(reasonsOf(disabled)).to.deep.equal([
        'the application off is disabled',
        'open.passport.get is not granted to the application off',
      ])
      expect(reasonsOf(unknown)).to.deep.equal(['there is no method web.passport.nothing'])
    })

    it('knows methods by their other names', async () => {
      const query = 'client_type=web&code=x&method=web.passport.changeVerifyEmail'
      await printed(['check', url(query, `${query}&private_key=${gateway.web.secret}`)])
    })

    it('wants to know the application when the call does not name it', async () => {
      expect(refusal(await cli.run(['sign', 'check', `${gateway.url}/gateway?a=1`]))).to.deep.equal({
        code: 2,
        line: 'error: --app: the call names no application',
      })
    })
  })
})
