import { Group, Text, Title, VisuallyHidden } from '@mantine/core';
import { useId } from 'react';
import { WorkerCard } from '../workers/worker-card';
import classes from './fleet.module.css';
import type { Site } from './sites';

/** The workers of one site. Where no worker names a site, no site is spoken of. */
export function SiteSection({ site, alone }: { site: Site; alone: boolean }) {
  const id = useId();
  const online = site.workers.filter(({ state }) => state === 'online').length;
  const plain = alone && site.id === null;
  const title = plain ? 'Workers' : site.id === null ? 'Without a site' : `Site ${site.id}`;
  return (
    <section aria-labelledby={id} style={{ marginBottom: 24 }}>
      {plain ? (
        <VisuallyHidden>
          <h2 id={id}>{title}</h2>
        </VisuallyHidden>
      ) : (
        <Group gap="xs" mb="xs" align="baseline">
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          <Text size="sm" c="dimmed">{`${online} of ${site.workers.length} online`}</Text>
        </Group>
      )}
      <div className={classes.workers}>
        {site.workers.map((worker) => (
          <WorkerCard key={worker.id} worker={worker} />
        ))}
      </div>
    </section>
  );
}
