import { ERROR_STATUS } from '@camfleet/domain';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { cleanupOpenApiDoc } from 'nestjs-zod';

const ERRORS = Object.entries(ERROR_STATUS)
  .map(([code, status]) => `| \`${code}\` | ${status} |`)
  .join('\n');

const DESCRIPTION = `Errors are \`{ "error": { "code", "message", "details"? } }\`; codes are stable:

| code | status |
|---|---|
${ERRORS}

WebSockets: \`/api/live\` (events, cameras, workers), \`/api/live/video\` (pictures), \`/api/workers/{id}/link\`;
their messages are under \`/api/schemas\`.`;

/** `/api/openapi.json` and the page `/api/docs`, both made from libs/protocol. */
export function serveOpenApi(app: NestFastifyApplication): void {
  const document = new DocumentBuilder()
    .setTitle('Camfleet')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addBearerAuth()
    .build();
  SwaggerModule.setup('api/docs', app, () => cleanupOpenApiDoc(SwaggerModule.createDocument(app, document)), {
    jsonDocumentUrl: 'api/openapi.json',
  });
}
