/** The dot product of every row with the query, as anyone would write it. */
export function scalarScores(matrix: Float32Array, query: Float32Array): Float32Array {
  const dimensions = query.length;
  const scores = new Float32Array(matrix.length / dimensions);
  for (let row = 0, at = 0; row < scores.length; row++) {
    let sum = 0;
    for (let index = 0; index < dimensions; index++) sum += (matrix[at++] ?? 0) * (query[index] ?? 0);
    scores[row] = sum;
  }
  return scores;
}
