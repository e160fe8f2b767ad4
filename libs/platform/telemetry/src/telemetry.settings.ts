import { Setting } from '@headrace/config';
import { IsInt, IsNumber, IsOptional, IsUrl, Max, Min } from 'class-validator';

/** Where traces go. OpenTelemetry's own OTEL_* variables work too. */
export class TelemetrySettings {
  @Setting({
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    description: 'Base URL of an OpenTelemetry collector that takes OTLP over HTTP, for example http://localhost:4318.',
    defaultText: 'no traces are recorded',
  })
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true })
  otlpEndpoint?: string;

  @Setting({
    env: 'HEADRACE_TRACE_SAMPLING',
    as: 'number',
    description:
      'Share of the traces that start here which are recorded, 0 to 1. All of them cost about a third of the throughput.',
  })
  @IsNumber()
  @Min(0)
  @Max(1)
  sampling = 1;

  @Setting({
    env: 'HEADRACE_TRACE_QUEUE_SIZE',
    as: 'number',
    description:
      'Spans that wait for export at most; what comes beyond is lost. 2048 was too few at 900 requests a second.',
  })
  @IsInt()
  @Min(512)
  queueSize = 32_768;
}
