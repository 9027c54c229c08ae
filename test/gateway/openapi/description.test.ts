import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect } from 'chai'
import { compileTable } from '../../../gateway/contract/compile-table.js'
import { describeGateway } from '../../../gateway/openapi/document.js'
import type { Operation } from '../../../gateway/openapi/objects.js'
import { catalogue } from '../../../gateway/outcome/catalogue.js'
import { methodTable } from '../../../methods/table.js'
import { contractDocuments } from '../../../schemas/contracts.js'
import { projectRoot } from '../../whole/architecture/source-tree.js'

describe('the description of all methods', function () {
  this.timeout(60_000)
  const table = compileTable(methodTable)
  const description = describeGateway(table, 'http://127.0.0.1:8080')
  const { paths, components } = description
  const operations = Object.values(paths).flatMap(({ get, post }) =>
    [get, post].filter((of) => of !== undefined),
  )
  const operationNamed = (id: string): Operation =>
    operations.find(({ operationId }) => operationId === id) ?? expect.fail(`no operation ${id}`)

  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate({ ...structuredClone(description) })
    expect(errors ?? []).to.deep.equal([])
    expect(valid).to.equal(true)
  })

  it('has no fault or warning of a linter', async () => {
    const rules = {
      // Errors are answered under HTTP 200, as clients know them.
      'operation-4xx-response': 'off',
    } as const
    const config = await createConfig({ extends: ['recommended'], rules })
    const found = await lintFromString({ source: JSON.stringify(description), config })
    expect(
      found.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]),
    ).to.deep.equal([])
  })

  it('has every method under each of its names, and every REST path, with its verbs', () => {
    const names = [...table.byName.keys()].map((name) => `/gateway/${name}`)
    expect(Object.keys(paths).sort()).to.deep.equal([...names, ...table.byPath.keys()].sort())
    // A batch is a body.
    const verbsOf = (path: string) => (path === '/gateway/batch' ? ['post'] : ['get', 'post'])
    for (const path of names) expect(Object.keys(paths[path] ?? {}), path).to.deep.equal(verbsOf(path))
    for (const [path, { verbs }] of table.byPath) {
      const described = Object.keys(paths[path] ?? {}).map((verb) => verb.toUpperCase())
      expect(described, path).to.have.members([...verbs])
    }
  })

  it('has every declared parameter of every method', () => {
    for (const [name, { properties, required }] of Object.entries(contractDocuments)) {
      // Those of the console are not described: nobody else can call them.
      if (name === 'batch' || name.startsWith('manage.console.')) continue
      const { parameters } = operationNamed(name)
      const declared = Object.keys(properties)
      expect(parameters.map((of) => of.name).filter((of) => declared.includes(of))).to.deep.equal(declared)
      const needed = parameters.filter((of) => of.required === true).map((of) => of.name)
      expect(needed, name).to.have.members([...required])
    }
  })

  it('titles every operation in Chinese and in English', () => {
    for (const operation of operations) {
      expect(operation['x-summary-en'], operation.operationId).to.match(/^[A-Z][\x20-\x7e]+$/)
      expect(operation.summary, operation.operationId).to.match(/\p{Script=Han}/u)
    }
  })

  it('notes the other spelling where there is one', () => {
    const describedIn = (id: string, parameter: string) =>
      operationNamed(id).parameters.find(({ name }) => name === parameter)?.description
    expect(describedIn('rest.front.account.login.login', 'userAccount')).to.match(
      /; also spelled `user_account`$/,
    )
    expect(describedIn('front.account.userDeliveryAddress.get', 'ud_id')).to.match(/; also spelled `udId`$/)
    expect(describedIn('web.passport.changePwd', 'newPassword')).to.not.contain('spelled')
  })

  it('has every error in both envelopes, with when it is answered and what to do', () => {
    for (const envelope of ['passport', 'account'] as const)
      for (const [name, entry] of Object.entries(catalogue)) {
        const example = components.examples[`${envelope}.${name}`] as {
          summary: string
          description: string
          value: { code: number }
        }
        expect(example.value.code, name).to.equal(entry[envelope][0])
        expect(example.summary, name).to.match(/\w{2}/)
        expect(example.description, name).to.match(/^To do: \S/)
      }
    expect(operationNamed('web.passport.sendcode')['x-errors']).to.include.members([
      'SIGNATURE_MISSING',
      'SIGNATURE_INVALID',
      'MOBILE_MISSING',
      'MOBILE_FORM',
    ])
  })

  it('says what opens each method', () => {
    const schemesOf = (id: string) => operationNamed(id).security.map((schemes) => Object.keys(schemes))
    const legacy = ['legacyApplication', 'legacySignature']
    const hmac = ['hmacApplication', 'hmacMethod', 'hmacTimestamp', 'hmacNonce', 'hmacSignature']
    const tokens = [['session'], ['accessToken'], ['permKey']]
    expect(schemesOf('web.passport.sendcode')).to.deep.equal([legacy, hmac])
    expect(schemesOf('front.account.user.edit')).to.deep.equal(tokens)
    expect(schemesOf('manage.account.user.list')).to.deep.equal(tokens)
    expect(schemesOf('front.account.wechat.getXcxAccessToken')).to.deep.equal([legacy, hmac, ...tokens])
    expect(schemesOf('front.sys.config.info')).to.deep.equal([])
    expect(operationNamed('manage.account.userTagGroup.add').description).to.contain(
      'with the permission of `manage.account.userTagBase.add`',
    )
  })

  it('has an example of each operation that takes parameters, of declared ones only', () => {
    for (const { 'x-method': name } of operations) {
      const { examples, properties, required } = contractDocuments[name as keyof typeof contractDocuments]
      const [example] = examples ?? []
      if (example === undefined) continue
      expect(Object.keys(properties), name).to.include.members(Object.keys(example))
      expect(Object.keys(example), name).to.include.members([...required])
    }
    const bodies = operations.flatMap(({ requestBody }) => Object.entries(requestBody?.content ?? {}))
    const forms = bodies.filter(([type]) => type === 'application/json')
    expect(forms.length).to.be.above(100)
    for (const [, media] of forms) expect(JSON.stringify(media)).to.match(/"example":\{/)
  })

  it('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8'))
    expect(description.info['version']).to.equal(version)
  })
})
