import { listBusiest } from '../../../db/usage-limits.js'
import type { Services } from '../../../gateway/services/services.js'
import { readSpentOfDay, reservedOf } from '../limits/day-budget.js'
import { scaled } from '../limits/send-limits.js'
import { wrongByAddress, wrongByNetwork } from '../limits/wrong-codes.js'

type BudgetServices = Pick<Services, 'db' | 'clock' | 'config'>

/** What is used of a day's messages over all nodes, and what is left. */
export async function readBudgets(services: BudgetServices) {
  const { config } = services
  const { perDay } = config.codes
  const budgets = []
  for (const channel of ['sms', 'mail'] as const) {
    const { used, resetsAt } = await readSpentOfDay(services, channel)
    const left = Math.max(0, perDay - used)
    budgets.push({ channel, per_day: perDay, reserved: reservedOf(config), used, left, resets_at: resetsAt })
  }
  return budgets
}

const [hour, day] = [3600, 86_400]

/** The limits in force, each by the variable that sets it; those of addresses and networks as LIMIT_IP_SCALE makes them. */
export function listLimits({ config }: Pick<Services, 'config'>) {
  const { codes, notices, messages, uploads } = config
  return [
    { name: 'CODE_GAP', points: 1, seconds: codes.gapSeconds },
    { name: 'CODE_PER_NUMBER_HOUR', points: codes.perNumberHour, seconds: hour },
    { name: 'CODE_PER_NUMBER_DAY', points: codes.perNumberDay, seconds: day },
    { name: 'CODE_PER_IP_HOUR', points: scaled(config, codes.perIpHour), seconds: hour },
    { name: 'CODE_PER_NETWORK_HOUR', points: scaled(config, codes.perNetworkHour), seconds: hour },
    { name: 'CODE_PER_DAY', points: codes.perDay, seconds: day },
    { name: 'WRONG_CODES_PER_IP_HOUR', points: scaled(config, codes.wrongPerIpHour), seconds: hour },
    {
      name: 'WRONG_CODES_PER_NETWORK_HOUR',
      points: scaled(config, codes.wrongPerNetworkHour),
      seconds: hour,
    },
    { name: 'NOTICE_PER_HOUR', points: notices.perHour, seconds: hour },
    { name: 'NOTICE_PER_DAY', points: notices.perDay, seconds: day },
    { name: 'MESSAGE_PER_MINUTE', points: messages.perMinute, seconds: 60 },
    { name: 'MESSAGE_PER_DAY', points: messages.perDay, seconds: day },
    { name: 'UPLOAD_PER_DAY', points: uploads.perDay, seconds: day },
  ]
}

/** Of one limit those who are shown. */
const mostShown = 10

/** The addresses and networks that have used most of a limit by now; nobody's number or mail address is among them. */
export async function listBusy({ db, clock, config }: BudgetServices) {
  const { perIpHour, perNetworkHour, wrongPerIpHour, wrongPerNetworkHour } = config.codes
  const limits = [
    { limit: 'CODE_PER_IP_HOUR', prefix: 'hour:ip:', points: perIpHour },
    { limit: 'CODE_PER_NETWORK_HOUR', prefix: 'hour:net:', points: perNetworkHour },
    { limit: 'WRONG_CODES_PER_IP_HOUR', prefix: wrongByAddress, points: wrongPerIpHour },
    { limit: 'WRONG_CODES_PER_NETWORK_HOUR', prefix: wrongByNetwork, points: wrongPerNetworkHour },
  ]
  const busy = []
  for (const { limit, prefix, points } of limits) {
    const rows = await listBusiest(db, { prefix, now: clock.now(), most: mostShown })
    busy.push(
      ...rows.map(({ name, used, resets_at }) => {
        return { limit, who: name.slice(prefix.length), used, points: scaled(config, points), resets_at }
      }),
    )
  }
  return busy
}
