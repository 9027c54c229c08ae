import { expect } from 'chai'
import type { MoveRouteRow } from '../../../../db/move-routes.js'
import { createAutomaticBack } from '../../../../gateway/move/switch/automatic-back.js'
import { createRouteTable } from '../../../../gateway/move/switch/route-table.js'
import { withGateway } from '../../../suite.js'

withGateway('what sends methods back to the old server', (gateway) => {
  const method = 'web.passport.getUserVerifyInfo'
  const routeOf = (changed_at: number): MoveRouteRow => ({
    method,
    app: '',
    share: 10_000,
    share_before: 10_000,
    caller: 'ip',
    common: 'database',
    created_at: 0,
    changed_at,
    effective_at: 0,
    reason: '',
  })

  /** A proxy that has seen twenty calls fail, and what it has left. */
  async function proxyWithErrors() {
    const left: string[] = []
    let rows = [routeOf(1)]
    const back = createAutomaticBack({
      services: gateway.services,
      bounds: { errors: 0.5, differences: undefined, least: 20 },
      node: 'n',
      routes: () => ({
        current: () => createRouteTable(rows),
        leave: (methods) => void left.push(...methods),
        close: () => Promise.resolve(),
      }),
      warn: () => {},
    })
    await back.check()
    for (let call = 0; call < 20; call++) back.noteCall(method, true)
    return { left, back, change: (at: number) => (rows = [routeOf(at)]) }
  }

  it('are more errors than the bound', async () => {
    const { left, back } = await proxyWithErrors()
    await back.check()
    expect(left).to.deep.equal([method])
  })

  it('is nothing that was seen before a route was changed, as by another proxy that sent it back', async () => {
    const { left, back, change } = await proxyWithErrors()
    change(2)
    await back.check()
    expect(left).to.deep.equal([])
  })
})
