import { Setting } from '@headrace/config';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';

/** Where a process serves its metrics: never on the port of the API. */
export class MetricsSettings {
  @Setting({
    env: 'HEADRACE_METRICS_PORT',
    as: 'number',
    description: 'Port of GET /metrics, in Prometheus form; 0: none. A port that is set and taken stops the start.',
    defaultText: 'the first free one from 9464 to 9479',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(65_535)
  port?: number;

  @Setting({
    env: 'HEADRACE_METRICS_HOST',
    description: 'Address on which metrics are served. In a container 0.0.0.0, with the port not published.',
  })
  @IsString()
  host = '127.0.0.1';

  @Setting({
    env: 'HEADRACE_METRICS_ENDPOINTS',
    as: 'number',
    description: 'How many webhook endpoints get a series of their own in headrace_endpoint_attempts_total; 0: none.',
  })
  @IsInt()
  @Min(0)
  @Max(10_000)
  endpoints = 0;
}
