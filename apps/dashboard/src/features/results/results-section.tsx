import type { ImageAnalysisView } from '@camfleet/protocol';
import { Alert, Checkbox, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { QueryList } from '../../components/query-list';
import { useImageAnalyses } from '../videos/use-findings';
import { useHasClassifier } from '../workers/use-workers';
import { OwnResults } from './own-results';
import { ResultCard } from './result-card';
import { disagreements, variantsOf } from './result-words';
import classes from './results.module.css';

/** What workers of somebody's own say; and what the classifiers say of each snapshot, one variant beside the other. */
export function ResultsSection({ videoId }: { videoId: string }) {
  return (
    <>
      <OwnResults videoId={videoId} />
      <NoClassifier />
      <QueryList
        query={useImageAnalyses(videoId)}
        loading="Loading results"
        empty={
          <Text size="sm" c="dimmed" py="md">
            No snapshot of this video waits for a classifier, nor was one looked at.
          </Text>
        }
      >
        {(analyses) => <Results analyses={analyses} />}
      </QueryList>
    </>
  );
}

function Results({ analyses }: { analyses: readonly ImageAnalysisView[] }) {
  const [differing, setDiffering] = useState(false);
  const variants = variantsOf(analyses);
  const shown = differing ? analyses.filter(({ results }) => disagreements(results).length > 0) : analyses;
  return (
    <>
      {variants.length > 1 && (
        <Group mb="sm">
          <Checkbox
            label={`Only where ${variants.join(' and ')} differ`}
            checked={differing}
            onChange={({ currentTarget }) => setDiffering(currentTarget.checked)}
          />
        </Group>
      )}
      {shown.length === 0 && (
        <Text size="sm" c="dimmed" py="md">
          They agree about every snapshot.
        </Text>
      )}
      <ul className={classes.list} aria-label="Results">
        {shown.map((analysis) => (
          <ResultCard key={analysis.id} analysis={analysis} variants={variants} />
        ))}
      </ul>
    </>
  );
}

/** Without one, snapshots wait and nothing is said of them. */
function NoClassifier() {
  if (useHasClassifier() !== false) return null;
  return (
    <Alert color="gray" mb="sm" title="No classifier is configured">
      Snapshots are not classified until a worker has a classifier: nothing is made up instead.
    </Alert>
  );
}
