import { deleteBrownOut, saveBrownOut } from '../../../db/brown-outs.js'
import { transaction } from '../../../db/transaction.js'
import type { Services } from '../../../gateway/services/services.js'
import { audit } from '../audit.js'
import type { Operator } from './operator.js'
import { refusal } from './refusals.js'

type BrownOutServices = Pick<Services, 'db' | 'clock'>

/** Long enough to be noticed, and short enough to be forgotten about. */
export const mostMinutes = 60

/** Lets a method answer nobody for some minutes, from within two seconds on; returns until when (ms). */
export async function startBrownOut(
  services: BrownOutServices,
  { method, minutes }: { readonly method: string; readonly minutes: number },
  operator: Operator,
): Promise<number> {
  const now = services.clock.now()
  const end = now + minutes * 60_000
  await transaction(services, async (services) => {
    await saveBrownOut(services.db, { method, started_at: now, expires_at: end })
    await audit(services, operator, { detail: `${method}, ${minutes} minutes` })
  })
  return end
}

/** Lets a method answer again before its time. Throws FIELD_REFUSED where it answers. */
export async function endBrownOut(
  services: BrownOutServices,
  method: string,
  operator: Operator,
): Promise<void> {
  await transaction(services, async (services) => {
    if (!(await deleteBrownOut(services.db, method)))
      throw refusal(`${method} answers`, `接口 ${method} 未停用`)
    await audit(services, operator, { detail: method })
  })
}
