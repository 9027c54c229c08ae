import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCauses } from '../../../gateway/openapi/error-causes.js'
import { errorFixes } from '../../../gateway/openapi/error-fixes.js'
import { GatewayError, isError } from '../../../gateway/outcome/errors.js'
import { catalogue, type ErrorName, isErrorName } from '../../../gateway/outcome/catalogue.js'
import { contractDocuments, sharedDefinitions } from '../../../schemas/contracts.js'
import { projectRoot, readSources } from '../../whole/architecture/source-tree.js'

const names = Object.keys(catalogue) as ErrorName[]

/** The catalogue as docs/errors.md shows it. */
function catalogueRows(): string[][] {
  return names.map((name) => {
    const error = new GatewayError(name)
    const { passport, account, retry } = error.entry
    const statuses = [...new Set([error.httpStatus('passport'), error.httpStatus('account')])]
    const quoted = (text: string) => (text === '' ? '' : `\`${text}\``)
    return [
      quoted(name),
      String(passport[0]),
      quoted(passport[1]),
      String(account[0]),
      quoted(account[1]),
      statuses.join(' / '),
      retry ? 'yes' : 'no',
      errorCauses[name],
      errorFixes[name],
    ]
  })
}

function documentedRows(): string[][] {
  return readFileSync(join(projectRoot(), 'docs/errors.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
}

describe('the catalogue of errors', () => {
  it('is what docs/errors.md says, line by line, and each line says when and what to do', () => {
    const rows = documentedRows()
    expect(rows).to.deep.equal(catalogueRows())
    for (const row of rows) for (const prose of row.slice(7)) expect(prose, String(row[0])).to.match(/\w{2}/)
  })

  it('has no entry that nothing answers', () => {
    const sources = readSources(['gateway', 'methods']).filter(
      ({ path }) => path !== 'gateway/outcome/catalogue.ts',
    )
    const used = new Set(sources.flatMap(({ text }) => text.match(/(?<=')[A-Z][A-Z_]+(?=')/g) ?? []))
    const schemas = JSON.stringify([contractDocuments, sharedDefinitions])
    for (const [, name = ''] of schemas.matchAll(/"x-(?:missing|invalid)":"(\w+)"/g)) used.add(name)
    expect(names.filter((name) => !used.has(name))).to.deep.equal([])
  })

  it('keeps the numbers and texts of the old gateway', () => {
    const old = {
      MOBILE_MISSING: [401, '手机号码错误'],
      MOBILE_FORM: [402, '手机号码格式错误'],
      BROWSE_DEL_UID_ISNULL: [421, 'uid不能为空'],
      UID_IS_NULL: [421, 'uid不能为空'],
      PARAM_ERROR: [413, '参数错误'],
      UID_NOT_MATCH_MOBILE: [10001, '手机号码不匹配'],
      VALID_CODE_TIMEOUT_CODE: [405, '输入次数太多，请重新发送！'],
      VALID_ERROR: [404, '验证错误！'],
      CODE_MISSING: [401, '请输入验证码！'],
      CODE_IS_INVALID: [404, '验证信息无效'],
      PASSWORD_INVALID: [422, '密码不合法'],
      PASSWORD_WRONG: [10012, '密码错误'],
      USER_NOT_EXISTS: [10010, '用户不存在'],
      NOT_CHECK_MOBILE: [411, '请先校验手机号'],
      MOBILE_TAKEN: [404, '此手机号已被使用'],
      EMAIL_TAKEN: [404, '此邮箱已被使用'],
      EMAIL_FORM: [400, '邮箱格式错误'],
      SEND_FAILED: [425, '发送失败'],
      SERVICE_ERROR: [998, '服务繁忙，请稍后再试'],
      UNAVAILABLE: [999, '服务繁忙，请稍后再试'],
      BROWNED_OUT: [999, '服务繁忙，请稍后再试'],
      TOO_MANY_FAILURES: [10013, '登录失败次数过多，请稍后再试'],
      LOGIN_REQUIRED: [10014, '请重新登录'],
      SIGNATURE_MISSING: [500, '缺少client_secret'],
      SIGNATURE_INVALID: [500, '数据验证错误.'],
      CRASH: [500, '操作失败'],
      METHOD_NOT_FOUND: [1000, '接口不存在'],
      IP_BLOCKED: [10011, ''],
      TOO_MANY_REQUESTS: [9999991, 'Plase try later!'],
    } as const
    for (const [name, numberAndText] of Object.entries(old))
      expect(isErrorName(name) && catalogue[name].passport, name).to.deep.equal(numberAndText)
  })

  it('keeps the numbers and texts that the shop front ends know', () => {
    const old = {
      LOGIN_REQUIRED: [401, '请重新登录'],
      TOKEN_BROKEN: [401, '请退出重新登录'],
      TOKEN_EXPIRED: [401, '登录已过期'],
      SIGNATURE_INVALID: [403, '没有访问权限'],
      VERB_NOT_ALLOWED: [0, '请求方式不正确'],
      METHOD_NOT_FOUND: [0, '接口不存在'],
      TOO_MANY_REQUESTS: [300, '请求过于频繁，请稍后再试'],
      UNAVAILABLE: [300, '服务繁忙，请稍后再试'],
      BROWNED_OUT: [300, '服务繁忙，请稍后再试'],
      CRASH: [300, '操作失败'],
      PASSWORD_WRONG: [300, '用户名或者密码不正确'],
      VALID_ERROR: [300, '验证码有误'],
      UID_NOT_MATCH_MOBILE: [300, '手机号码不正确'],
      MOBILE_FORM: [0, '请输入正确的手机号！'],
      MOBILE_TAKEN: [0, '手机号已经绑定用户！'],
      USER_NOT_EXISTS: [0, '用户详细信息不存在'],
      TOO_MANY_FAILURES: [300, '登录失败次数过多，请稍后再试'],
    } as const
    for (const [name, numberAndText] of Object.entries(old))
      expect(isErrorName(name) && catalogue[name].account, name).to.deep.equal(numberAndText)
  })

  it('answers business failures under HTTP 200, and what is no business with its own status', () => {
    const statuses = (dialect: 'passport' | 'account') =>
      Object.fromEntries(
        names
          .map((name) => [name, new GatewayError(name).httpStatus(dialect)] as const)
          .filter(([, status]) => status !== 200),
      )
    const both = {
      UNAVAILABLE: 503,
      BROWNED_OUT: 503,
      IDEMPOTENCY_KEY_BUSY: 409,
      IDEMPOTENCY_KEY_REUSED: 422,
      IDEMPOTENCY_KEY_BROKEN: 409,
      CHECKED_ONLY: 202,
      CRASH: 500,
      METHOD_NOT_FOUND: 404,
      VERB_NOT_ALLOWED: 405,
      BODY_TOO_LARGE: 413,
      BODY_TYPE: 415,
    }
    expect(statuses('passport')).to.deep.equal(both)
    expect(statuses('account')).to.deep.equal({
      ...both,
      TOO_MANY_REQUESTS: 429,
      CONTENTION: 429,
      SERVICE_ERROR: 500,
      IP_BLOCKED: 403,
    })
  })

  it('knows its own names only', () => {
    expect([isErrorName('CRASH'), isErrorName('toString'), isErrorName('')]).to.deep.equal([
      true,
      false,
      false,
    ])
  })
})

describe('an error', () => {
  it('carries what the caller, the developer and the log each need', () => {
    const cause = new Error('the reason')
    const error = new GatewayError('TOO_MANY_REQUESTS', { detail: 'mobile: later', retryAfter: 5, cause })
    expect([error.message, error.detail, error.retryAfter, error.cause]).to.deep.equal([
      'TOO_MANY_REQUESTS: mobile: later',
      'mobile: later',
      5,
      cause,
    ])
    expect(new GatewayError('CRASH').message).to.equal('CRASH')
  })

  it('is known by its keys, and nothing else thrown is', () => {
    const error = new GatewayError('TOKEN_EXPIRED')
    expect(isError(error, 'TOKEN_BROKEN', 'TOKEN_EXPIRED')).to.equal(true)
    expect(isError(error, 'TOKEN_BROKEN')).to.equal(false)
    for (const other of [new Error('TOKEN_EXPIRED'), { key: 'TOKEN_EXPIRED' }, 'TOKEN_EXPIRED', undefined])
      expect(isError(other, 'TOKEN_EXPIRED')).to.equal(false)
  })

  it('has the text of its entry, with the detail or the reason in it', () => {
    const textsOf = (error: GatewayError) => [error.text('passport'), error.text('account')]
    const detail = 'uid: 1 to 9 digits, $& too'
    expect(textsOf(new GatewayError('PARAM_ERROR', { detail }))).to.deep.equal([
      '参数错误',
      `参数错误：${detail}`,
    ])
    expect(textsOf(new GatewayError('PARAM_ERROR'))).to.deep.equal(['参数错误', '参数错误'])
    const off = '小程序功能未启用'
    expect(textsOf(new GatewayError('WECHAT_OFF', { detail: off }))).to.deep.equal([off, off])
    expect(textsOf(new GatewayError('WECHAT_FAILED', { detail: 'mini: 40029' }))).to.deep.equal([
      '微信登录,调用官方接口失败',
      '微信登录,调用官方接口失败',
    ])
  })
})
