import { expect } from 'chai'
import { describeConfig } from '../../config/config.js'
import { readEnvironment } from '../../config/env.js'
import { production } from './support.js'

describe('the warnings of the configuration', () => {
  const warningOf = (name: string, env: Record<string, string>) =>
    describeConfig(readEnvironment({ ...production, ...env })).find((row) => row.name === name)?.warning
  const [one, other] = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210']

  it('name proxies that are everybody', () => {
    const everybody = ['0.0.0.0/0', '10.0.0.1,::/0', '0.0.0.0/1,128.0.0.0/1', '::/1', '::ffff:0.0.0.0/96']
    for (const range of everybody)
      expect(warningOf('TRUST_PROXY', { TRUST_PROXY: range }), range).to.contain('anybody')
    for (const range of ['10.0.0.0/8', '10.0.0.1', '::1', 'fc00::/7', '::ffff:10.0.0.0/104'])
      expect(warningOf('TRUST_PROXY', { TRUST_PROXY: range }), range).to.equal(undefined)
  })

  it('name keys that can be guessed, that are equal, or that are given twice', () => {
    const pair = (data: string, jwt: string) => ({ DATA_KEY: data, JWT_SECRET: jwt })
    expect(warningOf('DATA_KEY', pair('d'.repeat(32), one))).to.contain('guessed')
    expect(warningOf('JWT_SECRET', pair(one, 'ab'.repeat(16)))).to.contain('guessed')
    expect(warningOf('JWT_SECRET', pair(one, `${other},${one}`))).to.contain('equal')
    expect(warningOf('DATA_KEY', pair(`${one},${one}`, other))).to.contain('twice')
    expect(warningOf('DATA_KEY', pair(one, other))).to.equal(undefined)
    expect(warningOf('METRICS_TOKEN', { METRICS_TOKEN: 'm'.repeat(16) })).to.contain('guessed')
    expect(warningOf('METRICS_TOKEN', { METRICS_TOKEN: one })).to.equal(undefined)
    const shared = { ...pair(one, other), METRICS_TOKEN: other }
    for (const name of ['JWT_SECRET', 'METRICS_TOKEN'])
      expect(warningOf(name, shared), name).to.contain('equal')
    expect(warningOf('DATA_KEY', shared)).to.equal(undefined)
  })

  it('name an address without TLS in production', () => {
    expect(warningOf('PUBLIC_URL', { PUBLIC_URL: 'http://a.example' })).to.contain('https')
    expect(warningOf('PUBLIC_URL', { PUBLIC_URL: 'https://a.example' })).to.equal(undefined)
    expect(warningOf('PUBLIC_URL', { NODE_ENV: 'test', PUBLIC_URL: 'http://a.example' })).to.equal(undefined)
  })

  it('name an address that is not where clients are', () => {
    for (const url of ['https://localhost', 'https://127.0.0.1:8443', 'https://[::1]'])
      expect(warningOf('PUBLIC_URL', { PUBLIC_URL: url }), url).to.contain('cannot follow')
    const development = { NODE_ENV: 'development', HOST: '127.0.0.1' }
    expect(warningOf('PUBLIC_URL', { ...development, PUBLIC_URL: 'https://a.example' })).to.contain(
      'NODE_ENV',
    )
    expect(warningOf('PUBLIC_URL', { ...development, PUBLIC_URL: 'http://localhost:8080' })).to.equal(
      undefined,
    )
  })
})
