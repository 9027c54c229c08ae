import { expect } from 'chai'
import { startGateway } from '../../harness.js'
import { addAdmin, type TestAdmin } from '../../methods/manage/account/administrators.js'
import { prepared, withGateway } from '../../suite.js'

const rounds = 8
const path = '/manage/account/userInfo/add'

withGateway('two administrators who add a user at once', function (gateway, database) {
  this.timeout(60_000)
  const admins = prepared(before, async () => [await addAdmin(gateway), await addAdmin(gateway)])
  const other = prepared(
    before,
    () => startGateway(database),
    (other) => other.close(),
  )

  /** What each is answered: the first on this node, the second on another. */
  async function addOnBoth(forms: readonly Record<string, string>[]): Promise<unknown[]> {
    const nodes = [gateway, other]
    const calls = forms.map(async (form, at) => {
      const admin: TestAdmin | undefined = admins[at]
      const body = new URLSearchParams({ ...form, perm_key: admin?.token ?? '' })
      return (await nodes[at]?.request(path, { method: 'POST', body }))?.json?.['error']
    })
    return Promise.all(calls)
  }
  const usersBy = async (column: 'user_account' | 'user_mobile', value: string) =>
    gateway.db('account_user_info').where(column, value).pluck('user_id')

  it('make one, where the account is the same', async () => {
    for (let round = 0; round < rounds; round++) {
      const user_account = `same_${round}`
      const answers = await addOnBoth([{ user_account }, { user_account }])
      expect(answers).to.have.members([null, 'ACCOUNT_TAKEN'])
      expect(await usersBy('user_account', user_account)).to.have.length(1)
    }
  })

  it('make one, where the number is the same', async () => {
    for (let round = 0; round < rounds; round++) {
      const user_mobile = String(13_912_345_000 + round)
      const forms = ['a', 'b'].map((name) => ({ user_account: `${name}_race_${round}`, user_mobile }))
      expect(await addOnBoth(forms)).to.have.members([null, 'MOBILE_TAKEN'])
      expect(await usersBy('user_mobile', user_mobile)).to.have.length(1)
    }
  })
})
