import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync, crc32 } from 'node:zlib'
import { expect } from 'chai'
import { storeUpload } from '../../../../../methods/rules/uploads/uploads.js'
import { done, refusal } from '../../../../answers.js'
import { addAdmin } from '../../../manage/account/administrators.js'
import { prepared, withGateway } from '../../../../suite.js'

const path = '/front/sys/upload/index'
const refused = refusal(0, '上传失败', 'UPLOAD_FAILED')

/** A PNG that claims these sides, with a row of black in it. */
function png(width = 3, height = 2): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(data.length, 0)
    frame.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  const rows = deflateSync(Buffer.alloc(20))
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const jpeg = Buffer.from(
  'ffd8ffe000104a46494600010100000100010000ffc0000b080002000301011100ffc40014000100000000000000000000000000000009ffda0008010100003f0054ffd9',
  'hex',
)
const gif = Buffer.from(
  '4749463839610300020080000000000000ffffff2c00000000030002000002028c5100 3b'.replaceAll(' ', ''),
  'hex',
)

const folder = mkdtempSync(join(tmpdir(), 'uploads-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const stored = (): string[] => {
  try {
    return readdirSync(join(folder, 'uploads'))
  } catch {
    return []
  }
}

withGateway(
  'front.sys.upload.index',
  { UPLOADS: 'on', UPLOAD_MEGABYTES: '1', UPLOAD_PER_DAY: '6', DATA_DIR: folder },
  (gateway) => {
    const user = prepared(before, () => gateway.addUser())
    const signIn = prepared(before, async () => ({ token: await user.startSession() }))

    const form = (bytes: Buffer, fields: Record<string, string> = {}, field = 'upfile') => {
      const body = new FormData()
      for (const [name, value] of Object.entries(fields)) body.append(name, value)
      body.append(field, new Blob([new Uint8Array(bytes)], { type: 'text/html' }), 'evil.html')
      return body
    }
    const upload = async (body: FormData, token?: string) =>
      gateway.request(path, {
        method: 'POST',
        body,
        ...(token !== undefined && { headers: { Authorization: token } }),
      })
    /** The path below the server of an address that starts with the public one. */
    const below = (url: unknown) => String(url).slice('http://passport.test'.length)
    const dataOf = (text: string) => JSON.parse(text).data as Record<string, string>

    it('keeps a picture under a name of its own, whatever it was called', async () => {
      const bytes = png()
      const { status, text } = await upload(form(bytes, { material_type: 'image' }), signIn.token)
      expect(status).to.equal(200)
      const name = dataOf(text)['file_name'] ?? ''
      expect(name).to.match(/^[\w-]{32}\.png$/)
      const url = dataOf(text)['url'] ?? ''
      expect(url.startsWith(`http://passport.test/uploads/${name}?ticket=`)).to.equal(true)
      expect(text).to.equal(
        `{"status":200,"code":0,"msg":"操作成功","data":{"url":"${url}","file_url":"${url}","file_name":"${name}",` +
          `"file_size":${bytes.length},"file_path":"/uploads/${name}","file_type":"image","mime_type":"image/png",` +
          `"type":".png","user_id":${user.uid}},"error":null}`,
      )
      expect(stored()).to.include(name)
    })

    it('takes the token from the form field perm_key alone, and other pictures by what they hold', async () => {
      for (const [bytes, type] of [
        [jpeg, '.jpg'],
        [gif, '.gif'],
      ] as const)
        expect(dataOf((await upload(form(bytes, { perm_key: signIn.token }))).text)['type']).to.equal(type)
    })

    it('tells WebP from what only begins so', async () => {
      const webp = Buffer.from('524946461a000000574542505650384c0d0000002f02400000', 'hex')
      const { text } = await upload(form(webp), signIn.token)
      expect(dataOf(text)['mime_type']).to.equal('image/webp')
    })

    it('goes with its user, who can upload nothing more', async () => {
      const admin = await addAdmin(gateway)
      const leaving = await gateway.addUser()
      const token = await leaving.startSession()
      const others = stored()
      for (const bytes of [png(), jpeg]) await upload(form(bytes), token)
      expect(stored().length).to.equal(others.length + 2)
      const user_id = String(leaving.uid)
      expect((await admin.post('/manage/account/userInfo/remove', { user_id })).text).to.equal(done)
      expect(stored()).to.have.members(others)
      const rows = gateway.db('uploaded_file').where({ user_id: leaving.uid })
      expect(await rows.clone()).to.deep.equal([])
      const late = storeUpload(gateway.services, leaving.uid, png())
      expect(await late.catch((error: unknown) => String(error))).to.include('UPLOAD_FAILED')
      expect([await rows.clone(), stored().length]).to.deep.equal([[], others.length])
    })

    it('needs a login, and keeps nothing without one', async () => {
      const before = stored()
      expect((await upload(form(png()))).json).to.include({ status: 250, code: 401 })
      expect(stored()).to.deep.equal(before)
    })

    it('refuses what is no picture, too large, too wide, or missing, and keeps nothing of it', async () => {
      const before = stored()
      const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
      const bodies = [
        form(svg),
        form(Buffer.from('<html>')),
        form(Buffer.alloc(0)),
        form(Buffer.from('89504e470d0a1a0a', 'hex')),
        form(png(60_000, 60_000)),
        form(png(0, 5)),
        form(Buffer.concat([png(), Buffer.alloc(1024 ** 2)])),
        form(png(), {}, 'other'),
        new FormData(),
      ]
      for (const [at, body] of bodies.entries())
        expect((await upload(body, signIn.token)).text, String(at)).to.equal(refused)
      const plain = { method: 'POST', headers: { Authorization: signIn.token } }
      expect((await gateway.request(path, plain)).text).to.equal(refused)
      const noBoundary = { Authorization: signIn.token, 'Content-Type': 'multipart/form-data; x=y' }
      expect((await gateway.request(path, { ...plain, headers: noBoundary, body: 'x' })).text).to.equal(
        refused,
      )
      expect(stored()).to.deep.equal(before)
    })

    it('leaves nothing of an upload that was cut off', async () => {
      const before = stored()
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1')
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${signIn.token}\r\nContent-Length: 5000\r\n` +
          'Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; name="upfile"; filename="a.png"\r\n\r\n',
      )
      socket.write(png())
      await new Promise((resolve) => setTimeout(resolve, 100))
      socket.destroy()
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(stored()).to.deep.equal(before)
      expect((await upload(form(png()), signIn.token)).json).to.include({ status: 200 })
    })

    it('refuses after the last of the day, however many come at once', async () => {
      const other = await gateway.addUser()
      const token = await other.startSession()
      const count = stored().length
      const answers = await Promise.all(Array.from({ length: 8 }, () => upload(form(png()), token)))
      expect(answers.filter(({ text }) => text === refused)).to.have.length(2)
      expect(stored()).to.have.length(count + 6)
    })

    describe('shown', () => {
      const owner = prepared(before, () => gateway.addUser())
      const own = prepared(before, async () => {
        const token = await owner.startSession()
        const data: Record<string, string> = dataOf((await upload(form(png()), token)).text)
        data['token'] = token
        return data
      })
      const show = (address: string | undefined, token?: string) =>
        fetch(`${gateway.url}${address}`, { headers: token === undefined ? {} : { Authorization: token } })

      it('to who has a ticket for it, for an hour, and to its owner; to nobody else', async () => {
        const shown = await show(below(own['url']))
        expect(shown.status).to.equal(200)
        expect(Buffer.from(await shown.arrayBuffer()).equals(png())).to.equal(true)
        expect(shown.headers.get('content-type')).to.equal('image/png')
        expect(shown.headers.get('x-content-type-options')).to.equal('nosniff')
        expect(shown.headers.get('content-security-policy')).to.equal("default-src 'none'; sandbox")
        expect(shown.headers.get('cache-control')).to.equal('private, no-store')
        expect((await show(own['file_path'], own['token'])).status).to.equal(200)
        expect((await show(own['file_path'])).status).to.equal(404)
        expect((await show(own['file_path'], signIn.token)).status).to.equal(404)
        expect((await show(`${below(own['url'])}0`)).status).to.equal(404)
        for (const name of ['..%2fpassport.db', 'x.png', '%00', 'x'.repeat(300)])
          expect((await show(`/uploads/${name}`)).status, name).to.equal(404)
        gateway.clock.advance(61 * 60_000)
        expect((await show(below(own['url']))).status).to.equal(404)
      })

      it('to everybody while it is an avatar, never where it is a certificate', async () => {
        const ofOwner = () => gateway.db('account_user_info').where({ user_id: owner.uid })
        await ofOwner().update({ user_avatar: own['url'] ?? '' })
        const shown = await show(own['file_path'])
        expect(shown.status).to.equal(200)
        expect(shown.headers.get('cache-control')).to.equal('public, max-age=300')
        await ofOwner().update({ user_idcard_images: own['url'] ?? '' })
        expect((await show(own['file_path'])).status).to.equal(404)
      })

      it('in a certificate by an address that opens again, to its owner alone', async () => {
        const images = async (uid: number, token: string) => {
          await gateway
            .db('account_user_info')
            .where({ user_id: uid })
            .update({ user_idcard_images: own['url'] ?? '' })
          const { text } = await gateway.request('/front/account/user/info', {
            headers: { Authorization: token },
          })
          return below(JSON.parse(text).data.user_idcard_image_list[0])
        }
        expect((await show(await images(owner.uid, own['token'] ?? ''))).status).to.equal(200)
        const thief = await gateway.addUser()
        const address = await images(thief.uid, await thief.startSession())
        expect((await show(address)).status).to.equal(404)
      })
    })
  },
)

withGateway('front.sys.upload.index, off', (gateway) => {
  it('refuses every picture', async () => {
    const token = await (await gateway.addUser()).startSession()
    const body = new FormData()
    body.append('upfile', new Blob([new Uint8Array(png())]), 'a.png')
    const { text } = await gateway.request(path, { method: 'POST', body, headers: { Authorization: token } })
    expect(text).to.equal(refused)
  })
})
