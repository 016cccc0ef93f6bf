import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookBody } from '../../simulator/webhook-body';

/** A shop's webhook endpoint on a loopback port that answers as it is told. */
export interface WebhookReceiver {
  readonly url: string;
  /** Newest last. */
  readonly received: readonly WebhookBody[];
  /** What came that is not JSON; newest last. */
  readonly texts: readonly string[];
  /** The answer to each coming request; `silence` is none at all. */
  answerWith(answer: number | 'silence'): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<WebhookReceiver> {
  const received: WebhookBody[] = [];
  const texts: string[] = [];
  let answer: number | 'silence' = 200;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const body = parse(text);
      if (body === undefined) texts.push(text);
      else received.push(body);
      respond(response, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhooks/paypay`,
    received,
    texts,
    answerWith: (next) => (answer = next),
    close: () => close(server),
  };
}

function parse(text: string): WebhookBody | undefined {
  try {
    return JSON.parse(text) as WebhookBody;
  } catch {
    return undefined;
  }
}

function respond(response: ServerResponse, answer: number | 'silence'): void {
  if (answer === 'silence') return;
  response.writeHead(answer).end();
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
