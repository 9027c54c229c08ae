import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { createPasswords } from '../../../../gateway/services/sign-in/passwords.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { useGateway, useFolder } from '../../../suite.js'
import { type CliAnswer, keys, useCommandLine } from '../command-line.js'

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const abc123 = md5('abc123')

onEachDatabase('user import, lost in silence is nothing', function (database) {
  this.timeout(60_000)
  const cli = useCommandLine(database)
  const folder = useFolder('again')
  const gateway = useGateway(database, keys)

  const file = (name: string, lines: readonly string[]) => folder.write(name, lines.join('\n'))

  async function run(
    path: string,
    ...flags: string[]
  ): Promise<CliAnswer & { counts: Record<string, number> }> {
    const env = { WECHAT_MINI_APP_ID: 'wx1', WECHAT_MINI_SECRET: 's' }
    const answer = await cli.run(['user', 'import', path, '--json', ...flags], { env })
    return { ...answer, counts: answer.stdout === '' ? {} : JSON.parse(answer.stdout) }
  }

  const row = (table: string, uid: number) => gateway.db(table).where({ user_id: uid }).first()

  async function signIn(uid: number, password: string): Promise<number | undefined> {
    return (await gateway.call('web.passport.verifyUserPwd', { uid: String(uid), password })).json?.code
  }

  it('reports another user on a taken id or account, and knows the same one', async () => {
    const first = file('first.csv', [
      'uid,account,password,mobile',
      `710001,anna,${abc123},13810000001`,
      `710002,bert,${abc123},13810000002`,
    ])
    expect((await run(first, '--form', 'md5')).counts).to.include({ imported: 2, conflicts: 0 })
    const second = file('second.csv', [
      'uid,account,password,mobile',
      `710001,ANNA,${abc123},13810000001`,
      `710001,carl,${abc123},`,
      `710003,bert,${abc123},`,
      `,bert,${abc123},13810000002`,
      `,anna,${abc123},13810000009`,
      `710001,,${abc123},`,
      `710004,dora,${abc123},`,
      `710005,Dora,${abc123},`,
    ])
    const { counts, stderr, code } = await run(second, '--form', 'md5')
    expect(code).to.equal(1)
    expect(counts).to.include({ lines: 8, imported: 1, known: 2, conflicts: 5, bad: 0 })
    expect(stderr.trim().split('\n')).to.deep.equal([
      'line 3: uid: another user has it already; not imported',
      'line 4: account: another user has it already; not imported',
      'line 6: account: another user has it already; not imported',
      'line 7: uid: another user has it already; not imported',
      'line 9: account: another user has it already; not imported',
    ])
  })

  it('goes on where only the database takes two accounts for one, and reports it', async () => {
    const path = file('collation.csv', [
      'uid,account,password',
      `711001,jose,${abc123}`,
      `711002,josé,${abc123}`,
      `711003,kurt,${abc123}`,
    ])
    const { counts } = await run(path, '--form', 'md5')
    expect((counts['imported'] ?? 0) + (counts['conflicts'] ?? 0)).to.equal(3)
    expect(await row('account_user_base', 711003)).to.include({ user_account: 'kurt' })
  })

  it('brings what is wrong in one field in without it, and writes a report that no spreadsheet calculates', async () => {
    const path = file('wrong.csv', [
      'uid,account,password,mobile,nickname,birthday',
      `712001,=cmd|' /C calc'!A0,${abc123},12,,0000-00-00`,
      `712002,"+x, ""y""",,,${'名'.repeat(60)},1990-05-07`,
      `712003,@sum,never-shown,,,`,
    ])
    const report = join(folder.path, 'report.csv')
    const { counts, stdout, stderr } = await run(path, '--form', 'md5', '--report', report)
    expect(counts).to.include({ imported: 2, bad: 1, leftOut: 4 })
    expect(readFileSync(report, 'utf8').split('\n')).to.deep.equal([
      'line,uid,account,what,column,reason',
      `2,712001,'=cmd|' /C calc'!A0,left out,mobile,must be a number of its area; imported without it`,
      `2,712001,'=cmd|' /C calc'!A0,left out,birthday,is a zero date; imported without it`,
      `3,712002,"'+x, ""y""",left out,password,is empty; imported without it`,
      `3,712002,"'+x, ""y""",left out,nickname,must be of at most 50 characters; imported without it`,
      "4,712003,'@sum,bad,password,must be a hash of a known form",
      '',
    ])
    expect(stdout + stderr + readFileSync(report, 'utf8')).to.not.include('never-shown')
    expect(await row('account_user_info', 712002)).to.include({ user_nickname: '+x, "y"', user_mobile: '' })
    const again = await run(path, '--form', 'md5', '--report', report)
    expect(again).to.include({ code: 1, stdout: '' })
    expect(again.stderr).to.match(/report\.csv is there already/)
  })

  it('takes nothing of a file that is broken further down, and leaves no report in the way of the next try', async () => {
    const path = file('broken.csv', [
      'uid,account,password',
      `714001,early,${abc123}`,
      `714002,"late,${abc123}`,
    ])
    const report = join(folder.path, 'broken-report.csv')
    const { code, stderr } = await run(path, '--form', 'md5', '--report', report)
    expect({ code, stderr }).to.deep.equal({
      code: 1,
      stderr: 'error: the file is no CSV: a quote is opened and never closed; it stands after line 2\n',
    })
    expect(await row('account_user_base', 714001)).to.equal(undefined)
    expect(existsSync(report)).to.equal(false)
  })

  it('brings gender, birthday, dates, WeChat and addresses', async () => {
    const path = file('all.jsonl', [
      JSON.stringify({
        uid: 713001,
        account: 'emil',
        password: abc123,
        gender: '女',
        birthday: '1990-05-07',
        registered: '2015-11-13 14:14:35',
        last_login: 1447395275,
        wechat_mini: 'openid-1',
        wechat_unionid: 'union-1',
        wechat_web: 'openid-2',
        address_name: '张三',
        address_detail: '长安街1号',
        addresses: [{ name: '李四', mobile: '13800000001', city: '北京市' }],
      }),
      JSON.stringify({ uid: 713002, account: 'fritz', password: abc123, wechat_mini: 'openid-1' }),
    ])
    const { counts, stderr } = await run(path, '--form', 'md5')
    expect(counts).to.include({ imported: 2, taken: 1, leftOut: 1 })
    expect(stderr.trim().split('\n')).to.have.members([
      'line 1: wechat_web: the application is not configured; imported without it',
      'line 2: wechat_mini: belongs to another user already; imported without it',
    ])
    const { db } = gateway
    const info = await row('account_user_info', 713001)
    expect(info).to.include({ user_gender: 2 })
    const birthday = info.user_birthday
    expect(birthday instanceof Date ? birthday.toISOString().slice(0, 10) : birthday).to.equal('1990-05-07')
    const moment = Date.UTC(2015, 10, 13, 6, 14, 35)
    expect(Number((await row('account_user_base', 713001)).user_created_at)).to.equal(moment)
    const login = await row('account_user_login', 713001)
    expect([login.user_reg_time, login.user_active_time].map(Number)).to.deep.equal([moment, moment])
    const owned = await db('user_identity').where({ user_id: 713001 }).orderBy('kind').pluck('value')
    expect(owned).to.deep.equal(['wx1:openid-1', 'union-1'])
    expect(await db('account_user_bind_connect').where({ user_id: 713001 }).pluck('bind_id')).to.deep.equal([
      'openid-1',
    ])
    const addresses = await db('account_user_delivery_address').where({ user_id: 713001 }).orderBy('ud_id')
    expect(addresses.map(({ ud_name, ud_is_default }) => [ud_name, Number(ud_is_default)])).to.deep.equal([
      ['张三', 1],
      ['李四', 0],
    ])
  })

  it('changes what is known with --update only, and no password that was used here', async () => {
    const head = 'uid,account,password,nickname,mobile,mobile_verified,gender'
    const old = file('old.csv', [
      head,
      `714001,gina,${abc123},Gina,13814000001,,0`,
      `714002,hans,${abc123},Hans,13814000002,,0`,
      `714003,ida,${abc123},Ida,13814000003,2020-01-01,0`,
    ])
    await run(old, '--form', 'md5')
    expect(await signIn(714002, 'abc123')).to.equal(200)
    const now = file('new.csv', [
      head,
      `714001,gina,${md5('newer1')},Gina N.,13814000009,,2`,
      `714002,hans,${md5('newer1')},,13814000003,,`,
      `714003,ida,${abc123},,13814000008,2019-01-01,`,
    ])
    expect((await run(now, '--form', 'md5')).counts).to.include({ known: 3, updated: 0 })
    expect(await signIn(714001, 'newer1')).to.equal(10012)
    const { counts, stderr } = await run(now, '--form', 'md5', '--update')
    expect(counts).to.include({ known: 3, updated: 1, taken: 2 })
    expect(stderr.trim().split('\n')).to.deep.equal([
      'line 3: mobile: belongs to another user already; left as it is',
      'line 4: mobile: another was proved here; left as it is',
    ])
    expect(await signIn(714001, 'newer1')).to.equal(200)
    expect(await signIn(714002, 'abc123')).to.equal(200)
    expect(await row('account_user_info', 714001)).to.include({
      user_nickname: 'Gina N.',
      user_mobile: '13814000009',
      user_gender: 2,
    })
    expect(await row('account_user_info', 714002)).to.include({
      user_nickname: 'Hans',
      user_mobile: '13814000002',
    })
    expect((await run(now, '--form', 'md5', '--update')).counts).to.include({ updated: 0 })
  })

  it('changes no password with --update that was used here at the usual cost, whatever PASSWORD_COST is', async () => {
    const [used, never] = await Promise.all([
      createPasswords({ queueLength: 1, workers: 1 }).hash('abc123'),
      createPasswords({ queueLength: 1, workers: 1, cost: { memory: 64, passes: 1, lanes: 1 } }).hash(
        'abc123',
      ),
    ])
    const head = 'uid,account,password'
    await run(file('costs.csv', [head, `714901,nora,"${used}"`, `714902,olaf,"${never}"`]))
    const newer = file('newer.csv', [head, `714901,nora,${md5('newer1')}`, `714902,olaf,${md5('newer1')}`])
    expect((await run(newer, '--form', 'md5', '--update')).counts).to.include({ known: 2, updated: 1 })
    expect(await signIn(714901, 'abc123')).to.equal(200)
    expect(await signIn(714902, 'newer1')).to.equal(200)
  })

  it('counts a user as updated whose address is verified now and nothing else', async () => {
    const head = 'uid,account,password,email,email_verified'
    const line = `714101,jan,${abc123},jan@example.com`
    await run(file('claimed.csv', [head, `${line},`]), '--form', 'md5')
    const proved = file('proved.csv', [head, `${line},Y`])
    expect((await run(proved, '--form', 'md5', '--update')).counts).to.include({ known: 1, updated: 1 })
    expect((await run(proved, '--form', 'md5', '--update')).counts).to.include({ known: 1, updated: 0 })
  })

  it('knows a sealed password again with --update', async () => {
    const path = file('sealed.csv', ['uid,password,salt', `715001,${md5(`${abc123}xy`)},xy`])
    const flags = ['--form', 'ucenter', '--wrap', '--update']
    expect((await run(path, ...flags)).counts).to.include({ imported: 1 })
    expect((await run(path, ...flags)).counts).to.include({ known: 1, updated: 0 })
    const changed = file('sealed2.csv', ['uid,password,salt', `715001,${md5(`${md5('other1')}xy`)},xy`])
    expect((await run(changed, ...flags)).counts).to.include({ known: 1, updated: 1 })
    expect(await signIn(715001, 'other1')).to.equal(200)
  })

  it('knows sealed passwords of one mark again with --update, and seals none of them anew', async () => {
    const path = file('one-mark.csv', [
      'uid,password,salt,form',
      `715201,${abc123},,md5`,
      `715202,${md5('abc123xy')},xy,md5(p+salt)`,
      `715203,${md5(`abc123${'A'.repeat(32)}`)}:${'A'.repeat(32)},,`,
    ])
    expect((await run(path, '--wrap')).counts).to.include({ imported: 3 })
    expect((await run(path, '--wrap', '--update')).counts).to.include({ known: 3, updated: 0 })
  })

  it('mends passwords that were sealed in a wrong form with --update', async () => {
    const path = file('wrong-form.csv', ['uid,password,salt', `715101,${md5(`${abc123}xy`)},xy`])
    await run(path, '--form', 'md5(p+salt)', '--wrap')
    expect(await signIn(715101, 'abc123')).to.equal(10012)
    expect((await run(path, '--form', 'ucenter', '--wrap', '--update')).counts).to.include({ updated: 1 })
    expect(await signIn(715101, 'abc123')).to.equal(200)
    expect((await run(path, '--form', 'md5(p+salt)', '--update')).counts).to.include({ updated: 0 })
  })

  it('writes nothing in a dry run, and counts what a real one would', async () => {
    const lines = Array.from(
      { length: 900 },
      (_, at) => `${716_000 + at},dry${at},${abc123},138160${String(at).padStart(5, '0')}`,
    )
    const path = file('dry.csv', [
      'uid,account,password,mobile',
      ...lines,
      `717001,dry3,${abc123},`,
      `717002,other,${abc123},13816000005`,
      `716001,dry1,${abc123},13816000001`,
    ])
    const before = await gateway.db('account_user_base').count({ n: '*' }).first()
    const dry = await run(path, '--form', 'md5', '--dry-run')
    const after = await gateway.db('account_user_base').count({ n: '*' }).first()
    expect(after).to.deep.equal(before)
    const real = await run(path, '--form', 'md5')
    expect(dry.counts).to.deep.equal(real.counts)
    expect(real.counts).to.include({ imported: 901, conflicts: 1, taken: 1, known: 1 })
    const withoutProgress = (text: string) => text.replace(/^\d+ s: .*\n/gm, '')
    expect(withoutProgress(dry.stderr)).to.equal(withoutProgress(real.stderr))
  })

  it('says which form fits known passwords, without a database', async () => {
    const path = file('check.csv', [
      'uid,password,salt',
      `1,${md5(`${md5('one111')}ab`)},ab`,
      `2,${md5(`${md5('two222')}cd`)},cd`,
      `3,${abc123},ef`,
    ])
    const known = file('known.csv', ['uid,password', '1,one111', '2,two222', '9,nine99'])
    const answer = await cli.run(['user', 'import', path, '--check', known, '--json'])
    expect(answer).to.include({ code: 0, stderr: '' })
    const forms = { 'md5(md5(p)+salt)': 2, ucenter: 2, discuz: 2, ecshop: 2 }
    expect(JSON.parse(answer.stdout)).to.deep.equal({ users: 2, forms })
    const wrong = file('wrong-known.csv', ['uid,password', '1,other1', '2,two222'])
    const partly = await cli.run(['user', 'import', path, '--check', wrong])
    expect(partly).to.include({ code: 1 })
    expect(partly.stdout).to.match(/No form fits all of them\. None fits on line 2\./)
    expect(partly.stdout).to.not.include('two222')
    const nobody = await cli.run([
      'user',
      'import',
      path,
      '--check',
      file('none.csv', ['uid,password', '77,a']),
    ])
    expect(nobody.stderr).to.match(/^error: no user of .*none\.csv is in the file/)
    const headless = file('headless.csv', ['1,one111'])
    const other = await cli.run(['user', 'import', path, '--check', headless])
    expect(other.stderr).to.match(/^error: .*headless\.csv: the first line does not name the columns/)
  })
})
