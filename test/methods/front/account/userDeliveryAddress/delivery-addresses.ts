import { fieldRefused, paramRefusal } from '../../../../answers.js'
import type { HttpAnswer } from '../../../../fetch-answer.js'
import type { TestGateway } from '../../../../harness.js'

/** An address as the clients read it. */
export interface ShownAddress {
  readonly ud_id: number
  readonly user_id: number
  readonly [column: string]: unknown
}

/** What a client sends of an address in which everything is filled in. */
export const homeFields = {
  ud_name: '张三😀',
  ud_intl: '+86',
  ud_mobile: '13912345678',
  ud_telephone: '010-12345678',
  ud_province_id: '44',
  ud_city_id: '4403',
  ud_county_id: '440305',
  ud_province: '广东省',
  ud_city: '深圳市',
  ud_county: '南山区',
  ud_address: '科技园 1 栋 𠮷 😀',
  ud_postalcode: '518000',
  ud_tag_name: '1001',
  ud_longitude: '113.9305',
  ud_latitude: '22.533',
  ud_time: '2026-01-02 03:04:05',
  ud_is_default: 'true',
}

/** The same as it is answered, but for the ids. */
export const home = {
  ...homeFields,
  ud_province_id: 44,
  ud_city_id: 4403,
  ud_county_id: 440305,
  ud_longitude: 113.9305,
  ud_latitude: 22.533,
  ud_is_default: true,
  district_info: '广东省深圳市南山区',
}

/** What an address is answered as of which nothing was given, but for the ids and its time. */
export const blank = {
  ud_name: '',
  ud_intl: '+86',
  ud_mobile: '',
  ud_telephone: '',
  ud_province_id: 0,
  ud_city_id: 0,
  ud_county_id: 0,
  ud_province: '',
  ud_city: '',
  ud_county: '',
  ud_address: '',
  ud_postalcode: '',
  ud_tag_name: '',
  ud_longitude: 0,
  ud_latitude: 0,
  ud_is_default: false,
  district_info: '',
}

/** The address in a successful answer. */
export function addressOf({ json, text }: HttpAnswer): ShownAddress {
  if (json?.code !== 0) throw new Error(`no address: ${text}`)
  return json.data as ShownAddress
}

/** Ids of a user's default addresses, in the database. */
export async function defaultsOf({ services }: TestGateway, userId: number): Promise<number[]> {
  return services
    .db('account_user_delivery_address')
    .where({ user_id: userId, ud_is_default: 1 })
    .orderBy('ud_id')
    .pluck('ud_id')
}

/** Fields with their names in camelCase, as the document spells them. */
export function inCamelCase(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  )
}

/** What is refused of an address, by name: the fields, and what the message says of them. */
export const malformedFields: Readonly<Record<string, readonly [Record<string, string>, string]>> = {
  'a name of 21 characters': [{ ud_name: '名'.repeat(21) }, fieldRefused('收货人姓名不能超过20个字')],
  'a telephone of 31': [{ ud_telephone: '1'.repeat(31) }, fieldRefused('联系电话不能超过30个字')],
  'a province of 51': [{ ud_province: '省'.repeat(51) }, fieldRefused('省份不能超过50个字')],
  'a city of 51': [{ ud_city: '市'.repeat(51) }, fieldRefused('城市不能超过50个字')],
  'a county of 51': [{ ud_county: '县'.repeat(51) }, fieldRefused('区县不能超过50个字')],
  'a street of 256': [{ ud_address: '路'.repeat(256) }, fieldRefused('详细地址不能超过255个字')],
  'a postal code of 31': [{ ud_postalcode: '1'.repeat(31) }, fieldRefused('邮政编码不能超过30个字')],
  'a tag of 51': [{ ud_tag_name: '😀'.repeat(51) }, fieldRefused('地址标签不能超过50个字')],
  'a number of 2': [{ ud_mobile: '12' }, fieldRefused('手机号码格式不正确')],
  'a number of 21': [{ ud_mobile: '1'.repeat(21) }, fieldRefused('手机号码格式不正确')],
  'a number with letters': [{ ud_mobile: '139-CALL-ME' }, fieldRefused('手机号码格式不正确')],
  'a province that is no id': [
    { ud_province_id: '4.5' },
    paramRefusal('ud_province_id: integer from 0 to 2147483647'),
  ],
  'a city beyond its column': [
    { ud_city_id: '2147483648' },
    paramRefusal('ud_city_id: integer from 0 to 2147483647'),
  ],
  'a negative county': [{ ud_county_id: '-1' }, paramRefusal('ud_county_id: integer from 0 to 2147483647')],
  'a longitude in words': [{ ud_longitude: 'east' }, paramRefusal('ud_longitude: number')],
  'a latitude in hex': [{ ud_latitude: '0x10' }, paramRefusal('ud_latitude: number')],
  'a day that is none': [
    { ud_time: '2026-02-31' },
    paramRefusal(
      'ud_time: time as yyyy-MM-dd, yyyyMMdd or yyyy/MM/dd, with HH:mm:ss or without, or epoch milliseconds',
    ),
  ],
  'a default that is neither': [{ ud_is_default: 'maybe' }, paramRefusal('ud_is_default: boolean')],
}

/** The longest texts that fit, each character of four bytes. */
export const longestTexts = {
  ud_name: '😀'.repeat(20),
  ud_telephone: '1'.repeat(30),
  ud_province: '😀'.repeat(50),
  ud_city: '𠮷'.repeat(50),
  ud_county: '😀'.repeat(50),
  ud_address: '😀'.repeat(255),
  ud_postalcode: '😀'.repeat(30),
  ud_tag_name: '😀'.repeat(50),
  ud_mobile: '+1 (234) 567-890 123',
}
