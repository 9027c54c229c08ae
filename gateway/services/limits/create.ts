import type { Knex } from 'knex'
import type { Config } from '../../../config/config.js'
import type { Clock } from '../clock.js'
import type { Log } from '../telemetry/log.js'
import type { Metrics } from '../telemetry/metrics.js'
import { createAuditBudget } from './audit-budget.js'
import { createBrownOuts } from './brown-outs.js'
import { createCodeConversion } from './code-conversion.js'
import { createFloodWindow } from './flood-window.js'
import { createFullLimits } from './full-limits.js'
import { createIpBlocks } from './ip-blocks.js'
import { createLimiter } from './limiter.js'
import { createSendBudget } from './send-budget.js'
import { createTurns } from './turns.js'

/** Requests an address may make, whatever they ask for: back ends of legacy sites share one. */
const floodRequests = 20_000
const floodSeconds = 10
/** Calls that may wait for their turn with one number, network or link; they cost nothing but memory. */
const mostTurns = 1000
/** How many limits that are used up a process remembers: 2 MB. */
const mostFullLimits = 10_000

interface LimitParts {
  readonly db: Knex
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

/** Whatever holds callers back, by the names that services have for it. */
export async function createLimits(
  { ipLimitScale, codes, smsConversionLeast }: Config,
  { db, clock, log, metrics }: LimitParts,
) {
  return {
    ipBlocks: await createIpBlocks({ db, clock, log }),
    brownOuts: await createBrownOuts({ db, clock, log }),
    flood: createFloodWindow(floodRequests * ipLimitScale, floodSeconds, clock),
    limiter: createLimiter(ipLimitScale),
    fullLimits: createFullLimits(mostFullLimits, clock),
    auditBudget: createAuditBudget(ipLimitScale, clock, log),
    turns: createTurns(mostTurns),
    sendBudget: createSendBudget({ perDay: codes.perDay, clock, log, metrics }),
    codeConversion: createCodeConversion({ db, clock, log, metrics, least: smsConversionLeast }),
  }
}
