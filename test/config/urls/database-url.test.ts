import { expect } from 'chai'
import { loadConfig } from '../../../config/config.js'
import { readEnvironment } from '../../../config/env.js'
import { describeConfig } from '../../../config/describe.js'
import { useFolder } from '../../suite.js'
import { problemsIn } from '../support.js'

const databaseOf = (DATABASE_URL: string) => loadConfig({ DATABASE_URL }, { makeKeys: false }).database

const problemsOf = (DATABASE_URL: string) => problemsIn({ DATABASE_URL })

describe('a database of several servers', () => {
  it('is read in the order in which they stand, with one user, password and name', () => {
    expect(databaseOf('mysql://u:p%40s@one:3306,two,[::1]:3307/x')).to.deep.equal({
      kind: 'mysql',
      url: 'mysql://u:p%40s@one:3306/x',
      fallbackUrls: ['mysql://u:p%40s@two/x', 'mysql://u:p%40s@[::1]:3307/x'],
    })
  })

  it('is refused when one of them is no host, and its password is never shown', () => {
    for (const hosts of ['one,,two', 'one,', ',one', 'one,two:x', 'one,tw o'])
      expect(problemsOf(`mysql://u:hush@${hosts}/x`).join(), hosts)
        .to.match(/^DATABASE_URL must be sqlite:PATH, .+\[,host:port\]\/name/)
        .and.not.include('hush')
    const described = describeConfig(readEnvironment({ DATABASE_URL: 'mysql://u:hush@one:3306,two:3307/x' }))
    expect(described.find(({ name }) => name === 'DATABASE_URL')?.value).to.equal(
      'mysql://u:********@one:3306,two:3307/x',
    )
  })
})

describe('TLS with a database', () => {
  const folder = useFolder('database-url')
  const server = 'mysql://u:p@db/x'

  it('is asked for by ssl=verify, or by a file of authorities or a certificate of our own', () => {
    const file = folder.write('some.pem', '-----BEGIN CERTIFICATE-----')
    const url = server
    expect(databaseOf(`${server}?ssl=verify`)).to.deep.equal({ kind: 'mysql', url, tls: {} })
    expect(databaseOf(`${server}?ssl-ca=${file}`)).to.deep.equal({ kind: 'mysql', url, tls: { ca: file } })
    expect(databaseOf(`mysql://u:p@db,other/x?ssl-cert=${file}&ssl-key=${file}`)).to.deep.equal({
      kind: 'mysql',
      url,
      fallbackUrls: ['mysql://u:p@other/x'],
      tls: { cert: file, key: file },
    })
  })

  it('is refused when half of it is said, by what is missing', () => {
    const text = folder.write('some.txt', 'no certificate')
    const absent = `${folder.path}/absent.pem`
    const rows = [
      ['?ssl=on', 'DATABASE_URL must say ssl=verify for TLS, and nothing of ssl for none'],
      ['?ssl=', 'DATABASE_URL must say ssl=verify for TLS, and nothing of ssl for none'],
      [
        '?sslmode=require',
        'DATABASE_URL must have no parameters but ssl, ssl-ca, ssl-cert and ssl-key, not "sslmode"',
      ],
      [`?ssl-cert=${absent}`, 'DATABASE_URL must give ssl-cert and ssl-key together'],
      [`?ssl-ca=${absent}`, `DATABASE_URL must name a file that can be read as ssl-ca: ${absent} (ENOENT)`],
      [`?ssl-ca=${text}`, `DATABASE_URL must name a file of PEM as ssl-ca: ${text} is none`],
    ]
    for (const [parameters = '', problem] of rows)
      expect(problemsOf(`${server}${parameters}`), parameters).to.deep.equal([problem])
  })

  it('needs names of hosts, as addresses are not what certificates are checked by', () => {
    const problem =
      'DATABASE_URL must name hosts, not addresses, with ssl=verify: a certificate is checked by the name'
    for (const host of ['10.0.0.1', '[::1]', 'db,10.0.0.2'])
      expect(problemsOf(`mysql://u:p@${host}/x?ssl=verify`), host).to.deep.equal([problem])
  })
})
