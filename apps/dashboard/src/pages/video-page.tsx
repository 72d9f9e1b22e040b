import type { Video } from '@camfleet/protocol';
import { Anchor, Button, Group, Skeleton, Stack, Tabs, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconScan, IconTrash } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Link, useLocation, useNavigate, useParams, useSearchParams } from 'react-router';
import { ErrorState } from '../components/error-state';
import { localDateTime } from '../components/time';
import { Timeline } from '../features/player/timeline';
import { usePlayer, type Player } from '../features/player/use-player';
import { VideoPlayer } from '../features/player/video-player';
import { ResultsSection } from '../features/results/results-section';
import { useMay } from '../features/session/session';
import { AnalyseModal } from '../features/videos/analyse-modal';
import { DeleteVideoModal } from '../features/videos/delete-video-modal';
import { FacesSection } from '../features/videos/faces-section';
import { FramesSection } from '../features/videos/frames-section';
import { LogSection } from '../features/videos/log-section';
import { SnapshotsSection } from '../features/videos/snapshots-section';
import { useTracks } from '../features/videos/use-findings';
import { useVideo } from '../features/videos/use-videos';
import { VideoJobs } from '../features/videos/video-jobs';
import { VideoState, isRefused } from '../features/videos/video-status';
import { extentInWords, formatInWords } from '../features/videos/video-words';
import classes from '../features/videos/videos.module.css';

/** One recording: played with what was found in it. */
export function VideoPage() {
  const { videoId = '' } = useParams();
  const video = useVideo(videoId);
  return (
    <>
      <title>{`${video.data?.fileName ?? 'Video'} · Camfleet`}</title>
      <Anchor component={Link} to="/videos" size="sm" style={{ display: 'inline-flex', gap: 4 }} mb="sm">
        <IconArrowLeft size={18} aria-hidden /> All videos
      </Anchor>
      {video.isPending && <Skeleton h={360} role="status" aria-label="Loading the video" />}
      {video.isError && !video.data && (
        <ErrorState error={video.error} onRetry={() => void video.refetch()} />
      )}
      {video.data && <Recording key={videoId} video={video.data} />}
    </>
  );
}

function Recording({ video }: { video: Video }) {
  const [search] = useSearchParams();
  // An event leads to its second.
  const [startMs] = useState(() => Number(search.get('at')) || 0);
  const player = usePlayer(startMs, video.firstPictureMs);
  useFollowedPlace(player);
  const { tracks, loading, isCut, error, retry } = useTracks(video.id);
  const durationMs = useMemo(
    () => tracks.reduce((longest, { endMs }) => Math.max(longest, endMs), video.durationMs ?? 0),
    [tracks, video.durationMs],
  );
  if (isRefused(video))
    return (
      <Stack gap="md">
        <Heading video={video} />
        <Text size="sm">The file was not kept. What happened to it:</Text>
        <LogSection videoId={video.id} />
      </Stack>
    );
  return (
    <Stack gap="md">
      <Heading video={video} />
      <div className={classes.columns}>
        <Stack gap="sm" style={{ minWidth: 0 }}>
          <VideoPlayer video={video} hasTracks={tracks.length > 0} player={player} />
          {tracks.length > 0 && (
            <Timeline tracks={tracks} durationMs={durationMs} player={player} loading={loading} />
          )}
          {isCut && (
            <Text size="xs" c="dimmed">
              {`More was found than is shown here: these are the first ${tracks.length.toLocaleString()}.`}
            </Text>
          )}
          {error && <ErrorState error={error} onRetry={() => void retry()} />}
          <Findings videoId={video.id} onSeek={player.seek} />
        </Stack>
        <aside aria-label="Jobs of this video">
          <Title order={2} size="h5" mb={4}>
            Jobs
          </Title>
          <VideoJobs video={video} />
        </aside>
      </div>
    </Stack>
  );
}

/** A link from this page to a second of it moves the player, pressed again too. */
function useFollowedPlace({ seek }: Player): void {
  const { key, search } = useLocation();
  const followed = useRef(key);
  useEffect(() => {
    const at = new URLSearchParams(search).get('at');
    // Where the page was opened the player begins by itself.
    if (followed.current !== key && at !== null) seek(Number(at) || 0);
    followed.current = key;
  }, [key, search, seek]);
}

function Heading({ video }: { video: Video }) {
  const mayAnalyse = useMay('operator');
  const mayDelete = useMay('admin');
  const navigate = useNavigate();
  const [analysed, setAnalysed] = useState<Video | null>(null);
  const [doomed, setDoomed] = useState<Video | null>(null);
  const recorded = video.recordedAt && `Recorded ${localDateTime(video.recordedAt)}`;
  return (
    <Group justify="space-between" align="flex-start" gap="sm">
      <div style={{ flex: '1 1 300px', minWidth: 0 }}>
        <Title order={1} size="h3" style={{ overflowWrap: 'anywhere' }}>
          {video.fileName}
        </Title>
        <Text size="sm" c="dimmed" mb={6}>
          {[extentInWords(video), formatInWords(video), recorded].filter(Boolean).join(' · ')}
        </Text>
        <VideoState video={video} />
      </div>
      {mayAnalyse && (
        <Group gap="xs">
          {!isRefused(video) && (
            <Button leftSection={<IconScan size={17} aria-hidden />} onClick={() => setAnalysed(video)}>
              Analyse
            </Button>
          )}
          {mayDelete && (
            <Button
              variant="default"
              leftSection={<IconTrash size={17} aria-hidden />}
              onClick={() => setDoomed(video)}
            >
              Delete
            </Button>
          )}
        </Group>
      )}
      <AnalyseModal video={analysed} onClose={() => setAnalysed(null)} />
      <DeleteVideoModal
        video={doomed}
        onClose={() => setDoomed(null)}
        onDeleted={() => void navigate('/videos', { replace: true })}
      />
    </Group>
  );
}

const TABS = ['frames', 'snapshots', 'faces', 'results', 'log'] as const;
const TAB_WORDS: Readonly<Record<(typeof TABS)[number], string>> = {
  frames: 'Frames',
  snapshots: 'Snapshots',
  faces: 'Faces',
  results: 'Results',
  log: 'Log',
};

/** Which one is open stands in the address. */
function Findings({ videoId, onSeek }: { videoId: string; onSeek: (timeMs: number) => void }) {
  const [search, setSearch] = useSearchParams();
  const open = TABS.find((tab) => tab === search.get('show')) ?? 'frames';
  return (
    <Tabs
      value={open}
      onChange={(tab) => setSearch(tab && tab !== 'frames' ? { show: tab } : {}, { replace: true })}
      keepMounted={false}
    >
      <Tabs.List mb="sm">
        {TABS.map((tab) => (
          <Tabs.Tab key={tab} value={tab} className={classes.tab}>
            {TAB_WORDS[tab]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="frames">
        <FramesSection videoId={videoId} onSeek={onSeek} />
      </Tabs.Panel>
      <Tabs.Panel value="snapshots">
        <SnapshotsSection videoId={videoId} onSeek={onSeek} />
      </Tabs.Panel>
      <Tabs.Panel value="faces">
        <FacesSection videoId={videoId} />
      </Tabs.Panel>
      <Tabs.Panel value="results">
        <ResultsSection videoId={videoId} />
      </Tabs.Panel>
      <Tabs.Panel value="log">
        <LogSection videoId={videoId} />
      </Tabs.Panel>
    </Tabs>
  );
}
