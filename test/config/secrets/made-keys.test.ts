import { fork } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { loadConfig } from '../../../config/config.js'
import { key, problemsOf, production } from '../support.js'

// Source under tsx, JavaScript after a build.
const script = `make-keys-process${extname(fileURLToPath(import.meta.url))}`

let parent: string
let dataDir: string
let file: string

function modeOf(path: string): string {
  return (fs.statSync(path).mode & 0o777).toString(8)
}

function useNewFolder(): void {
  beforeEach(() => {
    parent = fs.mkdtempSync(join(tmpdir(), 'passport-config-'))
    dataDir = join(parent, 'data')
    file = join(dataDir, 'keys.json')
  })
  afterEach(() => fs.rmSync(parent, { recursive: true }))
}

/** Starts processes, lets them load the keys at the same moment, and answers what each has got. */
async function keysOfProcesses(count: number): Promise<string[]> {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const children = Array.from({ length: count }, () => fork(path))
  try {
    await Promise.all(children.map((child) => once(child, 'message')))
    const answers = Promise.all(children.map((child) => once(child, 'message')))
    for (const child of children) child.send(dataDir)
    return (await answers).map((answer) => JSON.stringify(answer[0]))
  } finally {
    for (const child of children) child.kill()
  }
}

describe('Made keys', () => {
  useNewFolder()

  it('are 32 random bytes each, in base64', () => {
    const { dataKeys, jwtSecrets } = loadConfig({ DATA_DIR: dataDir })
    for (const made of [...dataKeys, ...jwtSecrets]) expect(Buffer.from(made, 'base64')).to.have.length(32)
    expect([...dataKeys, ...jwtSecrets]).to.have.length(2)
    expect(dataKeys[0]).not.to.equal(jwtSecrets[0])
  })

  it('stay the same ever after', () => {
    const first = loadConfig({ DATA_DIR: dataDir })
    const second = loadConfig({ DATA_DIR: dataDir, NODE_ENV: 'test' })
    expect(second.dataKeys).to.deep.equal(first.dataKeys)
    expect(second.jwtSecrets).to.deep.equal(first.jwtSecrets)
  })

  it('are readable by the owner alone, and leave no drafts behind', () => {
    loadConfig({ DATA_DIR: dataDir })
    expect(modeOf(dataDir)).to.equal('700')
    expect(modeOf(file)).to.equal('600')
    expect(fs.readdirSync(dataDir)).to.deep.equal(['keys.json'])
  })

  it('leave the mode of a folder that is there already alone', () => {
    fs.mkdirSync(dataDir)
    fs.chmodSync(dataDir, 0o755)
    loadConfig({ DATA_DIR: dataDir })
    expect(modeOf(dataDir)).to.equal('755')
    expect(modeOf(file)).to.equal('600')
  })

  it('stand in only for what the environment does not give', () => {
    const config = loadConfig({ DATA_DIR: dataDir, DATA_KEY: `${key('b')},${key('a')}` })
    expect(config.dataKeys).to.deep.equal([key('b'), key('a')])
    expect(fs.readFileSync(file, 'utf8')).to.include(config.jwtSecrets[0])
  })

  it('are not made when both are given, or when the caller asks for none', () => {
    loadConfig({ ...production, DATA_DIR: dataDir })
    const config = loadConfig({ DATA_DIR: dataDir }, { makeKeys: false })
    expect([config.dataKeys, config.jwtSecrets]).to.deep.equal([[], []])
    expect(fs.existsSync(dataDir)).to.equal(false)
  })

  it('are the same in all processes that start at the same moment', async function () {
    this.timeout(30000)
    const keys = await keysOfProcesses(8)
    expect(new Set(keys).size).to.equal(1)
    expect(keys[0]).to.equal(JSON.stringify(Object.values(JSON.parse(fs.readFileSync(file, 'utf8')))))
    expect(fs.readdirSync(dataDir)).to.deep.equal(['keys.json'])
  })
})

describe('Made keys: when they cannot be had', () => {
  useNewFolder()

  it('a damaged file is reported without its content, and kept', () => {
    for (const content of ['', '{"dataKey":"hush', '{"dataKey":"hush"}', '[]', 'null']) {
      fs.mkdirSync(dataDir, { recursive: true })
      fs.writeFileSync(file, content)
      const problems = problemsOf(() => loadConfig({ DATA_DIR: dataDir }))
      expect(problems).to.deep.equal([`DATA_DIR must hold readable keys: ${file} is damaged; restore it`])
      expect(fs.readFileSync(file, 'utf8')).to.equal(content)
    }
  })

  it('a folder that cannot be made is reported with the way out', () => {
    fs.writeFileSync(dataDir, 'a file where the folder should be')
    const problems = problemsOf(() => loadConfig({ DATA_DIR: dataDir }))
    expect(problems).to.have.length(1)
    expect(problems[0]).to.match(
      /^DATA_DIR must let keys be kept in it \(ENOTDIR.*give DATA_KEY and JWT_SECRET/,
    )
  })
})
