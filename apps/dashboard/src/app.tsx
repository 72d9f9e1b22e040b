import { Navigate, Route, Routes } from 'react-router';
import { RequireSession } from './features/session/require-session';
import { Shell } from './features/shell/shell';
import { CamerasPage } from './pages/cameras-page';
import { EventsPage } from './pages/events-page';
import { FleetPage } from './pages/fleet-page';
import { JobsPage } from './pages/jobs-page';
import { LivePage } from './pages/live-page';
import { LoginPage } from './pages/login-page';
import { NotFoundPage } from './pages/not-found-page';
import { PeoplePage } from './pages/people-page';
import { PersonPage } from './pages/person-page';
import { SearchPage } from './pages/search-page';
import { SettingsPage } from './pages/settings-page';
import { UnknownPage } from './pages/unknown-page';
import { VideoPage } from './pages/video-page';
import { VideosPage } from './pages/videos-page';

export function App() {
  return (
    <Routes>
      <Route path="/login" element={<LoginPage />} />
      <Route element={<RequireSession />}>
        <Route element={<Shell />}>
          <Route index element={<LivePage />} />
          <Route path="cameras" element={<CamerasPage />} />
          <Route path="videos" element={<VideosPage />} />
          <Route path="videos/:videoId" element={<VideoPage />} />
          <Route path="events" element={<EventsPage />} />
          <Route path="people" element={<PeoplePage />} />
          <Route path="people/:personId" element={<PersonPage />} />
          <Route path="unknown" element={<UnknownPage />} />
          <Route path="search" element={<SearchPage />} />
          <Route path="fleet" element={<FleetPage />} />
          <Route path="workers" element={<Navigate to="/fleet" replace />} />
          <Route path="jobs" element={<JobsPage />} />
          <Route path="settings" element={<SettingsPage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Route>
    </Routes>
  );
}
