import type { VideoAnalysis } from '@camfleet/protocol';
import { Text } from '@mantine/core';
import { analysisInWords } from './analysis-in-words';
import { useVideo } from './use-videos';

export interface NotYetProps {
  videoId: string;
  analysis: VideoAnalysis;
  /** What it means when the analysis is done. */
  none: string;
}

/** Why there is nothing: not asked for, not done yet, failed, or nothing there. */
export function NotYet({ videoId, analysis, none }: NotYetProps) {
  const { data: video } = useVideo(videoId);
  const state = video?.jobs.find(({ analysisType }) => analysisType === analysis)?.state;
  return (
    <Text size="sm" c="dimmed" py="md">
      {wordsOf(state, { name: analysisInWords(analysis), none })}
    </Text>
  );
}

function wordsOf(
  state: 'queued' | 'leased' | 'done' | 'dead' | undefined,
  { name, none }: { name: string; none: string },
): string {
  switch (state) {
    case 'done':
      return none;
    case 'dead':
      return `${name} could not be looked for: the jobs of this video say why.`;
    case undefined:
      return `Nobody has looked for this yet. Analyse the video with «${name}».`;
    default:
      return 'A worker is looking. What it finds appears here by itself.';
  }
}
