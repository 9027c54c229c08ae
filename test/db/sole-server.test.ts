import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'chai'
import { makePrivateFolder, removePrivateFolder } from '../servers/processes/leftovers.js'
import { moduleArguments, siblingModule } from '../servers/processes/this-build.js'

const mainModule = siblingModule(import.meta.url, '../../gateway/main')

describe('servers on one SQLite file', function () {
  this.timeout(60_000)
  let folder: string
  const children: ChildProcess[] = []
  before(() => (folder = makePrivateFolder('sole')))
  after(async () => {
    for (const child of children) child.kill('SIGKILL')
    await removePrivateFolder(folder)
  })

  /** Starts a server; gives what it said by the time it listened or ended. */
  async function start(): Promise<{ child: ChildProcess; said: string }> {
    const env = {
      PATH: process.env['PATH'],
      NODE_ENV: 'development',
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
    }
    const child = spawn(process.execPath, [...moduleArguments(import.meta.url), mainModule], { env })
    children.push(child)
    let said = ''
    const listening = new Promise<void>((resolve) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (said.includes('outbox:')) resolve()
      })
    })
    await Promise.race([listening, once(child, 'close')])
    return { child, said }
  }

  it('are one: the second is refused in a line, and one after the first was killed is not', async () => {
    const first = await start()
    expect(first.said).to.include('outbox:')
    const second = await start()
    expect(second.child.exitCode).to.equal(1)
    expect(second.said).to.match(/^another server runs on .*passport\.db; SQLite is for one, [^\n]*\n$/)
    first.child.kill('SIGKILL')
    await once(first.child, 'close')
    expect((await start()).said).to.include('outbox:')
  })
})
