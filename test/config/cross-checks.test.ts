import { expect } from 'chai'
import { problemsIn, production } from './support.js'

const mysql = 'mysql://user:password@db.example.com/passport'

describe('Environment: rules between variables', () => {
  it('HOST must be loopback in development', () => {
    for (const host of ['127.0.0.1', '127.255.0.3', '::1', '0:0:0:0:0:0:0:1', 'localhost', 'LocalHost']) {
      expect(problemsIn({ HOST: host }), host).to.deep.equal([])
    }
    for (const host of ['0.0.0.0', '::', '128.0.0.1', '192.168.0.1', 'localhost.example.com']) {
      expect(problemsIn({ HOST: host })[0], host).to.match(/^HOST must be loopback/)
      expect(problemsIn({ ...production, HOST: host }), host).to.deep.equal([])
    }
  })

  it('DATA_KEY and JWT_SECRET must be given in production only', () => {
    const { DATA_KEY: _data, JWT_SECRET: _jwt, ...rest } = production
    expect(problemsIn(rest).map((problem) => problem.split(' ')[0])).to.deep.equal(['DATA_KEY', 'JWT_SECRET'])
    expect(problemsIn({ ...rest, NODE_ENV: 'test' })).to.deep.equal([])
  })

  it('WORKERS must be 1 with SQLite', () => {
    expect(problemsIn({ WORKERS: '2' })[0]).to.match(/^WORKERS must be 1 with SQLite/)
    expect(problemsIn({ WORKERS: '2', DATABASE_URL: 'sqlite::memory:' })).to.have.length(1)
    expect(problemsIn({ WORKERS: '2', DATABASE_URL: mysql })).to.deep.equal([])
  })

  it('SMS_PROVIDER must not be the outbox in production', () => {
    expect(problemsIn({ ...production, SMS_PROVIDER: '' })[0]).to.match(/^SMS_PROVIDER must be webhook/)
  })

  it('SMS_WEBHOOK_URL must be given for the webhook', () => {
    expect(problemsIn({ SMS_PROVIDER: 'webhook' })[0]).to.match(/^SMS_WEBHOOK_URL must be given/)
    expect(problemsIn({ SMS_PROVIDER: 'webhook', SMS_WEBHOOK_URL: 'http://sms/' })).to.deep.equal([])
  })

  it('PASSPORT_UNSIGNED must be deny outside development', () => {
    for (const env of [production, { NODE_ENV: 'test' }]) {
      expect(problemsIn({ ...env, PASSPORT_UNSIGNED: 'allow' })).to.deep.equal([
        'PASSPORT_UNSIGNED must be deny outside development',
      ])
    }
  })

  it('PASSPORT_DEBUG must be off in production only', () => {
    expect(problemsIn({ ...production, PASSPORT_DEBUG: 'on' })).to.have.length(1)
    expect(problemsIn({ NODE_ENV: 'test', PASSPORT_DEBUG: 'on' })).to.deep.equal([])
  })
})
