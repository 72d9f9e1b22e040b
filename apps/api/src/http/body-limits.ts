import { CamfleetError } from '@camfleet/domain';
import type { FastifyInstance } from 'fastify';
import { errorBody } from './error.filter';

const SMALL_BODY_BYTES = 1024 * 1024;
/** What workers send may be large: batches of events with pictures, heartbeats of many cameras, results of jobs. */
const LARGE_BODIES = /^\/api\/(events|workers|vision)(\/|\?|$)/;
/** Photos and videos in forms; what comes in each is bounded as it is read. */
const FORMS = /^\/api\/(people\/[^/?]+\/faces|faces\/search|videos)(\?|$)/;
/** Files as they are: their handlers read them, bounded, and never hold them. */
const FILES = /^\/api\/(assets|uploads)(\/|\?|$)/;

/** JSON alone is read; a body larger than its route needs is refused by its announced length, before it is read. */
export function limitBodies(fastify: FastifyInstance): void {
  fastify.removeContentTypeParser(['text/plain', 'application/json']);
  const parse = fastify.getDefaultJsonParser('error', 'error');
  // Many clients announce JSON with every request: an empty body is none.
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, String(body), done);
  });
  fastify.addContentTypeParser(RAW, (_request, _payload, done) => done(null, undefined));
  fastify.addHook('onRequest', async (request, reply) => {
    const { headers, url } = request;
    if (FILES.test(url)) {
      // Whatever a file calls itself, Fastify leaves its bytes where they are.
      if (request.method === 'PUT') headers['content-type'] = RAW;
      return;
    }
    if (Number(headers['content-length'] ?? 0) <= SMALL_BODY_BYTES || LARGE_BODIES.test(url)) return;
    if (FORMS.test(url) && headers['content-type']?.startsWith('multipart/form-data')) return;
    const error = new CamfleetError('BODY_TOO_LARGE', 'This body is larger than 1 MiB.');
    await reply.status(error.status).send(errorBody(error));
  });
}

/** The type of tus's own bodies, and the only one that is not read here. */
const RAW = 'application/offset+octet-stream';
