/** What lives as long as the page and all components share. */
import { inject, type App, type InjectionKey } from 'vue';
import { AlertWatch } from './alerts/alert-watch';
import { EdgeApi } from './api/edge-api';
import { LiveConnection } from './live/live-connection';
import { openSocket } from './live/open-socket';
import { LogAddress } from './log-address';
import { Session } from './session/session';
import { Basket } from './shop/basket';
import { KnownProducts } from './shop/known-products';

export interface Services {
  readonly api: EdgeApi;
  readonly session: Session;
  readonly live: LiveConnection;
  readonly alerts: AlertWatch;
  readonly logAddress: LogAddress;
  readonly basket: Basket;
  readonly knownProducts: KnownProducts;
}

const KEY: InjectionKey<Services> = Symbol('services');

export function provideServices(app: App): Services {
  const api = new EdgeApi();
  const session = new Session(api);
  const live = new LiveConnection(openSocket(), () => session.expire());
  const alerts = new AlertWatch(api, live);
  const logAddress = new LogAddress(api);
  const basket = new Basket(window.localStorage);
  const knownProducts = new KnownProducts(api);
  const services = { api, session, live, alerts, logAddress, basket, knownProducts };
  app.provide(KEY, services);
  return services;
}

export function useServices(): Services {
  const services = inject(KEY);
  if (services === undefined) throw new Error('provideServices was not called');
  return services;
}
