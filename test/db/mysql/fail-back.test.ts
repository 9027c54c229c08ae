import { expect } from 'chai'
import { MysqlServers } from '../../../db/mysql-servers.js'
import type { MysqlConnection } from '../../../db/mysql-connection.js'

/** One that takes whatever it is sent. */
function takingAll(): MysqlConnection {
  return {
    query: (_, done) => done(null, []),
    execute: () => expect.fail('nothing of it has values'),
    prepare: () => expect.fail('nor is prepared'),
    end: () => expect.fail('it is not told to go'),
    destroy() {},
    stream: { destroy() {} },
  }
}

describe('a pool that has found back to its first server', () => {
  it('stays there, though a connection to the second is only ready then', async function () {
    this.timeout(15_000)
    const urls = {
      url: 'mysql://gate@first:3306/passport',
      fallbackUrls: ['mysql://gate@second:3306/passport'],
    }
    const servers = new MysqlServers({ kind: 'mysql', ...urls })
    const changes: string[] = []
    const foundBack = new Promise<void>((resolve) =>
      servers.onChange((host) => changes.push(host) === 2 && resolve()),
    )
    let firstIsThere = false
    let slow = Promise.resolve()
    const open = async ({ uri }: { readonly uri: string }) => {
      if (uri.includes('second')) await slow
      else if (!firstIsThere) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
      return takingAll()
    }
    try {
      await servers.connect(open)
      firstIsThere = true
      slow = foundBack
      const late = await servers.connect(open)
      expect(changes).to.deep.equal(['second:3306', 'first:3306'])
      expect(servers.isCurrent(late)).to.equal(false)
      expect(servers.isCurrent(await servers.connect(open))).to.equal(true)
    } finally {
      servers.close()
    }
  })
})
