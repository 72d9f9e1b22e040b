import { VIDEO_STATUSES, type Video } from '@camfleet/protocol';
import { Select } from '@mantine/core';
import { IconMovie } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { EmptyState } from '../components/empty-state';
import { ErrorState } from '../components/error-state';
import { ListSkeleton } from '../components/list-skeleton';
import { LoadMore } from '../components/load-more';
import { PageHeader } from '../components/page-header';
import { useMay } from '../features/session/session';
import { UploadPanel } from '../features/uploads/upload-panel';
import { AnalyseModal } from '../features/videos/analyse-modal';
import { DeleteVideoModal } from '../features/videos/delete-video-modal';
import { useVideos } from '../features/videos/use-videos';
import { VideoList } from '../features/videos/video-list';
import { videoStatusInWords } from '../features/videos/video-status';

/** Recordings: they come in, are looked through, and are listed. */
export function VideosPage() {
  const mayUpload = useMay('operator');
  const [search, setSearch] = useSearchParams();
  const status = VIDEO_STATUSES.find((known) => known === search.get('status'));
  const query = useVideos(status);
  const [analysed, setAnalysed] = useState<Video | null>(null);
  const [doomed, setDoomed] = useState<Video | null>(null);
  const videos = query.data?.pages.flatMap(({ items }) => items);
  const filterable = status !== undefined || (videos?.length ?? 0) > 0;
  return (
    <>
      <PageHeader title="Videos">
        {filterable && (
          <Select
            aria-label="Status"
            placeholder="Every status"
            data={VIDEO_STATUSES.map((value) => ({ value, label: videoStatusInWords(value) }))}
            value={status ?? null}
            onChange={(chosen) => setSearch(chosen ? { status: chosen } : {}, { replace: true })}
            clearable
            clearButtonProps={{ 'aria-label': 'Every status' }}
            w={190}
          />
        )}
      </PageHeader>
      {mayUpload && <UploadPanel />}
      {query.isPending && <ListSkeleton label="Loading videos" height={72} />}
      {query.isError && !query.data && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {videos?.length === 0 && <NoVideos filtered={status !== undefined} mayUpload={mayUpload} />}
      {videos && videos.length > 0 && (
        <>
          <VideoList videos={videos} onAnalyse={setAnalysed} onDelete={setDoomed} />
          <LoadMore words="Show more" query={query} />
        </>
      )}
      <AnalyseModal video={analysed} onClose={() => setAnalysed(null)} />
      <DeleteVideoModal video={doomed} onClose={() => setDoomed(null)} />
    </>
  );
}

function NoVideos({ filtered, mayUpload }: { filtered: boolean; mayUpload: boolean }) {
  if (filtered)
    return <EmptyState icon={IconMovie} title="No such video" text="Choose another status, or none." />;
  return (
    <EmptyState
      icon={IconMovie}
      title="No videos yet"
      text={
        mayUpload
          ? 'Drop recordings above. People, vehicles and faces in them are found by the same workers that watch cameras.'
          : 'An operator can upload the first one.'
      }
    />
  );
}
