import { expect } from 'chai'
import { existsSync, readFileSync } from 'node:fs'
import { BlockList } from 'node:net'
import { join } from 'node:path'
import { parse } from 'yaml'
import { readSecretFiles } from '../../config/secrets/secret-files.js'
import { projectRoot } from '../whole/architecture/source-tree.js'

interface Service {
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly env_file?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly secrets?: readonly string[]
  readonly volumes?: readonly string[]
  readonly networks: { readonly inside: { readonly ipv4_address: string } }
  readonly depends_on?: object
  readonly healthcheck?: object
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly restart: string
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
  readonly volumes: Readonly<Record<string, unknown>>
}

const folder = join(projectRoot(), 'docs/deploy')
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('the containers of the documents', () => {
  const compose = parse(read('compose.yml'), { merge: true }) as Compose
  const services = Object.entries(compose.services)
  const gateways = services.filter(([name]) => name.startsWith('gateway'))
  const dockerfile = read('Dockerfile')

  it('are two gateways, a proxy, a database and Redis, which are started again whatever happens', () => {
    expect(services.map(([name]) => name)).to.deep.equal([
      'gateway-1',
      'gateway-2',
      'proxy',
      'database',
      'redis',
    ])
    for (const [name, { restart }] of services) expect(restart, name).to.equal('unless-stopped')
  })

  it('have all of them a check of their health, that of the gateway in its image', () => {
    for (const [name, service] of services)
      if (!service.build) expect(service, name).to.have.property('healthcheck')
    expect(dockerfile).to.match(/^HEALTHCHECK [^\n]*\\\n +CMD \["node", "-e", "[^"\n]*\/readyz/m)
  })

  it('keep gateways from writing anywhere but in their folder, and from any right of root', () => {
    for (const [name, service] of gateways) {
      expect(service, name).to.include({ read_only: true })
      expect(service.cap_drop).to.deep.equal(['ALL'])
    }
    expect(dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))).to.match(/^USER 1000:1000$/m)
  })

  it('name files that are there, and secrets that are declared, once each', () => {
    const declared = Object.entries(compose.secrets)
    for (const [name, { file }] of declared) expect(file).to.equal(`./secrets/${name}`)
    const used = services.flatMap(([, { secrets = [] }]) => secrets)
    expect(new Set(used)).to.deep.equal(new Set(declared.map(([name]) => name)))
    for (const [, { build, env_file: file, volumes = [] }] of services) {
      if (build) expect(existsSync(join(folder, build.context, build.dockerfile))).to.equal(true)
      if (file !== undefined) expect(existsSync(join(folder, file))).to.equal(true)
      for (const [source = ''] of volumes.map((volume) => volume.split(':')))
        if (source.startsWith('./nginx')) expect(existsSync(join(folder, source))).to.equal(true)
        else if (!source.startsWith('./')) expect(compose.volumes).to.have.property(source)
    }
  })

  it('give gateways secrets by file, under names that the server knows', () => {
    for (const [, { environment = {}, secrets = [] }] of gateways) {
      const files = Object.values(environment)
      expect(new Set(files)).to.deep.equal(new Set(secrets.map((name) => `/run/secrets/${name}`)))
      // A name that is not known would not be looked for.
      const { problems } = readSecretFiles(
        Object.fromEntries(Object.keys(environment).map((name) => [name, '/nowhere'])),
      )
      expect(problems).to.have.length(files.length)
    }
  })

  it('stand at the addresses that the proxy’s configuration has, and trust the proxy', () => {
    const upstream = [...read('nginx-nodes.conf').matchAll(/^ +server ([\d.]+):8080/gm)].map(
      ([, address]) => address,
    )
    const addressOf = ({ networks }: Service) => networks.inside.ipv4_address
    expect(gateways.map(([, service]) => addressOf(service))).to.deep.equal(upstream)
    const [, network = '', prefix] = /^TRUST_PROXY=([\d.]+)\/(\d+)$/m.exec(read('passport-gateway.env')) ?? []
    const trusted = new BlockList()
    trusted.addSubnet(network, Number(prefix))
    expect(compose.services['proxy'] && trusted.check(addressOf(compose.services['proxy']))).to.equal(true)
  })
})
