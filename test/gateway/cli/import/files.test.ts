import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { CommandError } from '../../../../gateway/cli/command/error.js'
import type { ReadLine } from '../../../../gateway/cli/import/columns.js'
import { type DateWay, readDay, readMoment } from '../../../../gateway/cli/import/dates.js'
import { type ImportedUser, readImportedUser } from '../../../../gateway/cli/import/imported-user.js'
import type { Charset } from '../../../../gateway/cli/import/file/read-text.js'
import { type ImportFormat, readUsers } from '../../../../gateway/cli/import/file/read-users.js'
import { useFolder } from '../../../suite.js'

interface Read {
  readonly lines: readonly ReadLine[]
  readonly unknown: readonly (readonly string[])[]
}

const utf16 = (text: string, bigEndian = false): Buffer => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le')
  return bigEndian ? bytes.swap16() : bytes
}
/** 张三 */
const zhang = Buffer.from([0xd5, 0xc5, 0xc8, 0xfd])

describe('a file of users', () => {
  const folder = useFolder('files')

  async function read(content: string | Buffer, format: ImportFormat = 'csv', charset: Charset = 'utf-8') {
    const path = folder.write('file', content)
    const unknown: (readonly string[])[] = []
    const lines: ReadLine[] = []
    for await (const line of readUsers(path, { format, charset, unknown: (names) => unknown.push(names) }))
      lines.push(line)
    // Wrong lines may be told some lines early.
    const inOrder = lines.toSorted((left, right) => left.line - right.line)
    return { lines: inOrder, unknown } satisfies Read
  }

  async function refusal(
    content: string | Buffer,
    format?: ImportFormat,
    charset?: Charset,
  ): Promise<string> {
    try {
      const { lines } = await read(content, format, charset)
      return `read ${lines.length} lines`
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      return error.message
    }
  }

  const twoUsers = [
    { line: 2, fields: { uid: '1', account: '张三', password: 'x' } },
    { line: 3, fields: { uid: '2', account: '李四', password: 'y' } },
  ]
  const rows = [
    ['uid', 'account', 'password'],
    ['1', '张三', 'x'],
    ['2', '李四', 'y'],
  ]

  it('is read with any separator, line end, byte order mark, quotes, and Excel’s line that names the separator', async () => {
    for (const separator of [',', ';', '\t', '|'])
      for (const end of ['\n', '\r\n', '\r'])
        for (const mark of ['', '\uFEFF'])
          for (const quote of ['', '"'])
            for (const last of ['', end]) {
              const cells = rows.map((row) => row.map((cell) => quote + cell + quote).join(separator))
              const { lines } = await read(mark + cells.join(end) + last)
              expect(lines, JSON.stringify([separator, end, mark, quote])).to.deep.equal(twoUsers)
            }
    const { lines } = await read(`sep=;\r\n${rows.map((row) => row.join(';')).join('\r\n')}`)
    expect(lines.map((line) => 'fields' in line && line.fields['account'])).to.deep.equal(['张三', '李四'])
  })

  it('is read in UTF-16 by its mark, and in other charsets as told', async () => {
    const text = rows.map((row) => row.join(',')).join('\r\n')
    expect((await read(utf16(text))).lines).to.deep.equal(twoUsers)
    expect((await read(utf16(text, true))).lines).to.deep.equal(twoUsers)
    const gbk = Buffer.concat([Buffer.from('uid,account\r\n1,'), zhang, Buffer.from('\r\n')])
    expect((await read(gbk, 'csv', 'gb18030')).lines).to.deep.equal([
      { line: 2, fields: { uid: '1', account: '张三' } },
    ])
    expect((await read(gbk, 'csv', 'gbk')).lines).to.have.length(1)
    expect((await read(Buffer.from(text, 'utf16le'), 'csv', 'utf-16le')).lines).to.deep.equal(twoUsers)
    // Four bytes of GB18030, and a character that a chunk ends in.
    const rare = Buffer.concat([
      Buffer.from(`uid,account\n1,${'a'.repeat(65_521)}`),
      Buffer.from('95328236', 'hex'),
    ])
    const [line] = (await read(rare, 'csv', 'gb18030')).lines
    expect(line && 'fields' in line && line.fields['account']?.slice(-2)).to.equal('𠀀')
  })

  it('in another charset than told is refused by its line, nothing read', async () => {
    const gbk = Buffer.concat([Buffer.from('uid,account\n1,abc\n2,'), zhang, Buffer.from('\n')])
    expect(await refusal(gbk)).to.equal(
      'line 3 of the file is no text in utf-8; what Excel saves in China is --charset gb18030',
    )
    expect(await refusal(Buffer.from('uid,account\n1,\xff\xff\n', 'latin1'), 'csv', 'gb18030')).to.match(
      /^line 2 of the file is no text in gb18030/,
    )
    expect(await refusal(Buffer.from('uid,account\n1,a\n', 'utf16le'))).to.match(/holds zero bytes/)
    expect(await refusal('uid,account\n1,a\n2,b\0\n3,c\n')).to.equal(
      'line 3 of the file is no text in utf-8: it holds zero bytes',
    )
  })

  it('that is not there, or a folder, is said to be so', async () => {
    const reading = { format: 'csv', charset: 'utf-8', unknown: () => {} } as const
    const next = (path: string) => readUsers(path, reading)[Symbol.asyncIterator]().next()
    const missing = next(join(folder.path, 'missing.csv'))
    const reasonOf = (error: unknown) => (error instanceof CommandError ? error.message : '')
    expect(await missing.then(() => 'read', reasonOf)).to.match(
      /missing\.csv can't be read: it is not there$/,
    )
    const opened = next(folder.path)
    expect(await opened.then(() => 'read', reasonOf)).to.match(/can't be read: it is a folder$/)
  })

  it('that is none is refused by what it is', async () => {
    const zip = Buffer.concat([Buffer.from('504b0304', 'hex'), deflateRawSync('x'.repeat(100))])
    expect(await refusal(zip)).to.match(/Excel workbook/)
    expect(await refusal(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).to.match(/old Excel workbook/)
    expect(await refusal(gzipSync('uid,account\n1,a\n'))).to.match(/compressed by gzip/)
    expect(await refusal('SQLite format 3\0 and more')).to.match(/an SQLite database/)
    expect(await refusal('')).to.equal('the file is empty')
    expect(await refusal('', 'jsonl')).to.equal('the file is empty')
    expect(await refusal('\uFEFF\r\n')).to.equal('the file is empty')
    expect(await refusal('1,张三,13800000001\n')).to.match(/^the first line does not name the columns/)
    expect(await refusal('password,mobile\nx,1\n')).to.match(/^the first line does not name the columns/)
    expect(await refusal('uid,account,Account\n1,a,b\n')).to.equal(
      'the column account stands in the first line twice',
    )
    expect(await refusal('[{"uid":1}]')).to.match(/^the file is JSON/)
    expect(await refusal('[{"uid":1},\n{"uid":2}]', 'jsonl')).to.match(/^the file is a JSON array/)
    expect(await refusal("-- MySQL dump\nINSERT INTO users VALUES (1,'a');")).to.match(/an SQL dump/)
    expect(await refusal('uid,account\n1,"never closed\n2,b\n')).to.match(
      /a quote is opened and never closed/,
    )
    expect(await refusal('uid,account\n1,"a\nb"\n\n2,b\n3,"never closed\n4,d\n')).to.equal(
      'the file is no CSV: a quote is opened and never closed; it stands after line 5',
    )
    expect(await refusal(`uid,account\n1,"${'a,b\n'.repeat(300_000)}`)).to.match(/a quote is opened/)
    expect(await refusal(`uid,account\n1,${'a'.repeat(17_000_000)}`)).to.match(/more than 16 MB|a quote/)
  })

  it('may hold quoted line breaks, empty lines and cells, and many columns, of which it says which are not known', async () => {
    const { lines } = await read('uid,account\n\n1,"a\nb"\r\n\n,,\n , \n2,c\n')
    expect(lines).to.deep.equal([
      { line: 3, fields: { uid: '1', account: 'a\nb' } },
      { line: 8, fields: { uid: '2', account: 'c' } },
    ])
    const others = Array.from({ length: 198 }, (_, at) => `extra${at}`)
    const wide = await read(
      `uid,account,${others.join(',')},,\n1,a${',v'.repeat(198)},,\n2,b${',v'.repeat(198)}\n`,
    )
    expect(wide.unknown).to.deep.equal([others])
    expect(wide.lines).to.have.length(2)
    const jsonl = await read('{"uid":1,"x":1}\n\n{"uid":2,"x":2,"y":null,"z":3}\n', 'jsonl')
    expect(jsonl.unknown).to.deep.equal([['x'], ['z']])
    expect(jsonl.lines.map(({ line }) => line)).to.deep.equal([1, 3])
  })

  it('has lines that are wrong by themselves, and the others are read', async () => {
    const { lines } = await read('uid,account\n1,a\n2\n3,"b"c"\n4,d,e\n5,f\n')
    expect(lines).to.deep.equal([
      { line: 2, fields: { uid: '1', account: 'a' } },
      { line: 3, problem: 'is no CSV with the columns of the header' },
      { line: 4, problem: 'is no CSV: a quote stands where none may' },
      { line: 5, problem: 'is no CSV with the columns of the header' },
      { line: 6, fields: { uid: '5', account: 'f' } },
    ])
    const wrong = await read(
      '{"uid":1,"account":{"a":1}}\n{"uid":1,"Mobile":["1"]}\n{"uid":1,"addresses":"no"}\n{"uid":1,"addresses":[1]}\n{"uid":1,"addresses":null,"x":{}}',
      'jsonl',
    )
    expect(wrong.lines.map((line) => ('problem' in line ? line.problem : 'read'))).to.deep.equal([
      'account: must be text or a number',
      'mobile: must be text or a number',
      'addresses: must be a list of objects',
      'addresses: must be a list of objects',
      'read',
    ])
    const objects = await read('{"uid":1}\nno JSON\n[1]\n"text"\n{"uid":2}', 'jsonl')
    expect(objects.lines.map((line) => ('problem' in line ? line.problem : 'read'))).to.deep.equal([
      'read',
      'is no JSON',
      'is no JSON object',
      'is no JSON object',
      'read',
    ])
  })

  it('has NULL and \\N for nothing, but a name may be NULL', async () => {
    const { lines } = await read('uid,account,salt,email\n1,NULL,NULL,\\N\n')
    expect(lines).to.deep.equal([{ line: 2, fields: { uid: '1', account: 'NULL', salt: '', email: '' } }])
  })
})

describe('a date in a file of users', () => {
  const zone = 'Asia/Shanghai'
  const moment = Date.UTC(2015, 10, 13, 6, 14, 35)

  it('is read in the server’s zone, whatever the zone of the machine', () => {
    for (const text of [
      '2015-11-13 14:14:35',
      '2015/11/13 14:14:35',
      '2015.11.13 14:14:35.000',
      '2015-11-13T14:14:35',
      '2015-11-13T06:14:35Z',
      '2015-11-13T08:14:35+02:00',
      '2015年11月13日 14:14:35',
      '20151113141435',
      '1447395275',
      '1447395275000',
    ])
      expect(readMoment(text, 'ymd', zone), text).to.equal(moment)
    expect(readMoment('2015-11-13', 'ymd', zone)).to.equal(Date.UTC(2015, 10, 12, 16))
    expect(readMoment('2015-07-01 12:00', 'ymd', 'America/New_York')).to.equal(Date.UTC(2015, 6, 1, 16))
  })

  it('with the day or the month first, or as Excel’s number, is read only when that was told', () => {
    const ways: [DateWay, string][] = [
      ['dmy', '13/11/2015 14:14:35'],
      ['mdy', '11/13/2015 14:14:35'],
      ['excel', '42321.593460648'],
    ]
    for (const [way, text] of ways)
      for (const other of ['ymd', 'dmy', 'mdy', 'excel'] as const)
        expect(readMoment(text, other, zone), `${text} as ${other}`).to.equal(
          other === way ? moment : undefined,
        )
    expect(readDay('33000', 'excel', zone)).to.equal('1990-05-07')
    expect(readDay('1990-5-7', 'excel', zone)).to.equal('1990-05-07')
  })

  it('is none where it is a zero date, a day that is not, or anything else', () => {
    for (const text of ['0000-00-00', '0000-00-00 00:00:00', '0', '0000/00/00'])
      expect(readMoment(text, 'ymd', zone), text).to.equal('none')
    for (const text of [
      '2015-02-30',
      '2015-13-01',
      '2015-11-13 25:00:00',
      'yesterday',
      '13',
      '11/13/2015',
      '-1',
    ])
      expect(readMoment(text, 'ymd', zone), text).to.equal(undefined)
  })
})

describe('a line of a file of users', () => {
  const reading = { now: Date.UTC(2026, 0, 1), timeZone: 'Asia/Shanghai', dates: 'ymd', form: 'md5' } as const

  function readLine(fields: Readonly<Record<string, string>>) {
    return readImportedUser({ line: 2, fields: { uid: '7', ...fields } }, reading)
  }

  /** What is left of a user whose one field is wrong, and what is said of it. */
  function without(fields: Readonly<Record<string, string>>): { user: ImportedUser; said: string } {
    const { user, leftOut } = readLine({ password: '0'.repeat(32), ...fields })
    expect(leftOut).to.have.length(1)
    return { user, said: leftOut[0] ?? '' }
  }

  it('comes in without what is wrong in it, and says so', () => {
    expect(without({ mobile: '12' }).user.mobile).to.equal(undefined)
    expect(without({ mobile: '1.38E+10' }).said).to.equal(
      'mobile: must be a number of its area; imported without it',
    )
    expect(without({ email: 'nobody' }).user.email).to.equal('')
    expect(without({ email: `${'a'.repeat(60)}@example.com` }).user.email).to.equal('')
    expect(without({ nickname: '名'.repeat(51) }).user.nickname).to.equal('')
    expect(without({ avatar: 'a'.repeat(256) }).user.avatar).to.equal('')
    expect(without({ state: '9' }).user.state).to.equal(undefined)
    expect(without({ gender: 'x' }).user.gender).to.equal(undefined)
    expect(without({ birthday: '0000-00-00' }).said).to.equal('birthday: is a zero date; imported without it')
    expect(without({ birthday: '1890-01-01' }).user.birthday).to.equal(undefined)
    expect(without({ birthday: '2090-01-01' }).user.birthday).to.equal(undefined)
    expect(without({ registered: '11/13/2015' }).user.registeredAt).to.equal(undefined)
    expect(without({ registered: '2090-01-01' }).user.registeredAt).to.equal(undefined)
    expect(without({ last_login: '0' }).user.lastLoginAt).to.equal(undefined)
    expect(without({ mobile: '13800000001', mobile_verified: 'perhaps' }).user.mobileVerifiedAt).to.equal(
      null,
    )
    expect(without({ address_name: '名'.repeat(21), address_detail: 'x' }).user.addresses).to.deep.equal([])
    expect(without({ password: '' }).user.password).to.deep.equal({ user_password: '', user_salt: '' })
  })

  it('is refused where it can’t be told who it is or what the password', () => {
    for (const fields of [
      { uid: '0' },
      { uid: '1.0E+5' },
      { uid: '', account: '' },
      { account: 'a'.repeat(101) },
      { password: 'plain' },
      { password: '0'.repeat(33) },
      { password: '0'.repeat(32), form: 'sha1' },
      { password: '0'.repeat(32), form: 'secret' },
    ])
      expect(() => readLine(fields), JSON.stringify(fields)).to.throw(/^(uid|account|password|form): /)
  })

  it('has numbers as people write them', () => {
    for (const mobile of [
      '13800000001',
      '86-13800000001',
      '+8613800000001',
      '+86 138-0000-0001',
      '138 0000 0001',
    ])
      expect(readLine({ password: '0'.repeat(32), mobile }).user.mobile, mobile).to.deep.equal({
        area: '86',
        number: '13800000001',
      })
  })
})
