import { expect } from 'chai'
import { readEnvironment } from '../../../config/env.js'
import { describeConfig } from '../../../config/describe.js'
import { readRedisUrl } from '../../../config/urls/redis-url.js'
import { problemsIn } from '../support.js'

describe('a Redis URL', () => {
  it('names one server', () => {
    for (const url of ['redis://cache', 'rediss://u:p@cache:6380/1'])
      expect(readRedisUrl(url)).to.deep.equal({ kind: 'single', url })
  })

  it('names Sentinels and what they call the primary', () => {
    expect(readRedisUrl('redis+sentinel://one,two:26380/main')).to.deep.equal({
      kind: 'sentinel',
      hosts: [
        { host: 'one', port: 26_379 },
        { host: 'two', port: 26_380 },
      ],
      tls: false,
      name: 'main',
      db: 0,
    })
    const whole = 'rediss+sentinel://u:p%40s@[::1]:1,two/main%20one/3?sentinel-password=s%26t'
    expect(readRedisUrl(whole)).to.deep.equal({
      kind: 'sentinel',
      hosts: [
        { host: '::1', port: 1 },
        { host: 'two', port: 26_379 },
      ],
      tls: true,
      username: 'u',
      password: 'p@s',
      name: 'main one',
      db: 3,
      sentinelPassword: 's&t',
    })
  })

  it('names servers of a cluster', () => {
    const hosts = [
      { host: 'one', port: 6379 },
      { host: 'two', port: 7000 },
    ]
    expect(readRedisUrl('redis+cluster://one,two:7000')).to.deep.equal({ kind: 'cluster', hosts, tls: false })
    expect(readRedisUrl('rediss+cluster://:p@one,two:7000/')).to.deep.equal({
      kind: 'cluster',
      hosts,
      tls: true,
      password: 'p',
    })
  })

  it('is refused where it is none of these', () => {
    const wrong = [
      'redis://one,two',
      'redis+sentinel://one',
      'redis+sentinel://one/',
      'redis+sentinel://one/main/x',
      'redis+sentinel://one/main/0/1',
      'redis+sentinel://one,/main',
      'redis+sentinel://one/main?tls=1',
      'redis+sentinel://u:%zz@one/main',
      'redis+cluster://one,two/1',
      'redis+cluster://one?db=1',
      'redis+other://one',
      'sentinel://one/main',
    ]
    for (const url of wrong) expect(readRedisUrl(url), url).to.equal(undefined)
  })

  it('is never shown with its passwords', () => {
    const shownOf = (REDIS_URL: string) =>
      describeConfig(readEnvironment({ REDIS_URL })).find(({ name }) => name === 'REDIS_URL')?.value
    expect(shownOf('redis+cluster://:hush@one:7000,two/')).to.equal('redis+cluster://:********@one:7000,two/')
    expect(shownOf('redis+sentinel://u:hush@one,two/main?sentinel-password=hush')).to.equal(
      'redis+sentinel://u:********@one,two/main?sentinel-password=********',
    )
    expect(problemsIn({ REDIS_URL: 'redis+sentinel://u:hush@one,two' }).join())
      .to.match(/^REDIS_URL must be a redis:\/\/ URL, /)
      .and.not.include('hush')
  })
})
