import { Table } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  readonly label: string
  readonly heads: readonly string[]
  /** The cells of each row. */
  readonly rows: readonly (readonly ReactNode[])[]
}

/** A table that scrolls by itself, by keyboard too, where the window is narrower. Rows do not change places. */
export function WideTable({ label, heads, rows }: Props) {
  return (
    <div className="table" tabIndex={0} role="region" aria-label={label}>
      <Table>
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
                <Table.Td key={heads[at]} className="name">
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}
