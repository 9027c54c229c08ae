import { expect } from 'chai'
import { passwordKind } from '../../../../gateway/services/sign-in/passwords.js'
import { keys, refusal, useCommandLine } from '../command-line.js'
import { prepared, withGateway } from '../../../suite.js'

const salt = 'b'.repeat(32)
const digest = '5821d8466fa236d15877025778d69f09'

withGateway('user show', keys, (gateway, database) => {
  const cli = useCommandLine(database)
  const user = prepared(before, () =>
    gateway.addUser({ mobile: '13912345678', email: 'Zhang@Example.com', nickname: '张三' }),
  )

  it('shows who a user is, but not the hash', async () => {
    const { code, stdout, stderr } = await cli.run(`user show ${user.uid}`)
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    const lines = stdout.trimEnd().split('\n')
    const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`
    expect(lines[0]).to.equal(`uid       ${user.uid}`)
    expect(lines[1]).to.match(/^account {3}user-[0-9a-f]{12}$/)
    expect(lines[2]).to.equal('nickname  张三')
    expect(lines[3]).to.equal('state     active')
    expect(lines[4]).to.match(new RegExp(`^mobile    \\+8613912345678 \\(verified ${time}\\)$`))
    expect(lines[5]).to.match(new RegExp(`^email     Zhang@Example.com \\(verified ${time}\\)$`))
    expect(lines[6]).to.equal('password  argon2id')
    expect(lines).to.have.length(7)
  })

  it('finds the user by account, number and e-mail address', async () => {
    const account = (await gateway.db('account_user_base').where({ user_id: user.uid }).first())?.user_account
    const texts = [account ?? '', '13912345678', '+8613912345678', 'zhang@EXAMPLE.com']
    const answers = await Promise.all(texts.map((text) => cli.run(`user show ${text} --json`)))
    const uids = answers.map(({ stdout }) => JSON.parse(stdout).map(({ uid }: { uid: number }) => uid))
    expect(uids).to.deep.equal(texts.map(() => [user.uid]))
  })

  it('shows all users that one text belongs to', async () => {
    const other = await gateway.addUser()
    await gateway
      .db('account_user_base')
      .where({ user_id: other.uid })
      .update({ user_account: String(user.uid) })
    const { stdout } = await cli.run(`user show ${user.uid}`)
    expect(stdout).to.match(new RegExp(`^uid       ${user.uid}\n[^]*\n\nuid       ${other.uid}\n`))
    await gateway.db('account_user_base').where({ user_id: other.uid }).update({ user_account: 'renamed' })
  })

  it('prints JSON', async () => {
    const [shown, ...others] = JSON.parse((await cli.run(`user show ${user.uid} --json`)).stdout)
    expect(others).to.deep.equal([])
    const { account, mobileVerifiedAt, emailVerifiedAt, ...rest } = shown
    expect(account).to.match(/^user-/)
    expect(Date.parse(mobileVerifiedAt)).to.equal(Date.parse(emailVerifiedAt))
    expect(rest).to.deep.equal({
      uid: user.uid,
      nickname: '张三',
      state: 'active',
      mobile: '+8613912345678',
      email: 'Zhang@Example.com',
      passwordKind: 'argon2id',
    })
  })

  it('says what is not verified, and what is not there', async () => {
    const bare = await gateway.addUser()
    expect((await cli.run(`user show ${bare.uid}`)).stdout).to.match(/^mobile {4}none\nemail {5}none$/m)
    const claimed = await gateway.addUser({ mobile: '13700000000', verified: false })
    expect((await cli.run(`user show ${claimed.uid}`)).stdout).to.match(
      /^mobile {4}\+8613700000000 \(not verified\)$/m,
    )
  })

  it('tells an old password hash, but neither it nor its salt', async () => {
    const { uid } = await gateway.addUser()
    const stored = { user_password: digest, user_salt: salt }
    await gateway.db('account_user_base').where({ user_id: uid }).update(stored)
    const { stdout } = await cli.run(`user show ${uid}`)
    expect(stdout).to.match(/^password {2}md5\+salt$/m)
    for (const secret of [digest, salt]) expect(stdout).not.to.include(secret)
  })

  it('does not let a nickname steer the terminal', async () => {
    const { uid } = await gateway.addUser({ nickname: 'a\u001b[2Jb\nuid 1\u202e' })
    expect((await cli.run(`user show ${uid}`)).stdout).to.include(
      '\nnickname  a\\u001b[2Jb\\u000auid 1\\u202e\n',
    )
  })

  it('says when there is no such user', async () => {
    expect(refusal(await cli.run('user show nobody@example.com'))).to.deep.equal({
      code: 1,
      line: 'error: no user has the id, account, number or e-mail nobody@example.com',
    })
  })
})

describe('user show', () => {
  it('knows every kind of password hash that can log in', () => {
    const kindOf = (user_password: string, user_salt = '') => passwordKind({ user_password, user_salt })
    expect(kindOf('$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA')).to.equal('argon2id')
    expect(kindOf(`${digest}:${'A'.repeat(32)}`)).to.equal('md5:R')
    expect(kindOf(digest.toUpperCase())).to.equal('md5')
    expect(kindOf(digest, salt)).to.equal('md5+salt')
    expect(kindOf('{md5}$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', salt)).to.equal('argon2id(md5)')
    expect(kindOf('')).to.equal('none')
    expect(kindOf('abc123')).to.equal('unknown')
  })
})
