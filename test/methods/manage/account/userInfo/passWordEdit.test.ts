import { expect } from 'chai'
import { done, failed, permissionDenied, refusal } from '../../../../answers.js'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, addOfficer, forAdministrators, isAlive, lastEntry, refusalsOf } from '../administrators.js'

const path = '/manage/account/userInfo/passWordEdit'

withGateway('manage.account.userInfo.passWordEdit', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  const signIn = async (user_account: string, password: string) => {
    const query = new URLSearchParams({ user_account, password }).toString()
    return (await gateway.request(`/front/account/login/login?${query}`)).json?.code
  }

  it('sets a new password and ends all sessions of the user', async () => {
    const user = await gateway.addUser({ mobile: '13912345678', password: 'the old one' })
    const token = await user.startSession()
    const user_password = 'the new one'
    expect((await admin.post(path, { user_id: String(user.uid), user_password })).text).to.equal(done)
    expect(await isAlive(gateway, token)).to.equal(false)
    expect(await signIn('13912345678', 'the old one')).to.equal(300)
    expect(await signIn('13912345678', user_password)).to.equal(0)
    const entry = await lastEntry(gateway, 'manage.account.userInfo.passWordEdit')
    expect(entry).to.include({ actor_id: admin.uid, target_id: user.uid, detail: '' })
  })

  it('wants a user, and a password of the usual length', async () => {
    const { uid } = await gateway.addUser()
    const user_id = String(uid)
    expect((await admin.post(path, { user_password: '1234567' })).text).to.equal(
      refusal(0, '用户Id为空', 'USER_ID_MISSING'),
    )
    expect((await admin.post(path, { user_id })).text).to.equal(refusal(0, '密码为空', 'PASSWORD_MISSING'))
    expect((await admin.post(path, { user_id, user_password: '' })).json?.['error']).to.equal(
      'PASSWORD_MISSING',
    )
    expect((await admin.post(path, { user_id, user_password: '12345' })).json?.['error']).to.equal(
      'PASSWORD_INVALID',
    )
    expect((await admin.post(path, { user_id: '404404', user_password: '1234567' })).text).to.equal(failed)
  })

  it('is for who may edit users', async () => {
    expect(await refusalsOf(gateway, path)).to.deep.equal(forAdministrators)
    const params = { user_id: String((await gateway.addUser()).uid), user_password: '1234567' }
    const officer = await addOfficer(gateway, 'userInfo/edit')
    expect((await officer.post(path, params)).text).to.equal(done)
    const other = await addOfficer(gateway, 'userInfo/passWordEdit')
    expect((await other.post(path, params)).text).to.equal(permissionDenied)
  })
})
