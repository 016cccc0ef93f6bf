/** All that a process of apps tells besides its health, made once: an app may be started again. */
import { Registry } from 'prom-client';
import { GatewayMetrics } from './gateway/gateway-metrics';
import { CommitMetrics } from './runtime/commit-metrics';
import { ViewMetrics } from './views/view-metrics';

export interface ProcessMetrics {
  readonly registry: Registry;
  readonly commits: CommitMetrics;
  readonly gateway: GatewayMetrics;
  readonly views: ViewMetrics;
}

export function processMetrics(): ProcessMetrics {
  const registry = new Registry();
  return {
    registry,
    commits: new CommitMetrics(registry),
    gateway: new GatewayMetrics(registry),
    views: new ViewMetrics(registry),
  };
}
