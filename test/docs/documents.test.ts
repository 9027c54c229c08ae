import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { environmentSchema, readEnvironment } from '../../config/env.js'
import { drills } from '../../gateway/cli/drill/drills.js'
import { knownSettings, publicSettings } from '../../methods/rules/settings/known-settings.js'

/** The package's root, seen from the sources and from dist alike. */
const here = fileURLToPath(import.meta.url)
const root = here.slice(0, here.lastIndexOf(here.includes('/dist/test/') ? '/dist/test/' : '/test/'))
const readRootFile = (name: string) => readFileSync(`${root}/${name}`, 'utf8')

describe('the README', () => {
  const readme = readRootFile('README.md')
  const rows = readme
    .slice(readme.indexOf('<!-- configuration -->'), readme.indexOf('<!-- /configuration -->'))
    .split('\n')
    .filter((line) => line.startsWith('| `'))

  it('lists every configuration variable with what it means, and no other', () => {
    const described = Object.entries(environmentSchema.properties).map(
      ([name, { description }]) => `${name}: ${description}`,
    )
    const listed = rows.map((row) => {
      const [, name = '', , meaning = ''] = row.split(' | ').join('|').split('|')
      return `${name.trim().replaceAll('`', '')}: ${meaning.trim()}`
    })
    expect(listed).to.deep.equal(described)
  })

  it('names the two commands that scripts and CI use', () => {
    expect(readme).to.contain('npm ci && npm start')
    expect(readRootFile('.ci/run')).to.contain('npm ci && npm test')
  })
})

describe('the files of a deployment', () => {
  const lines = readRootFile('docs/deploy/passport-gateway.env').split('\n')
  const settings = lines.filter((line) => line !== '' && !line.startsWith('#'))
  const unit = readRootFile('docs/deploy/passport-gateway.service')
  const credentials = [...unit.matchAll(/^LoadCredential=(\w+):\S+\/(\w+)$/gm)]

  it('make a configuration that is taken, with no comment in a value', () => {
    const env = Object.fromEntries(settings.map((line) => line.split(/=(.*)/s).slice(0, 2)))
    for (const value of Object.values(env)) expect(value).to.not.match(/\s#/)
    const secret = 'a-secret-of-the-test-of-32-letters'
    const secrets = { DATA_KEY: secret, JWT_SECRET: `${secret}2`, DATABASE_URL: 'mysql://a:b@db/c' }
    expect(credentials.map(([, name]) => name)).to.deep.equal(Object.keys(secrets))
    for (const [, name, file] of credentials) expect(file).to.equal(name)
    const mailFrom = env['MAIL_FROM']?.replaceAll('"', '')
    expect(readEnvironment({ ...env, MAIL_FROM: mailFrom, ...secrets }).given.size).to.equal(
      settings.length + 3,
    )
  })

  it('have a server that the database leaves started again for as long as it takes', () => {
    expect(unit)
      .to.match(/^\[Unit\][^[]*^StartLimitIntervalSec=0$/ms)
      .and.match(/^Restart=always$/m)
  })
})

describe('the document of settings', () => {
  it('lists every setting with its default and what it means, and no other', () => {
    const document = readRootFile('docs/settings.md')
    const rows = document
      .slice(document.indexOf('<!-- settings -->'), document.indexOf('<!-- /settings -->'))
      .split('\n')
      .filter((line) => line.startsWith('| `'))
    const described = Object.entries(knownSettings).map(([key, { kind, default: preset, meaning }]) => {
      const isPublic = Object.hasOwn(publicSettings, key) ? 'yes' : ''
      return `| \`${key}\` | ${kind} | ${preset ? `\`${preset}\`` : ''} | ${isPublic} | ${meaning} |`
    })
    expect(rows).to.deep.equal(described)
  })
})

describe('the security document', () => {
  it('names only tests that exist', () => {
    const document = readRootFile('docs/security.md')
    const lines = document.slice(document.indexOf('## OWASP ASVS')).split('\n')
    const named = lines.flatMap((line) =>
      [...(line.split('|')[3] ?? '').matchAll(/`([\w/-]+)`/g)].map(([, name]) => name),
    )
    const tests = named.filter((name) => name !== 'test/')
    expect(tests).to.have.length.greaterThan(50)
    expect(tests.filter((name) => !existsSync(`${root}/test/${name}.test.ts`))).to.deep.equal([])
  })
})

describe('the document of security', () => {
  it('lists every drill, in the order in which they are tried', () => {
    const document = readRootFile('docs/security.md')
    const from = document.indexOf('| drill | tries |')
    const rows = document.slice(from, document.indexOf('\n\n', from)).split('\n').slice(2)
    expect(rows.map((row) => /^\| `([\w-]+)` \|/.exec(row)?.[1])).to.deep.equal(
      drills.map(({ name }) => name),
    )
  })
})
