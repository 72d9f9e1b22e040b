import { RequestParser, RtspSyntaxError } from './request';
import { chooseTransport } from './transport';

const OPTIONS = 'OPTIONS rtsp://host/cam1 RTSP/1.0\r\nCSeq: 1\r\n\r\n';

describe('requests from a connection', () => {
  it('are whole however the network cuts them', () => {
    const parser = new RequestParser();
    const requests = [...Buffer.from(OPTIONS + OPTIONS)].flatMap((byte) => parser.push(Buffer.from([byte])));
    expect(requests).toHaveLength(2);
    expect(requests[1]).toEqual({
      method: 'OPTIONS',
      url: 'rtsp://host/cam1',
      version: 'RTSP/1.0',
      headers: { cseq: '1' },
    });
  });

  it("are found between the player's reports, and behind a body", () => {
    const parser = new RequestParser();
    const report = Buffer.from([0x24, 1, 0, 4, 0x0d, 0x0a, 0x0d, 0x0a]);
    const withBody = Buffer.from('GET_PARAMETER * RTSP/1.0\r\nCSeq: 2\r\nContent-Length: 8\r\n\r\nposition');
    const requests = parser.push(Buffer.concat([report, withBody, report, Buffer.from(OPTIONS)]));
    expect(requests.map(({ method }) => method)).toEqual(['GET_PARAMETER', 'OPTIONS']);
  });

  it.each([
    ['another protocol', 'GET / HTTP/1.1\r\n\r\n'],
    ['a length that is none', 'OPTIONS * RTSP/1.0\r\nContent-Length: x\r\n\r\n'],
    ['a head without end', `OPTIONS * RTSP/1.0\r\nX: ${'x'.repeat(40_000)}`],
  ])('that are %s are refused, and not collected for ever', (_what, bytes) => {
    expect(() => new RequestParser().push(Buffer.from(bytes))).toThrow(RtspSyntaxError);
  });
});

describe('the transport', () => {
  it.each([
    ['RTP/AVP/TCP;unicast;interleaved=4-5', 4],
    ['RTP/AVP/UDP;unicast;client_port=5000-5001,RTP/AVP/TCP;unicast;interleaved=0-1', 0],
    ['RTP/AVP/TCP', 0],
  ])('is the first over the connection that %s offers', (offer, rtpChannel) => {
    expect(chooseTransport(offer)).toEqual({ rtpChannel, rtcpChannel: rtpChannel + 1 });
  });

  it.each(['RTP/AVP;unicast;client_port=5000-5001', 'RTP/AVP/TCP;unicast;interleaved=255-256', ''])(
    'is refused where only %s is offered',
    (offer) => {
      expect(chooseTransport(offer)).toBeUndefined();
    },
  );
});
