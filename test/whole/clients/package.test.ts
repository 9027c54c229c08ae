import { expect } from 'chai'
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { useFolder } from '../../suite.js'
import { projectRoot } from '../architecture/source-tree.js'

const exec = promisify(execFile)
const root = projectRoot()
const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
  /** Loaded only where somebody has set what needs them. */
  peerDependencies: Record<string, string>
}
const secret = 'secret-of-a-consumer-0123456789'

/** What a project in TypeScript has besides, with Express in it. */
const ofTheConsumer = ['@types/express', '@types/node']

const compilerOptions = {
  module: 'nodenext',
  target: 'es2023',
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  types: ['node'],
  rootDir: '.',
  outDir: 'out',
}

// As after `npm install passport-gateway-….tgz`, but that the dependencies are links, so that no network is needed.
describe('the package in another project', function () {
  this.timeout(120_000)
  const folder = useFolder('consumer')
  const installed = () => join(folder.path, 'node_modules/passport-gateway')
  const node = (...args: string[]) =>
    exec(process.execPath, args, { cwd: folder.path, env: { PATH: process.env['PATH'] } })

  before(async () => {
    const { path } = folder
    // What was built is packed as it is, whatever has changed since.
    await exec('npm', ['pack', '--ignore-scripts', '--pack-destination', path], { cwd: root })
    const [tarball = ''] = readdirSync(path)
    mkdirSync(installed(), { recursive: true })
    await exec('tar', ['-xzf', join(path, tarball), '-C', installed(), '--strip-components=1'])
    for (const name of [...Object.keys(dependencies), ...ofTheConsumer]) {
      const link = join(path, 'node_modules', name)
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(join(root, 'node_modules', name), link)
    }
    folder.write('package.json', JSON.stringify({ name: 'consumer', type: 'module' }))
    folder.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
    copyFileSync(join(root, 'test/whole/clients/fixtures/consumer.ts'), join(path, 'consumer.ts'))
  })

  it('holds what runs, and no tests, benchmarks, sources or maps', () => {
    const files = readdirSync(installed(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(installed().length + 1))
    expect(files).to.include.members(['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'])
    const folders = new Set(
      files.map((file) =>
        file
          .split('/')
          .slice(0, file.startsWith('dist') ? 2 : 1)
          .join('/'),
      ),
    )
    const loose = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']
    expect([...folders].sort()).to.deep.equal(
      [
        ...loose,
        'dist/config',
        'dist/console',
        'dist/db',
        'dist/gateway',
        'dist/methods',
        'dist/schemas',
        'docs',
      ].sort(),
    )
    expect(files.filter((file) => /\.map$|(?<!\.d)\.ts$/.test(file))).to.deep.equal([])
  })

  it('needs no package but its dependencies', () => {
    const needed = new Set<string>()
    for (const entry of readdirSync(join(installed(), 'dist'), { recursive: true, withFileTypes: true })) {
      if (!entry.name.endsWith('.js')) continue
      const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
      for (const [, name = ''] of text.matchAll(/(?:\bfrom |\bimport\(|^import )'([^'.][^']*)'/gm))
        if (!isBuiltin(name)) needed.add(/^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? '')
    }
    expect(needed.size).to.be.above(20)
    expect(Object.keys({ ...dependencies, ...peerDependencies })).to.include.members([...needed])
  })

  it('compiles with it, is mounted in its application and called by its client', async () => {
    await node(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.').catch(
      (error: Error & { stdout?: string }) => expect.fail(error.stdout ?? error.message),
    )
    const cli = (...args: string[]) =>
      exec(process.execPath, [join(installed(), 'dist/gateway/cli/main.js'), ...args], {
        cwd: folder.path,
        env: { PATH: process.env['PATH'], DATA_DIR: folder.path },
      })
    await cli('migrate')
    await cli('user', 'add', '--uid', '5357305', '--account', 'consumer')
    await cli(
      'app',
      'add',
      'shop',
      '--scheme',
      'hmac-sha256',
      '--trust',
      'server',
      '--grant',
      '*',
      '--secret',
      secret,
    )
    const { stdout, stderr } = await node('out/consumer.js', folder.path, 'shop', secret)
    expect(stderr).to.equal('')
    const sent = { sent: 1, unknown: [] }
    expect(JSON.parse(stdout)).to.deep.equal({
      habits: 5357305,
      wrong: 'function',
      sent: [sent, sent],
      user: 5357305,
      unknown: 10010,
    })
  })
})
