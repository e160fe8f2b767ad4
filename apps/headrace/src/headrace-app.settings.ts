import { IsBoolean, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { Setting } from '@headrace/config';

/** Settings of the all-in-one process. */
export class HeadraceAppSettings {
  @Setting({ env: 'HEADRACE_DATA_DIR', description: 'Where the embedded servers and generated keys are kept.' })
  @IsString()
  dataDirectory = '.headrace';

  @Setting({
    env: 'HEADRACE_SERVICES',
    description: 'Services to run, separated by commas.',
    defaultText: 'all of them',
  })
  @IsOptional()
  @IsString()
  services?: string;

  @Setting({
    env: 'HEADRACE_DEMO_BACKEND',
    as: 'boolean',
    description: 'Whether a small backend runs that answers the demo project’s webhooks and calls back.',
  })
  @IsBoolean()
  demoBackend = false;

  @Setting({ env: 'HEADRACE_DEMO_BACKEND_PORT', as: 'number', description: 'Port of the demo backend, on loopback.' })
  @IsInt()
  @Min(1)
  @Max(65_535)
  demoBackendPort = 4199;
}
