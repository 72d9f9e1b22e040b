import { existsSync } from 'node:fs';
import { spawned } from './run.mjs';
import { say } from './steps.mjs';

/** Debian's packages that the tests start as real peers, and how to see that they are there. */
const SERVERS = [
  { packages: ['redis-server'], has: () => onPath('redis-server') },
  { packages: ['chromium'], has: () => onPath('chromium') },
  { packages: ['iproute2'], has: () => onPath('ip') },
  { packages: ['ffmpeg'], has: () => onPath('ffmpeg') },
  { packages: ['python3'], has: () => onPath('python3') },
  {
    packages: ['python3-swift'],
    has: () => succeeds('/usr/bin/python3', ['-c', 'import swift.obj.mem_server']),
  },
  {
    packages: ['opencv-data'],
    has: () => existsSync('/usr/share/opencv4/lbpcascades/lbpcascade_frontalface.xml'),
  },
  {
    packages: ['nginx-core', 'libnginx-mod-rtmp'],
    has: () => existsSync('/usr/sbin/nginx') && existsSync('/usr/lib/nginx/modules/ngx_rtmp_module.so'),
  },
  {
    packages: [
      'python3-gi',
      'gir1.2-gst-rtsp-server-1.0',
      'gstreamer1.0-plugins-base',
      'gstreamer1.0-plugins-good',
      'gstreamer1.0-plugins-bad',
      'gstreamer1.0-plugins-ugly',
      'gstreamer1.0-rtsp',
    ],
    has: () =>
      succeeds('/usr/bin/python3', [
        '-c',
        'import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import GstRtspServer',
      ]),
  },
];

/** Installs what is missing, where this account may; else says what the tests that need it will fail for. */
export async function bringTestServers() {
  const missing = [];
  for (const server of SERVERS) if (!(await server.has())) missing.push(...server.packages);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !(await onPath('apt-get'))) {
    say(
      `Missing, and not to be installed by this account: ${missing.join(' ')}. The tests that need them will fail.`,
    );
    return;
  }
  say(`Installing for the tests: ${missing.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await spawned('apt-get', ['update', '-qq'], { quiet: true, env });
  const { code, output } = await spawned(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', ...missing],
    {
      quiet: true,
      env,
    },
  );
  if (code !== 0) say(`They could not be installed; the tests that need them will fail.\n${output}`);
}

function onPath(program) {
  return succeeds('sh', ['-c', `command -v ${program}`]);
}

async function succeeds(command, args) {
  return (await spawned(command, args, { quiet: true })).code === 0;
}
