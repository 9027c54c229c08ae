import { rules } from '../rules.js'
import { passportDone, passportError } from '../wants.js'
import { textAt } from '../wire-answer.js'
import { gatewayCall, signed } from '../wire-call.js'
import { nobodysUid } from '../pack/parameter-checks.js'
import { type Stage, step } from './stage.js'

/** The double answer of methods that answer nothing else (passport.md §5). */
const done = { code: 200, message: 'success.' }
const verify = 'web.passport.verifyUserPwd'
const change = 'web.passport.changePwd'

/** The user's password: right, wrong, of nobody; changed and back where no notice would go out. */
export async function checkPasswords(stage: Stage): Promise<void> {
  const { run, signer, user } = stage
  const { password } = user
  if (![verify, change].some(stage.wants)) return
  if (password === undefined) {
    for (const method of [verify, change])
      run.leaveOut(method, 'answers of a user: the file of --users has no password')
    return
  }
  const uid = String(user.uid)
  const call = (params: Record<string, string>) => gatewayCall(signed(signer, params), { verb: 'POST' })
  const tries = [
    ['the right password', { uid, password }, passportDone('操作成功', done), rules.methodAnswer],
    [
      'a wrong password',
      { uid, password: `${password}-wrong` },
      passportError('PASSWORD_WRONG'),
      rules.parameters,
    ],
    [
      'a password of nobody',
      { uid: nobodysUid, password },
      passportError('USER_NOT_EXISTS'),
      rules.unknownUser,
    ],
    // So that the next has no failures before it.
    [
      'the right one after a wrong one',
      { uid, password },
      passportDone('操作成功', done),
      rules.methodAnswer,
    ],
  ] as const
  for (const [title, params, wants, rule] of tries)
    await step(stage, { method: verify, title, rule, call: call({ method: verify, ...params }), wants })
  if (stage.wants(change)) await changeAndBack(stage, password)
}

async function changeAndBack(stage: Stage, password: string): Promise<void> {
  const { run, signer, user } = stage
  const uid = String(user.uid)
  const call = (params: Record<string, string>) => gatewayCall(signed(signer, params), { verb: 'POST' })
  const info = await run.ask(call({ method: 'web.passport.getUserVerifyInfo', uid }))
  if (textAt(info.tree, 'data', 'mobile') !== '' || textAt(info.tree, 'data', 'email') !== '') {
    run.leaveOut(change, 'success: a notice would go to the user, who has a number or an address')
    return
  }
  const another = `Move-check-${Date.now() % 100_000}`
  run.hiding.add(another)
  const changed = { method: change, rule: rules.methodAnswer, wants: passportDone('操作成功', done) }
  await step(stage, {
    ...changed,
    title: 'a new password',
    call: call({ method: change, uid, newPassword: another }),
  })
  await step(stage, {
    method: verify,
    title: 'the new password',
    rule: rules.methodAnswer,
    call: call({ method: verify, uid, password: another }),
    wants: passportDone('操作成功', done),
  })
  await step(stage, {
    ...changed,
    title: 'the password back',
    call: call({ method: change, uid, newPassword: password }),
  })
}
