import { Injectable } from '@nestjs/common';
import { WebSocketRouter } from '../http/websocket-router';
import { VideoSocket } from './video-socket';
import { ViewingService } from './viewing.service';

/** `WS /api/live/video` */
@Injectable()
export class VideoGateway {
  constructor(router: WebSocketRouter, viewing: ViewingService) {
    router.add({
      path: /^\/api\/live\/video$/,
      role: 'viewer',
      connected: (socket, { principal }) => {
        new VideoSocket(socket, (request, viewer) =>
          viewing.watch(principal.tenantId, request, () => viewer),
        );
      },
    });
  }
}
