/**
 * Owns what the stack knows of a service. One file per service fills this in; the stack itself
 * knows none of them by name.
 */
import type { ProcessSpec } from '../processes/supervised-process';

export const serviceNames = ['kafka', 'registry', 'postgres', 'redis', 'firebase'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Where a service is put: absolute paths of its own, and its ports in the order it named them. */
export interface Site {
  readonly data: string;
  readonly cache: string;
  readonly ports: readonly number[];
  readonly abandon: AbortSignal;
}

export interface Installation {
  readonly cache: string;
  /** Shown while it lasts. */
  readonly report: (detail: string) => void;
  readonly abandon: AbortSignal;
}

export interface Service {
  readonly name: ServiceName;
  /** The environment variable that names a running one, and is given to the apps. */
  readonly variable: string;
  readonly usualPorts: readonly number[];
  readonly needsJava: boolean;
  readonly address: (ports: readonly number[]) => string;
  /** Fetches its program when missing; quick when it is there. */
  readonly install: (installation: Installation) => Promise<void>;
  /** Prepares its data folder and says how to run it: one process, or one per node of a cluster. */
  readonly prepare: (site: Site) => Promise<readonly ServiceProcess[]>;
  /** True once whatever listens at the address does the work asked of it, not merely listens. */
  readonly answers: (address: string) => Promise<boolean>;
}

/** A process without its readiness: the stack asks `answers` with the address of the process. */
export type ServiceProcess = Omit<ProcessSpec, 'folder' | 'ready'> & {
  readonly address: string;
  /** Done in the background once the whole stack is ready, and abandoned when it stops. */
  readonly afterStart?: (pid: number, abandon: AbortSignal) => Promise<void>;
};

/** Whether what a pid file or log of this name is about belongs to a service: `kafka`, `kafka-2`. */
export function isServiceProcess(name: string): boolean {
  return (serviceNames as readonly string[]).includes(name.replace(/-\d+$/, ''));
}

/** The address of a service that listens on its first port over a plain `host:port`. */
export function loopback(ports: readonly number[]): string {
  return `127.0.0.1:${portAt(ports, 0)}`;
}

export function portAt(ports: readonly number[], index: number): number {
  const port = ports[index];
  if (port === undefined) throw new Error(`no port was chosen at ${index}`);
  return port;
}
