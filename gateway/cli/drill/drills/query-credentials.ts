import { type Drill, judge, skip } from '../finding.js'

const refused = 413

/** What stands in a query stands in logs and histories. Legacy clients send passwords there, so it is refused only when asked. */
export const queryCredentials: Drill = {
  name: 'query-credentials',
  description: "a password is sent in the query, where a proxy's log keeps it",
  async attack(target) {
    const call = { method: 'web.passport.verifyUserPwd', uid: target.user, password: `wrong ${Date.now()}` }
    const { code } = await target.call(call, { verb: 'GET' })
    const inQuery = 'a password in the query is refused'
    if (code !== refused)
      return [skip(inQuery, `it is taken; "app set ${target.app} --query-credentials refuse" refuses it`)]
    const { password = '', ...rest } = target.sign(call)
    const beside = await target.send(rest, {
      path: `/gateway?${new URLSearchParams({ password }).toString()}`,
    })
    return [
      judge(inQuery, true),
      judge('a password in the query of a POST is refused', beside.code === refused),
      judge('one in the body is not', (await target.call(call)).code !== refused),
    ]
  },
}
