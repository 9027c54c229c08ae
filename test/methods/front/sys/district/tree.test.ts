import { gunzipSync } from 'node:zlib'
import { get } from 'node:http'
import { expect } from 'chai'
import { insertDistricts } from '../../../../../db/districts.js'
import { withGateway } from '../../../../suite.js'

const path = '/front/sys/district/tree'

/** A district as JSON; `more` is what it has below. */
const district = (id: number, name: string, parent: number, level: number, more = '') =>
  `{"district_id":${id},"district_name":"${name}","district_parent_id":${parent},"district_level":${level},` +
  `"district_citycode":"","district_zipcode":"","district_lng":0,"district_lat":0,"district_sort":0${more}}`

const answer = (data: string) => `{"status":200,"code":0,"msg":"操作成功","data":${data},"error":null}`

withGateway('front.sys.district.tree', (gateway) => {
  const row = (district_id: number, district_name: string, parent: number, district_level: number) => ({
    district_id,
    district_name,
    district_parent_id: parent,
    district_level,
  })
  const tree = district(
    310000,
    '上海市',
    0,
    1,
    `,"children":[${district(310100, '上海市', 310000, 2, `,"children":[${district(310104, '徐汇区', 310100, 3)}]`)}]`,
  )

  it('answers an empty list where no districts were imported', async () => {
    expect((await gateway.request(path)).text).to.equal(answer('[]'))
  })

  it('answers three levels in their order, without children on the last', async () => {
    await insertDistricts(gateway.db, [
      row(310104, '徐汇区', 310100, 3),
      row(310100, '上海市', 310000, 2),
      row(310000, '上海市', 0, 1),
      row(310199, '某街道', 310104, 4),
      row(110000, '北京市', 0, 1),
    ])
    await gateway.db('sys_district_base').where({ district_id: 110000 }).update({
      district_sort: 1,
      district_citycode: '010',
      district_lng: 116.405285,
    })
    gateway.services.cache.drop('district-tree')
    const beijing = district(110000, '北京市', 0, 1)
      .replace('"district_sort":0', '"district_sort":1')
      .replace('"district_citycode":""', '"district_citycode":"010"')
      .replace('"district_lng":0', '"district_lng":116.405285')
    const { text } = await gateway.request(path, { headers: { 'Accept-Encoding': 'identity' } })
    expect(text).to.equal(answer(`[${tree},${beijing}]`))
    const ofGateway = await gateway.request('/gateway?method=front.sys.district.tree')
    expect(ofGateway.text).to.equal(`{"code":200,"data":[${tree},${beijing}],"message":"操作成功"}`)
  })

  it('may be kept by caches, and is not sent again to who has it', async () => {
    const { headers } = await gateway.request(path)
    expect(headers.get('cache-control')).to.equal('public, max-age=600')
    expect(headers.get('vary')).to.equal('Accept-Encoding, Origin')
    const tag = headers.get('etag') ?? ''
    expect(tag).to.match(/^W\/"[\w-]{22}"$/)
    for (const known of [tag, tag.slice(2), `"other", ${tag}`, '*']) {
      const again = await gateway.request(path, { headers: { 'If-None-Match': known } })
      expect([again.status, again.text], known).to.deep.equal([304, ''])
      expect(again.headers.get('etag')).to.equal(tag)
      expect(again.headers.get('cache-control')).to.equal('public, max-age=600')
    }
    expect((await gateway.request(path, { headers: { 'If-None-Match': '"other"' } })).status).to.equal(200)
    await gateway.db('sys_district_base').where({ district_id: 110000 }).delete()
    gateway.services.cache.drop('district-tree')
    expect((await gateway.request(path, { headers: { 'If-None-Match': tag } })).text).to.equal(
      answer(`[${tree}]`),
    )
  })

  it('is packed for who takes it so', async () => {
    const read = (accepted: string) =>
      new Promise<[string | undefined, Buffer]>((resolve, reject) => {
        get(`${gateway.url}${path}`, { headers: { 'Accept-Encoding': accepted } }, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => resolve([response.headers['content-encoding'], Buffer.concat(chunks)]))
        }).on('error', reject)
      })
    for (const accepted of ['gzip', 'br, gzip;q=0.5', 'deflate,GZIP']) {
      const [coding, body] = await read(accepted)
      expect(coding, accepted).to.equal('gzip')
      expect(gunzipSync(body).toString(), accepted).to.equal(answer(`[${tree}]`))
    }
    for (const plain of ['', 'br', 'gzip;q=0', 'gzip;q=0.0', 'xgzip']) {
      const [coding, body] = await read(plain)
      expect(coding, plain).to.equal(undefined)
      expect(body.toString(), plain).to.equal(answer(`[${tree}]`))
    }
  })

  it('takes GET only', async () => {
    expect((await gateway.request(path, { method: 'POST' })).status).to.equal(405)
  })
})
