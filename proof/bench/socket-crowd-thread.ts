/** The thread of socket-crowd.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { WebSocket } from 'ws';
import type { CrowdPlan, CrowdWish, CrowdWord } from './socket-crowd';

/** Fewer than the edge lets wait of one address. */
const AT_ONCE = 20;
/** Engine.io's packets: open, ping, pong; with `4` before it, socket.io's: connect, event, ack. */
const OPEN = '0'.charCodeAt(0);
const PING = '2'.charCodeAt(0);
const CONNECT = '40';
const JOIN = '420["join","ops"]';
const JOINED = '430';
const EVENT = '42["event"';

const { url, cookies } = workerData as CrowdPlan;
let wished = Infinity;
/** Of each socket. */
const counts = new Array<number>(cookies.length).fill(0);
/** Sockets that have as many as is wished for. */
let satisfied = 0;

function say(word: CrowdWord): void {
  parentPort?.postMessage(word);
}

function enter(index: number): Promise<void> {
  const address = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  const socket = new WebSocket(address, {
    headers: { cookie: cookies[index] ?? '' },
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    socket.on('message', (data: Buffer) => {
      if (data[0] === OPEN) socket.send(CONNECT);
      else if (data[0] === PING) socket.send('3');
      else if (data.subarray(0, EVENT.length).toString('latin1') === EVENT) count(index);
      else if (data.subarray(0, CONNECT.length).toString('latin1') === CONNECT) socket.send(JOIN);
      else if (data.subarray(0, JOINED.length).toString('latin1') === JOINED) {
        if (data.includes('"kind":"joined"')) resolve();
        else reject(new Error(data.toString('utf8', 0, 300)));
      }
    });
    socket.on('error', reject);
    socket.on('close', (code) => {
      const message = `a socket was closed (${String(code)}) after ${String(counts[index])} events`;
      reject(new Error(message));
      say({ kind: 'failed', message });
    });
  });
}

function count(index: number): void {
  const events = (counts[index] ?? 0) + 1;
  counts[index] = events;
  if (events === wished) tellOnce(satisfied + 1);
}

function tellOnce(now: number): void {
  satisfied = now;
  if (satisfied === cookies.length) say({ kind: 'all-have', events: wished });
}

parentPort?.on('message', ({ events }: CrowdWish) => {
  wished = events;
  tellOnce(counts.filter((each) => each >= events).length);
});

async function enterAll(): Promise<void> {
  let next = 0;
  const enterSome = async () => {
    while (next < cookies.length) {
      const index = next;
      next += 1;
      await enter(index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, enterSome));
  say({ kind: 'joined' });
}

enterAll().catch((error: unknown) => say({ kind: 'failed', message: String(error) }));
