import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { fromHttpStatus, fromSystemError, sourceError } from '../sources/source-failure';
import type { Credentials } from '../sources/parse-source';
import { answerChallenge } from './http-auth';

export interface HttpGetOptions {
  credentials?: Credentials | undefined;
  headers?: Record<string, string>;
  signal: AbortSignal;
}

const MAX_REDIRECTS = 4;

function send(url: URL, options: HttpGetOptions, authorization?: string): Promise<IncomingMessage> {
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    start(
      url,
      {
        headers: {
          'User-Agent': 'camfleet',
          Accept: '*/*',
          ...options.headers,
          ...(authorization ? { Authorization: authorization } : {}),
        },
        signal: options.signal,
        agent: false, // a connection of its own, closed with the stream
        insecureHTTPParser: true, // cameras' header lines are often malformed
        rejectUnauthorized: false, // cameras' certificates are nearly always self-signed
      },
      resolve,
    )
      .on('error', (error) => reject(options.signal.aborted ? options.signal.reason : fromSystemError(error)))
      .end();
  });
}

function challengesOf(response: IncomingMessage): string[] {
  return response.headersDistinct['www-authenticate'] ?? [];
}

/**
 * GET that follows redirects (to http and https alone, credentials not taken to another host) and answers
 * Basic and Digest challenges. The body is not read.
 * @throws SourceError for every status from 400 on and for a failed connection
 */
export async function httpGet(address: string, options: HttpGetOptions): Promise<IncomingMessage> {
  let url = new URL(address);
  const host = url.host;
  let authorization: string | undefined;
  for (let hops = 0; hops <= MAX_REDIRECTS;) {
    const response = await send(url, options, authorization);
    const status = response.statusCode ?? 0;
    const credentials = url.host === host ? options.credentials : undefined;
    if (status === 401 && credentials && !authorization) {
      response.destroy();
      const uri = url.pathname + url.search;
      authorization = answerChallenge(challengesOf(response), { method: 'GET', uri, credentials });
      if (!authorization) throw sourceError('SOURCE_UNAUTHORIZED');
    } else if (status >= 300 && status < 400 && status !== 304 && response.headers.location) {
      response.destroy();
      url = redirected(response.headers.location, url);
      authorization = undefined;
      hops += 1;
    } else {
      const failure = fromHttpStatus(status);
      if (!failure) return response;
      response.destroy();
      throw failure;
    }
  }
  throw sourceError('SOURCE_UNREACHABLE', 'The camera redirects in a circle.');
}

function redirected(location: string, from: URL): URL {
  const to = new URL(location, from);
  if (to.protocol === 'http:' || to.protocol === 'https:') return to;
  throw sourceError('SOURCE_INVALID', 'The camera redirects to another kind of address.');
}
