import { type BindingRow, bindingList } from '../../../../db/bindings.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { formatTime } from '../../../../gateway/wire/time.js'
import { answerList } from '../../../rules/lists/lists.js'

export default defineMethod('manage.account.userBindConnect.list', {
  auth: 'permission',
  permission: 'manage.account.userInfo.list',
  handle(call, services) {
    const { timeZone } = services.config
    const describe = (row: BindingRow) => describeBinding(row, timeZone)
    return answerList(services, { definition: bindingList, describe }, call)
  },
})

/** Without openid and unionid, by which WeChat knows the user. */
function describeBinding(row: BindingRow, timeZone: string) {
  return {
    bind_id: row.bind_id,
    bind_type: row.bind_type,
    bind_time: row.bind_time > 0 ? formatTime(row.bind_time, timeZone) : null,
    bind_nickname: row.bind_nickname,
    bind_icon: row.bind_icon,
    bind_active: row.bind_active !== 0,
  }
}
