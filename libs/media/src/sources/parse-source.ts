import { createHash } from 'node:crypto';
import { SOURCE_SCHEMES, type SourceError, type SourceScheme, type SourceSettings } from '@camfleet/domain';
import { sourceError } from './source-failure';

export interface Credentials {
  username: string;
  password: string;
}

interface NetworkSource {
  scheme: Exclude<SourceScheme, 'file' | 'device'>;
  /** Without user name and password. */
  url: string;
  transport: 'tcp' | 'udp';
  credentials?: Credentials;
}

/** `path` as it was written; where it leads is checked when it is opened. */
interface FileSource {
  scheme: 'file';
  path: string;
}

interface DeviceSource {
  scheme: 'device';
  path: string;
}

export type ParsedSource = NetworkSource | FileSource | DeviceSource;

const MAX_URL_CHARACTERS = 2048;

function invalid(sentence: string): SourceError {
  return sourceError('SOURCE_INVALID', sentence);
}

function schemeOf(url: string): SourceScheme {
  const name = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  const scheme = SOURCE_SCHEMES.find((known) => known === name);
  if (!scheme) throw invalid(`The address must begin with one of ${SOURCE_SCHEMES.join(', ')}.`);
  return scheme;
}

function decodeUserInfo(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parseNetwork(settings: SourceSettings, scheme: NetworkSource['scheme']): NetworkSource {
  let url: URL;
  try {
    url = new URL(settings.url);
  } catch {
    throw invalid('The address cannot be read.');
  }
  if (url.hostname === '') throw invalid('The address names no host.');
  const username = settings.username ?? decodeUserInfo(url.username);
  const password = settings.password ?? decodeUserInfo(url.password);
  url.username = '';
  url.password = '';
  return {
    scheme,
    url: url.href,
    transport: settings.transport ?? 'tcp',
    ...(username || password ? { credentials: { username, password } } : {}),
  };
}

/**
 * Validates where a camera's video is pulled from. User name and password in the URL are taken out of it.
 * @throws SourceError `SOURCE_INVALID`
 */
export function parseSource(settings: SourceSettings): ParsedSource {
  const text = settings.url.trim();
  // eslint would have a class of control characters written otherwise; a NUL cuts a path short in C.
  if (text.length > MAX_URL_CHARACTERS || [...text].some((character) => character < ' ')) {
    throw invalid('The address is too long or has control characters in it.');
  }
  const scheme = schemeOf(text);
  const rest = text.slice(scheme.length + 1);
  if (scheme === 'device') {
    if (!/^\/dev\/video\d{1,3}$/.test(rest)) throw invalid('A device is written device:/dev/video0.');
    return { scheme, path: rest };
  }
  if (scheme === 'file') {
    const path = rest.replace(/^\/\//, '');
    if (path === '' || path.split('/').includes('..'))
      throw invalid('The file must lie in the media folder.');
    return { scheme, path };
  }
  return parseNetwork({ ...settings, url: text }, scheme);
}

/** Equal for two cameras that can share one reader. A hash: it holds no secret. */
export function sourceKey(settings: SourceSettings): string {
  const { loop = false, maxFrames = 0 } = settings;
  return createHash('sha256')
    .update(JSON.stringify([parseSource(settings), loop, maxFrames]))
    .digest('hex');
}
