const REASONS = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  461: 'Unsupported Transport',
  501: 'Not Implemented',
  505: 'RTSP Version Not Supported',
} as const;

export interface RtspAnswer {
  status: keyof typeof REASONS;
  headers?: Record<string, string>;
  body?: string;
}

export function encodeAnswer(answer: RtspAnswer, cseq: string | undefined): Buffer {
  const body = answer.body ?? '';
  const headers = {
    ...(cseq === undefined ? {} : { CSeq: cseq }),
    Server: 'camfleet-camera-simulator',
    ...answer.headers,
    ...(body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`RTSP/1.0 ${answer.status} ${REASONS[answer.status]}\r\n${lines.join('')}\r\n${body}`);
}
