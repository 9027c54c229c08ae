/** Built from the real schema of the old shop (schema.json): all 44 tables, each column with its own type, default and key. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../whole/architecture/source-tree.js'

export interface OldColumn {
  readonly name: string
  readonly type: string
  readonly null: boolean
  readonly default?: string
  readonly extra?: string
  readonly collation?: string
}

export interface OldTable {
  readonly engine: string
  readonly collation: string
  readonly columns: readonly OldColumn[]
  readonly keys: Readonly<Record<string, { readonly unique: boolean; readonly columns: readonly string[] }>>
}

export type OldSchema = Readonly<Record<string, OldTable>>

/** The schema as the shop has it. */
export function readOldSchema(): OldSchema {
  return JSON.parse(
    readFileSync(join(projectRoot(), 'test/servers/old-shop/schema.json'), 'utf8'),
  ) as OldSchema
}

/** What a shop may have changed; gets the real schema and answers its own. */
export type Variant = (schema: OldSchema) => OldSchema

/** Changes columns by `table.column`: some of their properties, or null to leave one out. */
export const withColumns =
  (changes: Readonly<Record<string, Partial<OldColumn> | null>>): Variant =>
  (schema) =>
    mapTables(schema, (name, table) => ({
      ...table,
      columns: table.columns.flatMap((column) => {
        const change = changes[`${name}.${column.name}`]
        return change === null ? [] : [{ ...column, ...change }]
      }),
    }))

const narrow = (collation: string) => collation.replace('utf8mb4', 'utf8mb3')

export const variants = {
  'as it is': (schema: OldSchema) => schema,
  'of utf8mb3': (schema: OldSchema) =>
    mapTables(schema, (_, table) => ({
      ...table,
      collation: narrow(table.collation),
      columns: table.columns.map((column) =>
        column.collation === undefined ? column : { ...column, collation: narrow(column.collation) },
      ),
    })),
  'without some columns': withColumns({
    'account_user_info.tag_ids': null,
    'account_user_login.user_clientid': null,
    'account_user_message.message_data_id': null,
    'account_user_delivery_address.ud_time': null,
    'account_user_invoice.invoice_contact_area': null,
  }),
  'with a column of an unknown type': withColumns({
    'account_user_info.user_mobile': { type: 'bigint(20)', default: '0' },
    'account_user_login.user_reg_time': { type: 'varchar(20)', default: "''" },
  }),
} as const satisfies Record<string, Variant>

/** The same shop with every flag, time and date in another of the forms that we read, and with nulls. */
export const otherForms: Variant = withColumns({
  'account_user_message.message_is_read': { type: "enum('0','1')", default: "'0'" },
  'account_user_message.message_is_delete': { type: 'char(1)', default: "'0'" },
  'account_user_message.message_time': { type: 'bigint(13)', default: '0' },
  'account_user_delivery_address.ud_is_default': { type: 'varchar(5)', default: "'0'" },
  'account_user_delivery_address.ud_time': { type: 'datetime', default: 'current_timestamp()' },
  'account_user_delivery_address.ud_city': { null: true, default: 'NULL' },
  'account_user_invoice.invoice_datetime': { type: 'bigint(20)', default: '0', extra: '' },
  'account_user_invoice.invoice_is_company': { type: 'tinyint(1)', default: '1' },
  'account_user_bind_connect.bind_time': { type: 'int(11) unsigned', default: '0' },
  'account_user_bind_connect.bind_active': { type: "enum('1','0')", default: "'0'" },
  'account_user_info.user_birthday': { type: 'datetime', default: "'2000-01-01 00:00:00'" },
  'account_user_info.user_avatar': { null: true, default: 'NULL' },
  'account_user_info.user_new': { type: 'char(1)', default: "'1'" },
  'account_user_login.user_reg_time': { type: 'datetime', default: 'current_timestamp()' },
  'account_user_login.user_lastlogin_time': { type: 'int(10) unsigned', default: '0' },
  'account_user_login_history.user_login_time': { type: 'timestamp', default: 'current_timestamp()' },
  'pay_user_points_history.points_log_time': { type: 'int(11)', default: '0' },
  'sys_config_base.config_enable': { type: 'tinyint(1)', default: '1' },
})

/** The statements that make the tables. */
export function createStatements(schema: OldSchema): string[] {
  return Object.entries(schema).map(([name, table]) => {
    const columns = table.columns.map((column) => columnOf(column))
    const present = new Set(table.columns.map(({ name }) => name))
    const keys = Object.entries(table.keys)
      .filter(([, { columns }]) => columns.every((column) => present.has(column)))
      .map(([key, { unique, columns }]) => {
        const list = columns.map((column) => `\`${column}\`${prefixOf(table, column)}`).join(', ')
        if (key === 'PRIMARY') return `PRIMARY KEY (${list})`
        return `${unique ? 'UNIQUE KEY' : 'KEY'} \`${key}\` (${list})`
      })
    const charset = table.collation.replace(/_.*/, '')
    return `CREATE TABLE \`${name}\` (${[...columns, ...keys].join(', ')}) ENGINE=${table.engine} DEFAULT CHARSET=${charset} COLLATE=${table.collation}`
  })
}

/** InnoDB takes no more than the first 3072 bytes of a key; the dump does not say how many the shop's own has. */
function prefixOf(table: OldTable, name: string): string {
  const type = table.columns.find((column) => column.name === name)?.type ?? ''
  return Number(/^varchar\((\d+)\)/.exec(type)?.[1] ?? 0) > 500 ? '(255)' : ''
}

function columnOf({ name, type, null: isNullable, default: initial, extra, collation }: OldColumn): string {
  return [
    `\`${name}\` ${type}`,
    ...(collation === undefined ? [] : [`COLLATE ${collation}`]),
    isNullable ? 'NULL' : 'NOT NULL',
    ...(initial === undefined ? [] : [`DEFAULT ${initial}`]),
    ...(extra ? [extra] : []),
    `COMMENT '${name}?'`,
  ].join(' ')
}

function mapTables(schema: OldSchema, map: (name: string, table: OldTable) => OldTable): OldSchema {
  return Object.fromEntries(Object.entries(schema).map(([name, table]) => [name, map(name, table)]))
}
