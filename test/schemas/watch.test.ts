import { expect } from 'chai'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { regenerateOnChange } from '../../schemas/watch.js'

describe('the sources under `npm run dev`', function () {
  this.timeout(20_000)

  let root: string
  let end: () => void
  const lines: string[] = []
  const contract = (id: string) =>
    JSON.stringify({ $id: id, title: id, type: 'object', properties: {}, required: [] })
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const table = () => readFileSync(join(root, 'methods/table.ts'), 'utf8')
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await sleep(20)
  }

  before(() => {
    root = mkdtempSync(join(tmpdir(), 'watched-'))
    write('schemas/defs.json', '{ "$defs": {} }')
    write('schemas/web/passport/old.json', contract('web.passport.old'))
    write('methods/web/passport/old.ts', '')
    write('methods/table.ts', '')
    end = regenerateOnChange(root, (line) => lines.push(line))
  })
  after(() => {
    end()
    rmSync(root, { recursive: true })
  })

  it('get a new method into the table when both its files are there, in folders that are new too', async () => {
    write('schemas/web/shop/first.json', contract('web.shop.first'))
    await until(() => lines.includes('waiting for methods/web/shop/first.ts'))
    expect(table()).to.equal('')
    write('methods/web/shop/first.ts', '')
    await until(() => table().includes("'web.shop.first'"))
    expect(table()).to.include("'web.passport.old'")
  })

  it('stay as they are while a contract is half written, and one line says which', async () => {
    const before = table()
    write('schemas/web/shop/second.json', '{ "$id": "web.sh')
    write('methods/web/shop/second.ts', '')
    await until(() => lines.some((line) => line.startsWith(join(root, 'schemas/web/shop/second.json: '))))
    expect(lines.join('\n').split('\n')).to.have.length(lines.length)
    expect(table()).to.equal(before)
    write('schemas/web/shop/second.json', contract('web.shop.second'))
    await until(() => table().includes("'web.shop.second'"))
  })

  it('lose a method that goes', async () => {
    rmSync(join(root, 'methods/web/shop/first.ts'))
    rmSync(join(root, 'schemas/web/shop/first.json'))
    await until(() => !table().includes("'web.shop.first'"))
  })
})
