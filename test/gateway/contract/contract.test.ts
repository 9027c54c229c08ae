import { expect } from 'chai'
import { type Contract, compileContract } from '../../../gateway/contract/contract.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { parseQueryString } from '../../../gateway/wire/query-string.js'
import type { JsonSchema } from '../../../schemas/contract-document.js'
import { contractDocuments } from '../../../schemas/contracts.js'

interface Made {
  readonly properties: Record<string, JsonSchema>
  readonly required?: string[]
  readonly result?: JsonSchema
  readonly 'x-message'?: boolean
}

/** A contract made for a test, under the name of a passport or an account method. */
function compile(name: 'web.passport.sendcode' | 'front.account.login.logout', made: Made): Contract {
  const { properties, required = [], result, ...marks } = made
  const $defs = result === undefined ? {} : { $defs: { result } }
  return compileContract(name, {
    source: { $id: name, title: '', type: 'object', properties, required, ...marks, ...$defs },
  })
}
const passport = (made: Made) => compile('web.passport.sendcode', made)
const account = (made: Made) => compile('front.account.login.logout', made)

const read = (contract: Contract, query: string) => contract.read(parseQueryString(query))

function problemOf(contract: Contract, query: string): string {
  try {
    return `none: ${JSON.stringify(read(contract, query))}`
  } catch (error) {
    if (error instanceof GatewayError) return error.message
    throw error
  }
}

describe('reading parameters by a contract', () => {
  it('takes the declared ones in their types, and drops all others', () => {
    const contract = passport({
      properties: { uid: { type: 'integer' }, name: { type: 'string' }, vip: { type: 'boolean' } },
    })
    expect(read(contract, 'name=%E5%BC%A0&uid=12&vip=1&sign=x&__proto__=y&constructor=z')).to.deep.equal({
      uid: 12,
      name: '张',
      vip: true,
    })
  })

  it('leaves out what was not sent, and fills in what has a default', () => {
    const contract = account({
      properties: {
        page: { type: 'integer', default: 1 },
        sort: { type: 'string' },
        size: { type: 'integer' },
      },
    })
    expect(read(contract, '')).to.deep.equal({ page: 1 })
    expect(read(contract, 'page=&size=null&sort=')).to.deep.equal({ page: 1, sort: '' })
    expect(read(contract, 'page=3')).to.deep.equal({ page: 3 })
  })

  it('takes an empty value as missing where one is needed', () => {
    const properties = { uid: { type: 'integer' }, code: { type: 'string' }, note: { type: 'string' } }
    const contract = passport({ properties, required: ['uid', 'code'] })
    expect(problemOf(contract, 'uid=&code=1')).to.equal('PARAM_ERROR: uid: integer')
    expect(problemOf(contract, 'uid=1&code=')).to.equal('PARAM_ERROR: code: text')
    expect(read(contract, 'uid=1&code=1&note=')).to.deep.equal({ uid: 1, code: '1', note: '' })
  })

  it('throws the error that the contract names for what is missing and for what does not fit', () => {
    const properties = {
      mobile: { type: 'string', pattern: '^1', 'x-missing': 'MOBILE_MISSING', 'x-invalid': 'MOBILE_FORM' },
    }
    const contract = passport({ properties, required: ['mobile'] })
    expect(problemOf(contract, '')).to.equal('MOBILE_MISSING: mobile: text (^1)')
    expect(problemOf(contract, 'mobile=2')).to.equal('MOBILE_FORM: mobile: text (^1)')
    expect(problemOf(contract, 'mobile=1')).to.equal('none: {"mobile":"1"}')
  })

  it('finds the first problem in the order of the contract, not of the call', () => {
    const properties = {
      newPassword: { type: 'string', 'x-missing': 'PASSWORD_INVALID' },
      uid: { type: 'integer', 'x-missing': 'UID_IS_NULL', 'x-invalid': 'UID_IS_NULL' },
      area: { type: 'string', maxLength: 2, 'x-invalid': 'MOBILE_FORM' },
    }
    const contract = passport({ properties, required: ['uid', 'newPassword'] })
    expect(problemOf(contract, 'area=long&uid=x')).to.include('PASSWORD_INVALID')
    expect(problemOf(contract, 'area=long&uid=x&newPassword=1')).to.include('UID_IS_NULL')
    expect(problemOf(contract, 'area=long&uid=1&newPassword=1')).to.include('MOBILE_FORM')
  })

  it('tells developers what the parameter wants, never what was sent', () => {
    const wants = (schema: JsonSchema) =>
      problemOf(passport({ properties: { it: schema } }), `it=${'z'.repeat(30)}`).replace(
        'PARAM_ERROR: it: ',
        '',
      )
    expect(wants({ type: 'integer', minimum: 0, maximum: 65535 })).to.equal('integer from 0 to 65535')
    expect(wants({ type: 'number', minimum: 1 })).to.equal('number of at least 1')
    expect(wants({ type: 'integer', maximum: 9 })).to.equal('integer of at most 9')
    expect(wants({ type: 'string', maxLength: 20 })).to.equal('text of at most 20 characters')
    expect(wants({ type: 'string', minLength: 40 })).to.equal('text of 40 to any number of characters')
    expect(wants({ type: 'string', enum: ['asc', 'desc'] })).to.equal('one of asc, desc')
    expect(wants({ type: 'string', pattern: '^\\d+$', description: 'digits' })).to.equal('text (digits)')
    expect(wants({ type: 'boolean' })).to.equal('boolean')
  })

  it('refuses whole numbers that a number can not hold exactly', () => {
    const contract = passport({ properties: { uid: contractUid() } })
    expect(problemOf(contract, 'uid=9007199254740991')).to.include('none')
    for (const uid of ['9007199254740992', '99999999999999999', '-1', '1.5', '1e3', 'abc', '０'])
      expect(problemOf(contract, `uid=${uid}`), uid).to.include('BROWSE_DEL_UID_ISNULL')
  })
})

