/** A pair that may not be: dearer than any number of those that may. */
const FORBIDDEN = 1e6;

/**
 * The cheapest way to give columns to rows, each at most once, pairing as many as may be paired. Kuhn and
 * Munkres's method with potentials, O(rows² · columns).
 * @param costs by row and column, below 1000; undefined where the two may not be a pair
 * @returns column by row
 */
export function assign(costs: readonly (readonly (number | undefined)[])[]): Map<number, number> {
  const columns = costs[0]?.length ?? 0;
  if (costs.length > columns) return flip(assign(transpose(costs, columns)));
  const rowPotential = new Float64Array(costs.length + 1);
  const columnPotential = new Float64Array(columns + 1);
  // Rows and columns count from 1; column 0 stands for the row that looks for a column.
  const rowOf = new Int32Array(columns + 1);
  for (let row = 1; row <= costs.length; row += 1) {
    rowOf[0] = row;
    const { last, previous } = cheapestPath({ costs, rowOf, rowPotential, columnPotential });
    for (let column = last; column !== 0;) {
      const before = previous[column] ?? 0;
      rowOf[column] = rowOf[before] ?? 0;
      column = before;
    }
  }
  const pairs = new Map<number, number>();
  rowOf.forEach((row, column) => {
    if (column > 0 && row > 0 && costs[row - 1]?.[column - 1] !== undefined) pairs.set(row - 1, column - 1);
  });
  return pairs;
}

interface Search {
  costs: readonly (readonly (number | undefined)[])[];
  rowOf: Int32Array;
  rowPotential: Float64Array;
  columnPotential: Float64Array;
}

/** From the row in column 0 over taken columns to a free one; the potentials follow. */
function cheapestPath({ costs, rowOf, rowPotential, columnPotential }: Search): {
  last: number;
  previous: Int32Array;
} {
  const previous = new Int32Array(rowOf.length);
  const least = new Float64Array(rowOf.length).fill(Infinity);
  const visited = new Uint8Array(rowOf.length);
  let at = 0;
  while (rowOf[at] !== 0) {
    visited[at] = 1;
    const row = rowOf[at] ?? 0;
    let step = Infinity;
    let next = 0;
    for (let column = 1; column < rowOf.length; column += 1) {
      if (visited[column]) continue;
      const cost = costs[row - 1]?.[column - 1] ?? FORBIDDEN;
      const reduced = cost - (rowPotential[row] ?? 0) - (columnPotential[column] ?? 0);
      if (reduced < (least[column] ?? 0)) {
        least[column] = reduced;
        previous[column] = at;
      }
      if ((least[column] ?? 0) < step) {
        step = least[column] ?? 0;
        next = column;
      }
    }
    for (let column = 0; column < rowOf.length; column += 1) {
      if (visited[column]) {
        const visitedRow = rowOf[column] ?? 0;
        rowPotential[visitedRow] = (rowPotential[visitedRow] ?? 0) + step;
        columnPotential[column] = (columnPotential[column] ?? 0) - step;
      } else {
        least[column] = (least[column] ?? 0) - step;
      }
    }
    at = next;
  }
  return { last: at, previous };
}

function transpose<T>(rows: readonly (readonly T[])[], columns: number): T[][] {
  return Array.from({ length: columns }, (_, column) => rows.flatMap((row) => row.slice(column, column + 1)));
}

function flip(pairs: ReadonlyMap<number, number>): Map<number, number> {
  return new Map([...pairs].map(([row, column]) => [column, row]));
}
