import type { ServiceDefinition } from '@headrace/runtime';
import { ListenTunnelSettings } from './listen-tunnel.config.js';
import { ListenTunnelModule } from './listen-tunnel.module.js';

/** Brings a project's webhooks to the laptops that listen for them. */
export const listenTunnelService: ServiceDefinition = {
  name: 'listen-tunnel',
  module: ListenTunnelModule,
  settings: [ListenTunnelSettings],
  needsPostgres: true,
};
