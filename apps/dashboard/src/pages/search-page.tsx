import { Button, Center, Group, Loader, Text } from '@mantine/core';
import { IconPhotoOff, IconPhotoSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { errorInWords, isApiError } from '../api/api-error';
import type { FaceSearchFilter } from '../api/people';
import { BlobImage } from '../components/blob-image';
import { EmptyState } from '../components/empty-state';
import { ErrorState } from '../components/error-state';
import { PageHeader } from '../components/page-header';
import { PhotoDrop } from '../components/photo-drop';
import { SearchFilter } from '../features/face-search/search-filter';
import { SearchResults } from '../features/face-search/search-results';
import { useFaceSearch, type SearchSubject } from '../features/face-search/use-face-search';
import { uprightPhoto } from '../features/people/upright-photo';
import classes from '../features/people/people.module.css';
import { usePerson } from '../features/people/use-people';
import { PersonPicture } from '../features/people/person-picture';

let photos = 0;

/** Who looks like the face of a photo, of an event (`?event=`) or of a person (`?person=`). */
export function SearchPage() {
  const [search, setSearch] = useSearchParams();
  const [photo, setPhoto] = useState<SearchSubject | null>(null);
  const [filter, setFilter] = useState<FaceSearchFilter>({});
  const [eventId, personId] = [search.get('event'), search.get('person')];
  const person = usePerson(personId ?? undefined);
  const pictureUrl = person.data?.pictureUrl;
  const subject = useMemo<SearchSubject | null>(() => {
    if (eventId !== null) return { key: `event ${eventId}`, source: { eventId } };
    if (personId === null) return photo;
    return pictureUrl === undefined ? null : { key: `picture ${pictureUrl}`, source: { pictureUrl } };
  }, [eventId, personId, pictureUrl, photo]);
  const found = useFaceSearch(subject, filter);
  async function take([file]: readonly File[]) {
    if (!file) return;
    setPhoto({ key: `photo ${++photos}`, source: { photo: await uprightPhoto(file) } });
    setSearch({});
  }
  return (
    <>
      <PageHeader title="Search" />
      {subject ? (
        <Group gap="md" wrap="nowrap">
          <SubjectPicture subject={subject} />
          <div>
            <Text size="sm" mb={6}>
              Who looks like this?
            </Text>
            <Button
              variant="default"
              size="compact-md"
              onClick={() => {
                setPhoto(null);
                setSearch({});
              }}
            >
              Another photo
            </Button>
          </div>
        </Group>
      ) : (
        <PhotoDrop words="Drop a photo here to find whom it shows" onPhotos={(files) => void take(files)} />
      )}
      {subject && <SearchFilter filter={filter} onChange={setFilter} />}
      {!subject && (
        <EmptyState
          icon={IconPhotoSearch}
          title="Find somebody by a photo"
          text="Known people, and everybody whom a camera saw. «Find more» at an event looks for the face of that event."
        />
      )}
      {subject && found.isPending && (
        <Center py="xl" role="status" aria-label="Searching">
          <Loader />
        </Center>
      )}
      {found.isError &&
        !found.data &&
        (isRefusal(found.error) ? (
          <EmptyState
            icon={IconPhotoOff}
            title="This picture cannot be searched for"
            text={errorInWords(found.error)}
          />
        ) : (
          <ErrorState error={found.error} onRetry={() => void found.refetch()} />
        ))}
      {subject && found.data && <SearchResults answer={found.data} />}
    </>
  );
}

/** Of such a picture every try would end alike. */
const isRefusal = (error: unknown) => isApiError(error) && [400, 404, 413, 415, 422].includes(error.status);

function SubjectPicture({ subject: { source } }: { subject: SearchSubject }) {
  const alt = 'Whom is searched for';
  if ('photo' in source)
    return (
      <span className={`${classes.picture ?? ''} ${classes.large ?? ''}`}>
        <BlobImage blob={source.photo} alt={alt} />
      </span>
    );
  const url =
    'pictureUrl' in source
      ? source.pictureUrl
      : `/api/events/${encodeURIComponent(source.eventId)}/snapshot.jpg`;
  return <PersonPicture url={url} alt={alt} className={classes.large} />;
}
