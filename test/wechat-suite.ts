import type { TestGateway } from './harness.js'
import { onEachDatabase, type TestDatabase } from './servers/databases.js'
import { startWechat, type Wechat } from './servers/wechat/wechat.js'
import { prepared, useGateway } from './suite.js'

type SuiteBody = (gateway: TestGateway, wechat: Wechat, database: TestDatabase) => void

/** `withGateway` with a stand-in for WeChat, which has the gateway's time. */
export function withWechat(title: string, body: SuiteBody): void {
  onEachDatabase(title, (database) => {
    const wechat = prepared(
      before,
      () => startWechat(() => gateway.clock.now()),
      (wechat) => wechat.stop(),
    )
    const gateway = useGateway(database, () => wechat.settings())
    body(gateway, wechat, database)
  })
}
