import { PageHeader } from '../components/page-header';
import { useVisitFilter } from '../features/events/use-visit-filter';
import { VisitFilterBar } from '../features/events/visit-filter-bar';
import { VisitList } from '../features/events/visit-list';

export function EventsPage() {
  const [filter, changeFilter] = useVisitFilter();
  return (
    <>
      <PageHeader title="Events" />
      <VisitFilterBar filter={filter} onChange={changeFilter} />
      <VisitList key={JSON.stringify(filter)} filter={filter} />
    </>
  );
}
