/**
 * What pushing costs when nothing else is done: bare socket.io that sends what it is told to everybody
 * who is there. `node bare-socket-server.js PORT FILE`; FILE holds the events, and
 * `POST /send?from=N&to=M` sends some of them.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const [, , port = '', file = ''] = process.argv;
const events = JSON.parse(readFileSync(file, 'utf8')) as readonly object[];

const http = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bench');
  if (pathname === '/send') {
    const [from, to] = [Number(searchParams.get('from')), Number(searchParams.get('to'))];
    for (const event of events.slice(from, to)) io.to('ops').emit('event', event);
  }
  response.end('{}');
});
const io = new Server(http, { serveClient: false });
io.on('connection', (socket) => {
  socket.on('join', (room: string, reply: (answer: object) => void) => {
    void socket.join(room);
    reply({ kind: 'joined' });
  });
});
http.listen(Number(port), '127.0.0.1');
process.once('SIGTERM', () => void io.close());
