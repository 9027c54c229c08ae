import { readFileSync } from 'node:fs'
import { loadConfig } from '../../../config/config.js'
import { becomeSoleServer } from '../../../db/sole-server.js'
import { createGateway } from '../../../gateway/gateway.js'
import { startServer } from '../../../gateway/server.js'
import { startServices } from '../../../gateway/start/services.js'

// A gateway node as gateway/run-server.ts starts it, with a clock that is as many milliseconds ahead as a file says,
// which all nodes of a test read.

const file = process.env['CLOCK_FILE'] ?? ''
const clock = { now: () => Date.now() + Number(readFileSync(file, 'utf8')) }

const config = loadConfig()
await becomeSoleServer(config.database)
const services = await startServices(config, { clock })
const server = await startServer(createGateway(services), services, { leave: 0 })
process.once('SIGTERM', () => {
  void server
    .drain()
    .then(() => services.close())
    .then(() => process.exit(0))
})
