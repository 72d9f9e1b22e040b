import { CamfleetError } from '@camfleet/domain';
import type { SourceInput } from '@camfleet/protocol';

/** A source whose URL holds no credentials any more. */
export interface SplitSource {
  url: string;
  username?: string;
  password?: string;
}

/**
 * Takes user name and password out of the URL. What is given beside the URL counts more.
 * `file:` and `device:` have none.
 */
export function splitCredentials(source: Pick<SourceInput, 'url' | 'username' | 'password'>): SplitSource {
  const { url, username, password } = source;
  if (/^(file|device):/i.test(url)) return { url, username, password };
  // Not `new URL().href`: that would rewrite what only the camera understands (case, escapes, a bare `?`).
  const match = /^([a-z]+:\/\/)([^/?#]*)@(.*)$/is.exec(url);
  if (!match) return { url: withoutFragment(url), username, password };
  const [, scheme = '', credentials = '', rest = ''] = match;
  const colon = credentials.indexOf(':');
  const name = decode(colon < 0 ? credentials : credentials.slice(0, colon));
  const secret = colon < 0 ? undefined : decode(credentials.slice(colon + 1));
  if (/^[^?#]*@/.test(rest))
    throw new CamfleetError(
      'VALIDATION_FAILED',
      'source.url: a password with "@", "/", "?" or "#" goes into its own field, or is percent-encoded in the URL.',
    );
  return {
    url: withoutFragment(scheme + rest),
    username: username ?? (name || undefined),
    password: password ?? secret,
  };
}

/** A fragment is never sent to a camera: whatever stands there is for nobody. */
function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, '');
}

function decode(text: string): string {
  const plain = decoded(text);
  if (/\p{Cc}/u.test(plain))
    throw new CamfleetError('VALIDATION_FAILED', 'source.url: no name or password has control characters.');
  return plain;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Query parameters in which HTTP cameras carry what nobody else may know. */
const SECRET_PARAMETER = /^(pwd|pass|passwd|password|loginpas|token|access_token|api_?key|key|secret|auth)$/i;

/** The URL as everybody may see it: values of secret query parameters as `***`. */
export function maskQuerySecrets(url: string): string {
  return url.replace(
    /([?&;])([^=&;#]+)=([^&;#]*)/g,
    (pair, separator: string, name: string, value: string) =>
      SECRET_PARAMETER.test(name) && value !== '' ? `${separator}${name}=***` : pair,
  );
}
