/** Of the transports that a client offers (RFC 2326, section 12.39), the first over this connection. */
export interface InterleavedTransport {
  rtpChannel: number;
  rtcpChannel: number;
}

/** Undefined when the client takes only what this server does not do (UDP, multicast): answer 461. */
export function chooseTransport(header: string): InterleavedTransport | undefined {
  for (const offer of header.split(',')) {
    const [protocol, ...parameters] = offer.split(';').map((part) => part.trim());
    if (protocol !== 'RTP/AVP/TCP' || parameters.includes('multicast')) continue;
    const channels = parameters.find((parameter) => parameter.startsWith('interleaved='));
    if (channels === undefined) return { rtpChannel: 0, rtcpChannel: 1 };
    const match = /^interleaved=(\d{1,3})(?:-(\d{1,3}))?$/.exec(channels);
    const rtpChannel = Number(match?.[1] ?? NaN);
    if (match && rtpChannel < 255) return { rtpChannel, rtcpChannel: rtpChannel + 1 };
  }
  return undefined;
}
