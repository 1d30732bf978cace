// A table for administration lists: columns with headings, rows that can be opened, skeleton, empty and failed states.
import { Skeleton, Table } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./data-table.module.css";
import { Delayed, ErrorState } from "./states.tsx";

export interface Column<T> {
  key: string;
  title: string;
  cell: (row: T) => ReactNode;
  width?: number | string;
  align?: "left" | "right";
  /** Hidden on a phone. */
  secondary?: boolean;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[] | undefined;
  rowKey: (row: T) => string;
  onOpen?: (row: T) => void;
  error?: unknown;
  retry?: () => void;
  empty: ReactNode;
  rowTestId?: string;
}

const size = (width: number | string | undefined) => (typeof width === "number" ? `${width}px` : width);

export function DataTable<T>({
  label,
  columns,
  rows,
  rowKey,
  onOpen,
  error,
  retry,
  empty,
  rowTestId,
}: Props<T>) {
  if (error && !rows) return <ErrorState error={error} retry={retry} />;
  if (rows?.length === 0) return <>{empty}</>;
  return (
    <div className={styles.frame}>
      <Table
        className={styles.table}
        aria-label={label}
        verticalSpacing={10}
        horizontalSpacing="md"
        highlightOnHover={onOpen !== undefined}
      >
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th
                key={column.key}
                style={{ "--column": size(column.width) }}
                ta={column.align}
                data-secondary={column.secondary || undefined}
              >
                {column.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows?.map((row) => (
            <Table.Tr
              key={rowKey(row)}
              data-testid={rowTestId}
              data-clickable={onOpen ? true : undefined}
              onClick={(event) => {
                if (event.target instanceof Element && event.target.closest("a, button, input, label"))
                  return;
                onOpen?.(row);
              }}
            >
              {columns.map((column) => (
                <Table.Td key={column.key} ta={column.align} data-secondary={column.secondary || undefined}>
                  {column.cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {!rows && (
        <Delayed>
          <div className={styles.skeletons}>
            {[72, 54, 63, 48, 60].map((width) => (
              <Skeleton key={width} height={16} width={`${width}%`} />
            ))}
          </div>
        </Delayed>
      )}
    </div>
  );
}
