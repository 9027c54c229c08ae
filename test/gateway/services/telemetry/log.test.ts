import { expect } from 'chai'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { createLog, describeError } from '../../../../gateway/services/telemetry/log.js'
import { withGateway } from '../../../suite.js'

/** A log that keeps its lines. */
function collect(level = 'info') {
  const lines: Record<string, unknown>[] = []
  const destination = {
    flushed: 0,
    write: (line: string) => void lines.push(JSON.parse(line)),
    flush() {},
    flushSync: () => void destination.flushed++,
  }
  return { log: createLog(level, destination), lines, destination }
}

describe('the log', () => {
  it('writes a JSON line with the time, the message and the fields that were given', () => {
    const { log, lines } = collect()
    log.info(
      { requestId: 'r-1', method: 'web.passport.sendcode', status: 200, milliseconds: 1.5, app: undefined },
      'call',
    )
    expect(lines).to.have.length(1)
    const { time, ...line } = lines[0] ?? {}
    expect(time).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(line).to.deep.equal({
      level: 30,
      requestId: 'r-1',
      method: 'web.passport.sendcode',
      status: 200,
      milliseconds: 1.5,
      msg: 'call',
    })
  })

  it('leaves no listener on the process once it is closed', () => {
    const count = () => process.listenerCount('exit') + process.listenerCount('beforeExit')
    // pino has one listener for all its outputs from the first one on.
    createLog('silent').close()
    const before = count()
    for (let at = 0; at < 20; at++) createLog('silent').close()
    expect(count()).to.equal(before)
  })

  it('drops fields that are not on its list, whatever a call site hands it', () => {
    const { log, lines } = collect()
    const tooMuch = {
      path: '/gateway',
      password: 'p',
      params: { code: '1' },
      token: 't',
      mobile: 'm',
      url: 'u',
    }
    log.warn(tooMuch, 'call')
    expect(Object.keys(lines[0] ?? {}).sort()).to.deep.equal(['level', 'msg', 'path', 'time'])
  })

  it('writes the levels from the configured one on', () => {
    const written = (level: string) => {
      const { log, lines } = collect(level)
      for (const name of ['debug', 'info', 'warn', 'error'] as const) log[name]({}, name)
      return lines.map(({ msg }) => msg)
    }
    expect(written('debug')).to.deep.equal(['debug', 'info', 'warn', 'error'])
    expect(written('info')).to.deep.equal(['info', 'warn', 'error'])
    expect(written('error')).to.deep.equal(['error'])
    expect(written('silent')).to.deep.equal([])
    expect([collect('info').log.enabled('info'), collect('warn').log.enabled('info')]).to.deep.equal([
      true,
      false,
    ])
  })

  it('writes what is buffered when it is told to', () => {
    const { log, destination } = collect()
    log.flush()
    expect(destination.flushed).to.equal(1)
  })
})

describe('an error in the log', () => {
  it('is its name, message and where it came from', () => {
    const described = describeError(new RangeError('too far'))
    expect(described).to.include({ name: 'RangeError', message: 'too far', code: undefined })
    expect(described['stack']).to.match(/^ +at .*log\.test/)
  })

  it('keeps no message of a database error, nor of what carries a statement', () => {
    const statement = "insert into a values ('a secret') - Duplicate entry 'a secret'"
    for (const extra of [{ code: 'ER_DUP_ENTRY' }, { code: 'SQLITE_CONSTRAINT' }, { sql: statement }]) {
      const described = describeError(Object.assign(new Error(statement), extra))
      expect(JSON.stringify(described)).not.to.include('secret')
      expect(described['stack']).to.match(/at /)
    }
    const described = describeError(Object.assign(new Error(statement), { code: 'ER_DUP_ENTRY' }))
    expect(described['code']).to.equal('ER_DUP_ENTRY')
  })

  it('keeps no message of a database error even when that is the cause of another', () => {
    const cause = Object.assign(new Error("select 'a secret'"), { code: 'ER_PARSE_ERROR' })
    const outer = new Error('could not be read', { cause: new GatewayError('SERVICE_ERROR', { cause }) })
    const described = describeError(outer)
    expect(described['message']).to.equal('could not be read')
    expect(described['cause']).to.deep.include({ name: 'SERVICE_ERROR' })
    expect(JSON.stringify(described)).to.include('ER_PARSE_ERROR').and.not.to.include('secret')
  })

  it('is the name of an error of ours, with what it says to developers', () => {
    expect(describeError(new GatewayError('PARAM_ERROR', { detail: 'uid: integer' }))).to.deep.equal({
      name: 'PARAM_ERROR',
      detail: 'uid: integer',
    })
  })

  it('is the kind of what was thrown when that is no error, and nothing of it', () => {
    for (const thrown of ['a secret', { password: 'a secret' }, undefined])
      expect(describeError(thrown)).to.deep.equal({ name: typeof thrown })
  })
})

