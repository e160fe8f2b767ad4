import { describe, expect, it } from '@jest/globals';
import { pickServices } from './pick-services.js';
import type { ServiceDefinition } from './service-definition.js';

class EmptyModule {}
const service = (name: string): ServiceDefinition => ({
  name,
  module: EmptyModule,
  settings: [],
  needsPostgres: false,
});
const all = [service('gateway'), service('ai-runner'), service('realtime-hub')];

describe('picking services', () => {
  it('runs all of them when none is named', () => {
    expect(pickServices(all, undefined)).toEqual(all);
    expect(pickServices(all, ' , ')).toEqual(all);
  });

  it('runs those that are named, whatever the spaces', () => {
    expect(pickServices(all, 'realtime-hub, gateway').map(({ name }) => name)).toEqual(['gateway', 'realtime-hub']);
  });

  it('names every unknown service and the known ones', () => {
    expect(() => pickServices(all, 'gateway,hub,runner')).toThrow(
      'HEADRACE_SERVICES names hub, runner, which is no service. Choose from: gateway, ai-runner, realtime-hub.',
    );
  });
});
