import { Navigate, Outlet, useLocation } from 'react-router';
import { ErrorState } from '../../components/error-state';
import { PageLoader } from '../../components/page-loader';
import { FleetLogProvider } from '../fleet/fleet-log-provider';
import { LiveProvider } from '../live/live-provider';
import { UploadsProvider } from '../uploads/uploads-provider';
import { useMe } from './session';

/** Everything but the log-in: shown once somebody is signed in, and live from then on. */
export function RequireSession() {
  const me = useMe();
  const { pathname, search } = useLocation();
  if (me.isPending) return <PageLoader />;
  if (me.data === null) return <Navigate to="/login" replace state={{ from: pathname + search }} />;
  if (!me.data) return <ErrorState error={me.error} onRetry={() => void me.refetch()} />;
  return (
    <LiveProvider key={me.data.id}>
      <FleetLogProvider>
        <UploadsProvider userId={me.data.id}>
          <Outlet />
        </UploadsProvider>
      </FleetLogProvider>
    </LiveProvider>
  );
}