withGateway('the log of a running gateway', { LOG_LEVEL: 'debug' }, (gateway) => {
  const linesOf = async (work: () => Promise<unknown>) => {
    const before = gateway.logLines.length
    await work()
    return gateway.logLines.slice(before).map((line): Record<string, unknown> => JSON.parse(line))
  }

  it('has one line per call, with what it was and how it ended', async () => {
    const headers = { 'X-Request-Id': 'caller-id-0001' }
    const [line, ...more] = await linesOf(() =>
      gateway.call('web.passport.getUserHabits', { uid: '987654321' }, { headers }),
    )
    expect(more).to.deep.equal([])
    const { time: _, milliseconds, ...rest } = line ?? {}
    expect(milliseconds).to.be.a('number')
    expect(rest).to.deep.equal({
      level: 30,
      requestId: 'caller-id-0001',
      method: 'web.passport.getUserHabits',
      path: '/gateway',
      app: 'web',
      ip: '127.0.0.1',
      status: 200,
      code: 10010,
      msg: 'call',
    })
  })

  it('has the reason of a failed call under the id its caller was answered with, and none of the values', async () => {
    const secret = 'a-value-nobody-may-read'
    const { uid } = await gateway.addUser()
    const rename = (from: string, to: string) => gateway.db.schema.renameTable(from, to)
    await rename('passport_profile', 'passport_profile_gone')
    let answered: string | null = null
    const lines = await linesOf(async () => {
      const params = { uid: String(uid), shopping: secret, password: secret }
      const answer = await gateway.call('web.passport.modifyUserHabits', params)
      answered = answer.headers.get('x-request-id')
      expect(answer.json?.code).to.equal(998)
    })
    await rename('passport_profile_gone', 'passport_profile')
    const failure = lines.find(({ level }) => level === 50)
    expect(failure).to.include({ requestId: answered, method: 'web.passport.modifyUserHabits', app: 'web' })
    expect(JSON.stringify(failure)).to.match(/ER_NO_SUCH_TABLE|SQLITE_ERROR/)
    expect(JSON.stringify(lines)).not.to.include(secret)
  })

  it('never has a password, a code, a token or an address of a user', async () => {
    const secrets = {
      password: 'pass-word-0815',
      newPassword: 'new-pass-0816',
      mobile: '13912345678',
      email: 'b@example.com',
    }
    const user = await gateway.addUser({
      password: secrets.password,
      mobile: secrets.mobile,
      email: secrets.email,
    })
    const uid = String(user.uid)
    const token = await user.startSession()
    const lines = await linesOf(async () => {
      const { newPassword, password, mobile, email } = secrets
      await gateway.call('web.passport.verifyUserPwd', { uid, password })
      await gateway.call('web.passport.changePwd', { uid, newPassword }, { verb: 'POST' })
      await gateway.call('web.passport.sendcode', { mobile })
      const code = await gateway.lastCode(mobile)
      await gateway.call('web.passport.checkcode', { mobile, code })
      await gateway.call('app.register.backpwdByEmail', { email })
      const mailed = await gateway.lastMailToken(email)
      await gateway.call('web.passport.checkCodeValid', { code: mailed })
      await gateway.request(`/front/account/login/logout?access_token=${token}`)
      await gateway.request('/reset-password?code=' + mailed)
      Object.assign(secrets, { mailed, token, client_secret: gateway.web.secret })
    })
    expect(lines.length).to.be.at.least(7)
    for (const [name, value] of Object.entries(secrets))
      expect(JSON.stringify(lines), name).not.to.include(value)
  })
})
