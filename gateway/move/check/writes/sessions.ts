import { pathOf } from '../pack/path-checks.js'
import { rules } from '../rules.js'
import { shapesOf } from '../shape-sources.js'
import { accountData, accountError } from '../wants.js'
import { textAt } from '../wire-answer.js'
import { pathCall } from '../wire-call.js'
import { type Stage, step } from './stage.js'

const method = 'front.account.login.login'
const login = pathOf(method)

/** Signs the throw-away user in, in each way that clients do. Returns the token; undefined where none came. */
export async function checkSignIn(stage: Stage): Promise<string | undefined> {
  const { run, user } = stage
  const { account, password } = user
  if (account === undefined || password === undefined) {
    run.leaveOut(method, 'success: the file of --users has no account and password')
    return user.token
  }
  const success = { method, rule: rules.login, wants: accountData(...shapesOf(method)) }
  const right = { user_account: account, password }
  const answers = [
    await step(stage, { ...success, title: 'by POST', call: pathCall(login, { verb: 'POST', ...right }) }),
    await step(stage, { ...success, title: 'by GET', call: pathCall(login, right) }),
    await step(stage, {
      ...success,
      title: 'userAccount in place of user_account',
      rule: rules.accountSpelling,
      call: pathCall(login, { verb: 'POST', userAccount: account, password }),
    }),
  ]
  const refused = { method, rule: rules.login, wants: accountError('PASSWORD_WRONG') }
  const wrong = { ...right, password: `${password}-wrong` }
  await step(stage, {
    ...refused,
    title: 'a wrong password',
    call: pathCall(login, { verb: 'POST', ...wrong }),
  })
  const unknown = { ...right, user_account: `nobody_${Date.now() % 1_000_000}` }
  await step(stage, {
    ...refused,
    title: 'an unknown user',
    call: pathCall(login, { verb: 'POST', ...unknown }),
  })
  const tokens = answers.map((answer) => textAt(answer?.tree, 'data', 'token'))
  run.hiding.add(...tokens)
  run.leave(`sign-ins of user ${user.uid} in the login history`)
  return tokens.find((token) => token !== undefined)
}

/** Ends a session, and looks whether it is one no more. */
export async function checkSignOut(stage: Stage, token: string): Promise<void> {
  const logout = 'front.account.login.logout'
  const success = { method: logout, rule: rules.logout, wants: accountData(...shapesOf(logout)) }
  await step(stage, { ...success, title: 'of a session', call: pathCall(pathOf(logout), { token }) })
  await step(stage, { ...success, title: 'of the same again', call: pathCall(pathOf(logout), { token }) })
  await step(stage, { ...success, title: 'without a token', call: pathCall(pathOf(logout)) })
  const list = 'front.account.userDeliveryAddress.list'
  await step(stage, {
    method: list,
    title: 'with the token of a session that was ended',
    rule: rules.accountLogin,
    call: pathCall(pathOf(list), { token }),
    wants: accountError('TOKEN_BROKEN'),
  })
  const info = 'front.account.user.info'
  await step(stage, {
    method: info,
    title: 'with the token of a session that was ended',
    rule: rules.accountInfo,
    call: pathCall(pathOf(info), { token }),
    wants: accountError('NOT_SIGNED_IN'),
  })
}
