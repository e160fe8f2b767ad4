import type { Budget } from '@headrace/contracts';
import { budgetStateOf, periodOf } from '@headrace/domain';
import { ApiErrors } from '@headrace/http';
import { ApiKeyAdministration, ProjectAdministration } from '@headrace/project-store';
import { ReadModel } from '@headrace/read-model';
import { Body, Controller, Get, Param, Put, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdministrationSettings } from '../configuration/administration.config.js';
import { DatabaseErrorsInterceptor } from '../configuration/database-errors.interceptor.js';
import { CallerGuard, CurrentCaller, requireProject, type Caller } from '../configuration/projects/caller.guard.js';
import { requireKeys, requireLimitChanger } from '../limits/change-limits.js';
import { budgetOf, BudgetsDto, BudgetsView, budgetView } from './budgets.dto.js';

/** How much a project may spend. */
@ApiTags('limits')
@ApiBearerAuth()
@UseGuards(CallerGuard)
@UseInterceptors(DatabaseErrorsInterceptor)
@Controller('v1/projects/:id/budgets')
export class BudgetsController {
  constructor(
    private readonly projects: ProjectAdministration,
    private readonly keys: ApiKeyAdministration,
    private readonly readModel: ReadModel,
    private readonly settings: AdministrationSettings,
  ) {}

  @Get()
  @ApiOperation({ summary: "Get a project's budgets, and what is spent of them" })
  @ApiOkResponse({ type: BudgetsView })
  @ApiErrors('invalid_api_key', 'permission_error', 'not_found', 'service_unavailable')
  async show(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<BudgetsView> {
    requireProject(caller, id);
    return this.view(id, (await this.projects.find(id)).budgets ?? []);
  }

  /** All of them at once; what is spent stays spent. */
  @Put()
  @ApiOperation({ summary: "Replace a project's budgets" })
  @ApiOkResponse({ type: BudgetsView })
  @ApiErrors('invalid_request_error', 'invalid_api_key', 'permission_error', 'not_found', 'service_unavailable')
  async replace(
    @Param('id') id: string,
    @Body() { budgets }: BudgetsDto,
    @CurrentCaller() caller: Caller,
  ): Promise<BudgetsView> {
    requireLimitChanger(caller, id, this.settings);
    const ids = budgets.map(({ api_key_id: key }, index) => ({
      param: `budgets.${index}.api_key_id`,
      id: key ?? null,
    }));
    await requireKeys(
      this.keys,
      id,
      ids.filter((each): each is { param: string; id: string } => each.id !== null),
    );
    const saved = await this.projects.update(id, { budgets: budgets.map(budgetOf) });
    return this.view(id, saved.budgets ?? []);
  }

  private async view(id: string, budgets: readonly Budget[]): Promise<BudgetsView> {
    const now = new Date().toISOString();
    const spent = await this.readModel.spentSince(id, periodOf('month', now).start.slice(0, 10));
    return { budgets: budgets.map((budget) => budgetView(budgetStateOf(budget, spent, now))) };
  }
}
