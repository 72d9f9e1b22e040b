import { ERROR_STATUS } from '@camfleet/domain';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { cleanupOpenApiDoc } from 'nestjs-zod';
import { ACCESS_EXTENSION, type AccessRule } from '../auth/access.decorator';
import { SESSION_COOKIE } from '../auth/authenticator';

const CODES = Object.entries(ERROR_STATUS)
  .map(([code, status]) => `| \`${code}\` | ${status} |`)
  .join('\n');

const DESCRIPTION = `Errors are \`{ "error": { "code", "message", "details"? } }\`; codes are stable:

| code | status |
|---|---|
${CODES}

WebSockets: \`/api/live\` (events, cameras, workers), \`/api/live/video\` (pictures), \`/api/workers/{id}/link\`;
their messages are under \`/api/schemas\`.`;

const ERROR_SCHEMA = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string', enum: Object.keys(ERROR_STATUS) },
        message: { type: 'string' },
        details: {},
      },
    },
  },
};

const ERROR_ANSWER = {
  description: 'An error.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
};

/** `/api/openapi.json` and the page `/api/docs`, both made from libs/protocol. */
export function serveOpenApi(app: NestFastifyApplication): void {
  const document = new DocumentBuilder()
    .setTitle('Camfleet')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addBearerAuth()
    .addCookieAuth(SESSION_COOKIE)
    .build();
  SwaggerModule.setup(
    'api/docs',
    app,
    () => completed(cleanupOpenApiDoc(SwaggerModule.createDocument(app, document))),
    { jsonDocumentUrl: 'api/openapi.json' },
  );
}

/** Says of every operation who may ask for it, and what its errors look like. */
function completed(document: OpenAPIObject): OpenAPIObject {
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Error: ERROR_SCHEMA },
  };
  for (const { get, head, options, post, put, patch, delete: remove } of Object.values(document.paths))
    for (const operation of [get, head, options, post, put, patch, remove]) {
      if (!operation) continue;
      const { [ACCESS_EXTENSION]: rule }: typeof operation & { [ACCESS_EXTENSION]?: AccessRule } = operation;
      operation.description = [operation.description, rule && whoMay(rule)].filter(Boolean).join('\n\n');
      operation.security = rule && 'public' in rule ? [] : [{ bearer: [] }, { cookie: [] }];
      operation.responses.default = ERROR_ANSWER;
    }
  return document;
}

function whoMay(rule: AccessRule): string {
  if ('public' in rule) return 'Needs no log-in.';
  const others = [
    rule.worker && 'a worker',
    rule.ticket && 'a ticket',
    rule.trustedNetwork && 'a network of `VISION_TRUSTED_CIDRS`',
  ].filter(Boolean);
  return [`Role: \`${rule.role}\``, ...others].join(', or ') + '.';
}
