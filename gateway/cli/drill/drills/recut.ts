import { type Drill, judge, skip } from '../finding.js'

/**
 * The text of a legacy signature does not mark where a value ends: whoever may write one value of a signed call can
 * have it read as several parameters. Here a user's postal address becomes another user's new password.
 */
export const recut: Drill = {
  name: 'recut',
  description: "a user's text in a signed call is read as parameters of another call",
  async attack(target) {
    if (target.scheme !== 'legacy')
      return [skip('a call that can be re-cut is refused', 'only scheme legacy can be re-cut')]
    const password = `Recut-${Date.now()}`
    // Sorted by name, and with the secret between `method` and `qq`, both calls are signed as the same text.
    const honest = target.sign({
      full_address: `x&method=web.passport.changePwd&newPassword=${password}&o=`,
      method: 'web.passport.modifyUserContacts',
      qq: `1&uid=${target.victim}&z=`,
      uid: target.user,
    })
    const made = await target.send(honest)
    const cut = await target.send({
      client_secret: honest['client_secret'] ?? '',
      client_type: target.app,
      full_address: 'x',
      method: 'web.passport.changePwd',
      newPassword: password,
      o: '&method=web.passport.modifyUserContacts',
      qq: '1',
      uid: target.victim,
      z: `&uid=${target.user}`,
    })
    return [
      judge("a call whose text holds another call's parameters is refused", !made.isAccepted),
      judge('a call that was cut out of it is refused', !cut.isAccepted),
    ]
  },
}