describe('the names of parameters', () => {
  const properties = {
    userAccount: { type: 'string' },
    ud_id: { type: 'integer' },
    encryptedData: { type: 'string' },
    page: { type: 'integer' },
  } as const

  it('have two spellings in account methods', () => {
    const contract = account({ properties })
    const expected = { userAccount: 'a', ud_id: 7, encryptedData: 'x', page: 1 }
    expect(read(contract, 'user_account=a&ud_id=7&encryptedData=x&page=1')).to.deep.equal(expected)
    expect(read(contract, 'userAccount=a&udId=7&encrypted_data=x&page=1')).to.deep.equal(expected)
  })

  it('count in snake_case when both spellings are sent, an empty one too', () => {
    const contract = account({ properties })
    expect(read(contract, 'userAccount=camel&user_account=snake&udId=1&ud_id=2')).to.deep.equal({
      userAccount: 'snake',
      ud_id: 2,
    })
    expect(read(contract, 'userAccount=camel&user_account=&udId=1&ud_id=')).to.deep.equal({ userAccount: '' })
  })

  it('have one spelling in passport methods', () => {
    const contract = passport({
      properties: { newMobile: { type: 'string' }, area_code: { type: 'integer' } },
    })
    expect(read(contract, 'new_mobile=1&areaCode=2')).to.deep.equal({})
    expect(read(contract, 'newMobile=1&area_code=2&new_mobile=3')).to.deep.equal({
      newMobile: '1',
      area_code: 2,
    })
  })
})

describe('writing results by a contract', () => {
  const result = {
    type: 'object',
    properties: {
      uid: { type: 'integer' },
      name: { type: 'string' },
      inner: {
        type: 'object',
        properties: { b: { type: 'string' }, a: { type: 'number' } },
        required: ['a'],
      },
    },
    required: ['name'],
  } as const

  it('writes the declared fields in the order of the contract, and nothing else', () => {
    const contract = passport({ properties: {}, result })
    const value = { secret: 1, inner: { a: 0.5, b: 'x', c: 2 }, name: '张"\n', uid: 7 }
    expect(contract.stringify(value)).to.equal('{"uid":7,"name":"张\\"\\n","inner":{"b":"x","a":0.5}}')
    expect(contract.stringify({ name: '' })).to.equal('{"name":""}')
  })

  it('writes nothing for a method that answers nothing', () => {
    expect(passport({ properties: {} }).stringify(undefined)).to.equal(undefined)
  })

  it('finds undeclared, missing and mistyped fields at every level', () => {
    const contract = passport({ properties: {}, result })
    expect(contract.findResultProblem({ name: '', uid: 1, inner: { a: 1, b: '' } })).to.equal(undefined)
    expect(contract.findResultProblem({ name: '', more: 1 })).to.include(
      'data must NOT have additional properties: more',
    )
    expect(contract.findResultProblem({ name: '', inner: { a: 1, c: 1 } })).to.include(
      'data/inner must NOT have additional properties: c',
    )
    expect(contract.findResultProblem({})).to.include("required property 'name'")
    expect(contract.findResultProblem({ name: 1 })).to.include('data/name must be string')
    expect(passport({ properties: {} }).findResultProblem({})).to.equal('a result where none is declared')
    expect(passport({ properties: {} }).findResultProblem(undefined)).to.equal(undefined)
  })
})

describe('a broken contract', () => {
  it('is found when it is compiled', () => {
    const properties = { a: { type: 'string', 'x-missing': 'NO_SUCH_ERROR' } }
    expect(() => passport({ properties })).to.throw('a names the unknown error NO_SUCH_ERROR')
    expect(() => passport({ properties: { a: { type: 'text' } } })).to.throw('type')
    expect(() => passport({ properties: { a: { $ref: 'defs.json#/$defs/nothing' } } })).to.throw(
      'no shared definition',
    )
    expect(() =>
      passport({ properties: { a: { type: 'string', maximumLength: 1 } as JsonSchema } }),
    ).to.throw('unknown keyword')
  })

  it('can not have the message of an answer that is no text', () => {
    for (const result of [{ type: 'object', properties: {} }, { type: ['string', 'null'] }])
      expect(() => account({ properties: {}, result, 'x-message': true })).to.throw('a text')
    expect(() => account({ properties: {}, 'x-message': true })).to.throw('a text')
    expect(
      account({ properties: {}, result: { type: 'string' }, 'x-message': true }).stringify('"'),
    ).to.equal('"\\""')
  })

  it('is none of ours: all compile, and name errors that exist', () => {
    for (const name of Object.keys(contractDocuments) as (keyof typeof contractDocuments)[])
      expect(compileContract(name).name).to.equal(name)
  })
})

describe('a text parameter', () => {
  it('may hold anything but a NUL, after which SQLite would read no further', () => {
    const contract = passport({ properties: { a: { type: 'string' } } })
    expect(read(contract, 'a=%01%F0%9F%98%80')).to.deep.equal({ a: '\u0001😀' })
    expect(problemOf(contract, 'a=x%00y')).to.contain('PARAM_ERROR')
  })
})

function contractUid(): JsonSchema {
  return contractDocuments['web.passport.getUserHabits'].properties['uid'] ?? expect.fail('no uid')
}
