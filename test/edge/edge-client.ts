/** A browser's view of a listening edge: HTTP with a cookie, and a socket. */
import { io, type Socket } from 'socket.io-client';
import { apiClient, type ApiClient } from '../../edge/contract/api-client';
import type {
  ClientToServer,
  JoinReply,
  LiveEvent,
  Position,
  PushError,
  ResumeReply,
  ServerToClient,
} from '../../edge/contract/api-types';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Above every deadline of the edge. */
const ANSWER_WITHIN_MS = 20_000;

type ClientSocket = Socket<ServerToClient, ClientToServer>;

/** A text goes as it is, so that a test may send what is no JSON. */
function textOf(body: unknown): string | null {
  if (body === undefined) return null;
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** A socket that keeps what it was sent. */
export interface Listener {
  readonly socket: ClientSocket;
  readonly events: LiveEvent[];
  readonly troubles: PushError[];
  readonly join: (room: string) => Promise<JoinReply>;
  readonly resume: (room: string, positions: readonly Position[]) => Promise<ResumeReply>;
}

export class EdgeClient {
  private cookie = '';
  private readonly sockets: ClientSocket[] = [];

  constructor(readonly url: string) {}

  /** What a page asks; `send` is for what none should. */
  get api(): ApiClient {
    const headers = { cookie: this.cookie };
    return apiClient({ url: this.url, answerWithinMs: ANSWER_WITHIN_MS, headers });
  }

  async send(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        cookie: this.cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: textOf(body),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') === true;
    return {
      status: answer.status,
      headers: answer.headers,
      body: isJson ? (JSON.parse(text) as unknown) : text,
    };
  }

  async signIn(idToken: string): Promise<Answer> {
    const answer = await this.send('POST', '/auth/session', { idToken });
    this.cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    return answer;
  }

  listen(): Listener {
    const socket: ClientSocket = io(this.url, {
      extraHeaders: { cookie: this.cookie },
      transports: ['websocket'],
      reconnectionDelay: 50,
    });
    this.sockets.push(socket);
    const listener = { socket, events: [] as LiveEvent[], troubles: [] as PushError[] };
    socket.on('event', (event) => listener.events.push(event));
    socket.on('trouble', (trouble) => listener.troubles.push(trouble));
    const join = (room: string) =>
      new Promise<JoinReply>((resolve) => socket.emit('join', room, resolve));
    const resume = (room: string, positions: readonly Position[]) =>
      new Promise<ResumeReply>((resolve) => socket.emit('resume', room, positions, resolve));
    return { ...listener, join, resume };
  }

  close(): void {
    for (const socket of this.sockets) socket.disconnect();
  }
}
