import { CurrentProject, type AuthenticatedProject } from '@headrace/http';
import { WorkflowAdministration } from '@headrace/project-store';
import { ProviderCatalogue } from '@headrace/providers';
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ConfigurationRoute } from '../configuration-route.decorator.js';
import { DatabaseErrorsInterceptor } from '../database-errors.interceptor.js';
import { actorOf } from './actor.js';
import { soundBy } from './require-sound.js';
import { workflowDiffView, WorkflowDiffView } from './workflow-diff.view.js';
import { RollbackDto, versionNumber, versionPageOf, VersionQueryDto } from './workflow-version.dto.js';
import {
  workflowHistoryView,
  WorkflowHistoryView,
  workflowVersionView,
  WorkflowVersionView,
} from './workflow-version.view.js';
import { workflowView, WorkflowView } from './workflow.view.js';

/** What a project's workflows have been, and the way back. */
@ApiTags('workflows')
@UseInterceptors(DatabaseErrorsInterceptor)
@Controller(['v1/workflows/:id_or_name', 'console/workflows/:id_or_name', 'console/workflow/:id_or_name'])
export class WorkflowVersionsController {
  constructor(
    private readonly workflows: WorkflowAdministration,
    private readonly catalogue: ProviderCatalogue,
  ) {}

  @Get('versions')
  @ConfigurationRoute('List the versions of a workflow, newest first: the latest 200 are kept', 'not_found')
  @ApiOkResponse({ type: WorkflowHistoryView })
  async list(
    @Param('id_or_name') id: string,
    @Query() query: VersionQueryDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<WorkflowHistoryView> {
    const page = versionPageOf(query);
    const versions = await this.workflows.versions(projectId, id, { ...page, limit: page.limit + 1 });
    return workflowHistoryView(versions, page.limit);
  }

  @Get('versions/:version')
  @ConfigurationRoute('Get a version of a workflow', 'not_found')
  @ApiOkResponse({ type: WorkflowVersionView })
  async show(
    @Param('id_or_name') id: string,
    @Param('version') version: string,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<WorkflowVersionView> {
    return workflowVersionView(await this.workflows.version(projectId, id, versionNumber(version)));
  }

  @Get('versions/:from/diff/:to')
  @ConfigurationRoute('Compare two versions of a workflow', 'not_found')
  @ApiOkResponse({ type: WorkflowDiffView })
  async diff(
    @Param('id_or_name') id: string,
    @Param('from') from: string,
    @Param('to') to: string,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<WorkflowDiffView> {
    const [before, after] = await Promise.all([
      this.workflows.version(projectId, id, versionNumber(from)),
      this.workflows.version(projectId, id, versionNumber(to)),
    ]);
    return workflowDiffView(before, after);
  }

  /** Nothing is lost by it: the way back is one more rollback. */
  @Post('rollback')
  @HttpCode(200)
  @ConfigurationRoute('Make a workflow what it was in an earlier version, as a new version', 'not_found')
  @ApiOkResponse({ type: WorkflowView })
  async rollback(
    @Param('id_or_name') id: string,
    @Body() { version }: RollbackDto,
    @CurrentProject() caller: AuthenticatedProject,
  ): Promise<WorkflowView> {
    const context = { catalogue: this.catalogue, credentials: caller.project.credentials };
    const check = soundBy(context);
    return workflowView(await this.workflows.restore(caller.projectId, id, version, actorOf(caller), check), context);
  }
}
