import { Table } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  readonly label: string
  readonly heads: readonly string[]
  /** The cells of each row. */
  readonly rows: readonly (readonly ReactNode[])[]
}

/** A table whose words stay whole: where the window is narrower it scrolls by itself, by keyboard too. */
export function DataTable({ label, heads, rows }: Props) {
  return (
    <div className="table" tabIndex={0} role="region" aria-label={label}>
      <Table className="cells">
        <Table.Thead>
          <Table.Tr>
            {heads.map((head) => (
              <Table.Th key={head}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((cells, row) => (
            <Table.Tr key={row}>
              {cells.map((cell, at) => (
                <Table.Td key={heads[at]}>{cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}
