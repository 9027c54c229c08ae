import { expect } from 'chai'
import { done, failed, passwordWrongForm, permissionDenied, refusal } from '../../../../answers.js'
import { addOfficer, isAlive } from '../administrators.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.userInfo.passWordEdit', ({ gateway, admin, path, post, lastEntry, refusals }) => {
  const signIn = async (user_account: string, password: string) => {
    const query = new URLSearchParams({ user_account, password }).toString()
    return (await gateway.request(`/front/account/login/login?${query}`)).json?.code
  }

  it('sets a new password and ends all sessions of the user', async () => {
    const user = await gateway.addUser({ mobile: '13912345678', password: 'the old one' })
    const token = await user.startSession()
    const user_password = 'the new one'
    expect(await post({ user_id: String(user.uid), user_password })).to.equal(done)
    expect(await isAlive(gateway, token)).to.equal(false)
    expect(await signIn('13912345678', 'the old one')).to.equal(300)
    expect(await signIn('13912345678', user_password)).to.equal(0)
    const entry = await lastEntry()
    expect(entry).to.include({ actor_id: admin.uid, target_id: user.uid, detail: '' })
  })

  it('wants a user, and a password of the usual length', async () => {
    const { uid } = await gateway.addUser()
    const user_id = String(uid)
    expect(await post({ user_password: '1234567' })).to.equal(refusal(0, '用户Id为空', 'USER_ID_MISSING'))
    for (const nothing of [{}, { user_password: '' }] as const)
      expect(await post({ user_id, ...nothing })).to.equal(refusal(0, '密码为空', 'PASSWORD_MISSING'))
    expect(await post({ user_id, user_password: '12345' })).to.equal(passwordWrongForm)
    expect(await post({ user_id: '404404', user_password: '1234567' })).to.equal(failed)
  })

  it('is for who may edit users', async () => {
    expect(await refusals()).to.deep.equal(forAdministrators)
    const params = { user_id: String((await gateway.addUser()).uid), user_password: '1234567' }
    const officer = await addOfficer(gateway, 'userInfo/edit')
    expect((await officer.post(path, params)).text).to.equal(done)
    const other = await addOfficer(gateway, 'userInfo/passWordEdit')
    expect((await other.post(path, params)).text).to.equal(permissionDenied)
  })
})
