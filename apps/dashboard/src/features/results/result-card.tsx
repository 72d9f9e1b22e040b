import type { ImageAnalysisView } from '@camfleet/protocol';
import { Badge, Table, Text } from '@mantine/core';
import { reasonInWords } from '../../api/error-words';
import { disagreements, linesOf } from './result-words';
import classes from './results.module.css';

export interface ResultCardProps {
  analysis: ImageAnalysisView;
  /** The columns, the same in every card. */
  variants: readonly string[];
}

const STATUS_WORDS: Readonly<Record<ImageAnalysisView['status'], string>> = {
  queued: 'Waits for a classifier',
  processing: 'Being classified',
  done: 'Done',
  error: 'Failed',
};

/** One snapshot, and what each variant says of it; where they differ is marked by word and weight. */
export function ResultCard({ analysis, variants }: ResultCardProps) {
  const { url, yoloType, trackId, status, error, results } = analysis;
  const title = `${yoloType} ${trackId}`;
  return (
    <li className={classes.card} aria-label={title}>
      <img className={classes.picture} src={url} alt={`Snapshot of ${title}`} loading="lazy" />
      <div className={classes.words}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        {results.length === 0 ? (
          <Text size="sm" c={status === 'error' ? 'red' : 'dimmed'}>
            {error === null ? STATUS_WORDS[status] : reasonInWords(error)}
          </Text>
        ) : (
          <Comparison analysis={analysis} variants={variants} />
        )}
      </div>
    </li>
  );
}

function Comparison({ analysis: { results }, variants }: ResultCardProps) {
  const differing = disagreements(results);
  const columns = variants.map((variant) => {
    const result = results.find((one) => one.variant === variant);
    return { variant, lines: result ? linesOf(result) : [] };
  });
  const labels = results[0] ? linesOf(results[0]).map(({ label }) => label) : [];
  return (
    <Table withRowBorders={false} verticalSpacing={2} horizontalSpacing={6} layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={64} />
          {columns.map(({ variant }) => (
            <Table.Th key={variant}>{variant}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {labels.map((label, index) => (
          <Table.Tr key={label}>
            <Table.Th c="dimmed" fw={500} fz="xs">
              {label}
            </Table.Th>
            {columns.map(({ variant, lines }) => (
              <Table.Td key={variant} className={classes.cell} data-differs={differing.includes(label)}>
                {(lines[index]?.said ?? []).map(({ words, conf }) => (
                  <div key={words}>
                    {words}{' '}
                    <Text size="xs" c="dimmed" component="span">
                      {conf === null ? '' : `${Math.round(conf * 100)}\u00a0%`}
                    </Text>
                  </div>
                ))}
                {lines[index]?.said.length === 0 && '–'}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
        {differing.length > 0 && (
          <Table.Tr>
            <Table.Td colSpan={columns.length + 1}>
              <Badge color="yellow" variant="light" tt="none" size="sm">
                {`They differ: ${differing.join(', ').toLowerCase()}`}
              </Badge>
            </Table.Td>
          </Table.Tr>
        )}
      </Table.Tbody>
    </Table>
  );
}
