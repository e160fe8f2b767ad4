import { slotOf } from '@headrace/read-model';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';

const hourMs = 3_600_000;
const windowsMs = { '1h': hourMs, '24h': 24 * hourMs, '7d': 7 * 24 * hourMs, '30d': 30 * 24 * hourMs } as const;

/** How far statistics look back. */
export type StatsWindow = keyof typeof windowsMs;

/** The windows there are, shortest first. */
export const statsWindows = Object.keys(windowsMs) as StatsWindow[];

/** Query of `GET /v1/webhooks/{id}/stats`. */
export class StatsQueryDto {
  @ApiPropertyOptional({ enum: statsWindows, default: '24h' })
  @IsOptional()
  @IsIn(statsWindows)
  window?: StatsWindow;
}

/** Where a window that ends now begins: a few minutes early, because what happens is counted in slots of time. */
export const beginOf = (window: StatsWindow, now: Date): Date => slotOf(new Date(now.getTime() - windowsMs[window]));
