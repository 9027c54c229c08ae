import { loadConfig } from '../config/config.js'
import { type CompiledMethod, type CompiledTable, compileTable } from '../gateway/contract/compile-table.js'
import { methodTable } from '../methods/table.js'
import { compileContract } from '../gateway/contract/contract.js'
import { createGateway } from '../gateway/gateway.js'
import type { Call } from '../gateway/contract/method.js'
import type { Services } from '../gateway/services/services.js'
import { startServer } from '../gateway/server.js'
import { startServices } from '../gateway/start/services.js'
import { contractDocuments } from '../schemas/contracts.js'
import { describeUser, jobMethod, jobProperties, jobRequired, makeUsers } from './job.js'

/**
 * Our server doing the peers' job. `full`: as production runs it, but for the one method, whose handler has its
 * users in memory as the peers have. `core`: besides, without what the peers don't have either: signature, limits,
 * metrics and access log.
 */
const isCore = process.argv.includes('core')

function makeTable(): CompiledTable {
  const table = compileTable(methodTable)
  const users = makeUsers()
  const document = contractDocuments[jobMethod]
  const job: CompiledMethod = {
    name: jobMethod,
    contract: compileContract(jobMethod, {
      source: { ...document, properties: jobProperties, required: jobRequired },
    }),
    auth: isCore ? 'none' : 'app',
    trust: undefined,
    permission: 'web.passport.getUserVerifyInfo',
    reproof: false,
    ownAccount: undefined,
    limit: undefined,
    successJson: JSON.stringify('操作成功'),
    verbs: ['GET', 'POST'],
    answers: 'result',
    isSafe: true,
    takesMore: false,
    maxAge: undefined,
    deprecation: undefined,
    visitors: undefined,
    handle(call) {
      const { params } = call as Call<typeof jobMethod, 'none'>
      const user = users.get(params.uid)
      return user && describeUser(user)
    },
  }
  return { ...table, byName: new Map([...table.byName, [jobMethod, job]]) }
}

function strip(services: Services): Services {
  return {
    ...services,
    ipBlocks: { ...services.ipBlocks, isBlocked: () => false },
    flood: { exceeded: () => undefined },
    metrics: { ...services.metrics, countCall() {} },
    log: { ...services.log, enabled: () => false },
  }
}

const services = await startServices(loadConfig())
const gateway = createGateway(isCore ? strip(services) : services, makeTable())
const server = await startServer(gateway, services)
process.once('SIGTERM', () => {
  server
    .drain()
    .then(() => services.close())
    .then(() => process.exit(0))
    .catch(() => process.exit(1))
})
