import { expect } from 'chai'
import type { TestConsole } from '../../../../console.js'
import { prepared } from '../../../../suite.js'
import { beyond, findRole, makeOfficer, own } from '../ranks.js'
import { withConsole } from '../suite.js'

const method = 'manage.console.role.grant'

withConsole(method, {}, ({ gateway, admin, entries, ...cases }) => {
  const officer = prepared(before, () => makeOfficer(gateway))
  const grant = async (role: string, pattern: string, as: TestConsole = officer) =>
    (await as.call(method, { role, pattern })).text

  it('makes a role by its first path, and gives it another', async () => {
    expect(await grant('客服', '/manage/account/user/get')).to.include('"is_new":true')
    expect(await grant(' 客服 ', '/manage/account/user/list')).to.include('"is_new":false')
    const role = await findRole(admin, '客服')
    expect(role?.permissions).to.have.members(['/manage/account/user/get', '/manage/account/user/list'])
    const noted = { actor_id: officer.uid, target_id: 0 }
    expect(await entries()).to.deep.equal([
      { ...noted, detail: 'role 客服, /manage/account/user/get' },
      { ...noted, detail: 'role 客服, /manage/account/user/list' },
    ])
  })

  it('says what the role has already', async () => {
    expect(await grant('客服', '/manage/account/user/get')).to.include('已有权限')
  })

  it('makes one role, however many grant it its first paths at a time', async () => {
    const paths = ['get', 'list', 'edit'].map((name) => `/manage/account/user/${name}`)
    const answers = await Promise.all(paths.map((path) => grant('同时', path)))
    expect(answers.filter((text) => text.includes('"is_new":true')).length, answers.join('\n')).to.equal(1)
    expect((await findRole(admin, '同时'))?.permissions).to.have.members(paths)
  })

  it('gives nobody what the administrator does not have', async () => {
    expect(await grant('客服', '/manage/account/userInfo/list')).to.include(beyond)
    expect(await grant('客服', '/manage/*')).to.include(beyond)
    expect(await grant('新角色', '/manage/console/*')).to.include(beyond)
    expect(await findRole(admin, '新角色')).to.equal(undefined)
  })

  it('changes neither the own role nor the one that each start makes anew', async () => {
    expect(await grant(`role of ${officer.uid}`, '/manage/account/user/get')).to.include(own)
    expect(await grant('控制台只读', '/manage/account/user/edit', admin)).to.include('由系统维护')
  })

  const right = { role: '客服', pattern: '/manage/account/user/get' }
  cases.namesWhatIsWrong(right, { role: 'a,b', pattern: '*' })
  cases.namesWhatIsWrong(right, { role: undefined, pattern: undefined })
  cases.wantsProof(right)
  cases.isOfTheConsole(right)
})
