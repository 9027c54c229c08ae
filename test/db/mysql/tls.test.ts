import { expect } from 'chai'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { databaseOf } from '../../../config/urls/database-url.js'
import { connect } from '../../../db/connect.js'
import { explainDatabaseError } from '../../../db/explain.js'
import { isDatabaseUnavailable } from '../../../db/unavailable.js'
import { requireProgram } from '../../servers/available.js'
import { type Certificate, makeAuthority, makeCertificate } from '../../servers/tls/certificates.js'
import { startMariadb } from '../../servers/mariadb.js'
import { startTlsMariadb, type TlsMariadb } from '../../servers/tls/mariadb.js'
import { startGatewayProcess } from '../../servers/processes/gateway-process.js'
import { useFolder } from '../../suite.js'

describe('TLS with MariaDB', () => {
  const folder = useFolder('mysql-tls')
  let authority: Certificate
  let stranger: Certificate
  let client: Certificate
  let mariadb: TlsMariadb
  let path: string

  before(async function () {
    requireProgram(this, 'mariadbd')
    requireProgram(this, 'openssl')
    authority = await makeAuthority(folder.path, 'authority')
    stranger = await makeAuthority(folder.path, 'stranger')
    client = await makeCertificate(folder.path, 'gateway', authority)
    mariadb = await startTlsMariadb(await makeCertificate(folder.path, 'localhost', authority), authority)
    path = await mariadb.createDatabase()
    await mariadb.run("CREATE USER plain@'%' REQUIRE SSL; GRANT ALL ON *.* TO plain@'%'")
    await mariadb.run("CREATE USER known@'%' REQUIRE X509; GRANT ALL ON *.* TO known@'%'")
  })
  after(() => mariadb?.stop())

  const urlOf = (parameters: string, user = 'plain') =>
    `mysql://${user}@localhost:${mariadb.port}${path}${parameters}`

  async function cipherBy(url: string): Promise<string> {
    const target = databaseOf(url)
    const db = connect(target)
    try {
      const [[row]] = (await db.raw("SHOW STATUS LIKE 'Ssl_cipher'")) as [[{ Value: string }]]
      return row.Value
    } finally {
      await db.destroy()
    }
  }

  async function refusalBy(url: string): Promise<string> {
    const error = await cipherBy(url).then(
      () => expect.fail('was taken'),
      (error: unknown) => error,
    )
    if (!(error instanceof Error)) throw error
    expect(isDatabaseUnavailable(error)).to.equal(true)
    return explainDatabaseError(error)
  }

  it('encrypts what is sent, where the authority of the server is known', async () => {
    expect(await cipherBy(urlOf(`?ssl-ca=${authority.cert}`))).to.match(/^TLS_/)
    expect(await cipherBy(urlOf('', 'root'))).to.equal('')
    expect(await refusalBy(urlOf(''))).to.include('[ER_ACCESS_DENIED_ERROR]')
  })

  it('refuses a server that another authority has signed, and says so', async () => {
    for (const parameters of [`?ssl-ca=${stranger.cert}`, '?ssl=verify'])
      expect(await refusalBy(urlOf(parameters))).to.match(
        /^TLS with the server failed: .+ \(ssl-ca must hold the authority that signed the certificate\) \[HANDSHAKE_SSL_ERROR\]$/,
      )
  })

  it('refuses a server whose certificate is another host’s, and says which', async () => {
    const other = await startTlsMariadb(
      await makeCertificate(folder.path, 'db.example', authority),
      authority,
    )
    try {
      const url = `mysql://root@localhost:${other.port}${await other.createDatabase()}?ssl-ca=${authority.cert}`
      expect(await refusalBy(url)).to.match(
        /localhost.+DNS:db\.example.+\(DATABASE_URL must name the server as its certificate does\)/,
      )
    } finally {
      await other.stop()
    }
  })

  it('refuses a server that speaks none', async () => {
    const plain = await startMariadb()
    try {
      const url = (await plain.createDatabase()).replace('127.0.0.1', 'localhost')
      expect(await refusalBy(`${url}?ssl-ca=${authority.cert}`)).to.equal(
        'the server offers no TLS, and DATABASE_URL asks for it [HANDSHAKE_NO_SSL_SUPPORT]',
      )
    } finally {
      await plain.stop()
    }
  })

  it('shows a certificate of our own to a server that wants one', async () => {
    const ca = `?ssl-ca=${authority.cert}`
    expect(await refusalBy(urlOf(ca, 'known'))).to.include('[ER_ACCESS_DENIED_ERROR]')
    const own = `${ca}&ssl-cert=${client.cert}&ssl-key=${client.key}`
    expect(await cipherBy(urlOf(own, 'known'))).to.match(/^TLS_/)
  })

  it('takes renewed files at the next connection', async () => {
    const file = join(folder.path, 'renewed.pem')
    copyFileSync(stranger.cert, file)
    const db = connect(databaseOf(urlOf(`?ssl-ca=${file}`)))
    try {
      expect(String(await db.raw('SELECT 1').catch((error: Error) => error.message))).to.match(/certificate/)
      copyFileSync(authority.cert, file)
      expect(await db.raw('SELECT 1')).to.have.length(2)
    } finally {
      await db.destroy()
    }
  })

  it('carries a whole server, which trusts an authority that Node.js was told of', async () => {
    const server = await startGatewayProcess(
      { url: urlOf('?ssl=verify') },
      { NODE_EXTRA_CA_CERTS: authority.cert },
    )
    try {
      expect(await (await fetch(`${server.url}/readyz`)).json()).to.include({ database: true })
    } finally {
      await server.stop()
    }
    const untrusting = await startGatewayProcess({ url: urlOf('?ssl=verify') }).catch(String)
    expect(untrusting).to.match(
      /the server could not start: TLS with the server failed: .+host localhost, port/,
    )
  })
})
