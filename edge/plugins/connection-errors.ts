/**
 * What is answered to bytes that never became a request: late, too large, or no HTTP. Node gives the
 * bare socket, so the answer is written by hand; it has the shape of all others.
 */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { EdgeError, type ErrorCode } from '../errors';
import { PROBLEM_TYPE } from '../contract/error';
import { problemOf } from './error-replies';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
};

export function answerConnectionError(error: Error & { code?: string }, socket: Socket): void {
  // The sender is gone, or is reading an answer already: a second one would be taken for a part of it.
  const isAnswered = (socket as { _httpMessage?: { headersSent?: boolean } })._httpMessage;
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswered?.headersSent === true) {
    socket.destroy();
    return;
  }
  const known = new EdgeError(CODES[error.code ?? ''] ?? 'MALFORMED_REQUEST');
  const body = JSON.stringify(problemOf(known, undefined));
  const head = [
    `HTTP/1.1 ${String(known.status)} ${STATUS_CODES[known.status] ?? ''}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroySoon());
}
