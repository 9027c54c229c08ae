import { Table } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  readonly label: string
  readonly heads: readonly string[]
  /** The cells of each row. */
  readonly rows: readonly (readonly ReactNode[])[]
}

/** As long as a moment, a number with its country or the name of a limit, in characters. */
const mostOfShort = 28

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
                <Table.Td key={heads[at]} {...(isShort(cell) && { className: 'short' })}>
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

/** A moment, a number or a word, which stays on one line. */
function isShort(cell: ReactNode): boolean {
  return typeof cell === 'number' || (typeof cell === 'string' && cell.length <= mostOfShort)
}
