import { CurrentProject, type AuthenticatedProject } from '@headrace/http';
import { WorkflowAdministration } from '@headrace/project-store';
import { ProviderCatalogue } from '@headrace/providers';
import { Body, Controller, Delete, Get, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { ConfigurationRoute } from '../configuration-route.decorator.js';
import { DatabaseErrorsInterceptor } from '../database-errors.interceptor.js';
import { deletedView, DeletedView } from '../deleted.view.js';
import { ListQueryDto, pageRequestOf } from '../list/list-query.dto.js';
import { ApiListResponse, listView, type ListView } from '../list/list.view.js';
import { actorOf } from './actor.js';
import { NewWorkflowDto, WorkflowChangesDto } from './workflow.dto.js';
import { soundBy } from './require-sound.js';
import { workflowChangesOf } from './workflow.mapping.js';
import type { FindingContext } from './workflow.findings.js';
import { workflowView, WorkflowView } from './workflow.view.js';
import { unknownFieldFindings } from './unknown-field.findings.js';

/** Which workflows are wanted. */
class WorkflowQueryDto extends ListQueryDto {
  @ApiPropertyOptional({ description: 'At most the one workflow of this name.' })
  @IsOptional()
  @IsString()
  name?: string;
}

/** A project's saved ways to answer requests. */
@ApiTags('workflows')
@UseInterceptors(DatabaseErrorsInterceptor)
@Controller(['v1/workflows', 'console/workflows', 'console/workflow'])
export class WorkflowsController {
  constructor(
    private readonly workflows: WorkflowAdministration,
    private readonly catalogue: ProviderCatalogue,
  ) {}

  @Post()
  @ConfigurationRoute('Save a workflow', 'conflict')
  @ApiCreatedResponse({ type: WorkflowView })
  async create(@Body() body: NewWorkflowDto, @CurrentProject() caller: AuthenticatedProject): Promise<WorkflowView> {
    const { name, provider, model } = body;
    const workflow = { ...workflowChangesOf(body), name, provider, model };
    const context = this.contextOf(caller);
    const created = await this.workflows.create(caller.projectId, workflow, actorOf(caller), soundBy(context));
    return workflowView(created, context, unknownFieldFindings(body));
  }

  @Get()
  @ConfigurationRoute('List workflows, newest first')
  @ApiListResponse(WorkflowView)
  async list(
    @Query() query: WorkflowQueryDto,
    @CurrentProject() caller: AuthenticatedProject,
  ): Promise<ListView<WorkflowView>> {
    const page = await this.workflows.list(caller.projectId, pageRequestOf(query), query.name);
    const context = this.contextOf(caller);
    return listView(page, (workflow) => workflowView(workflow, context));
  }

  @Get(':id_or_name')
  @ConfigurationRoute('Get a workflow by its id or name', 'not_found')
  @ApiOkResponse({ type: WorkflowView })
  async show(@Param('id_or_name') id: string, @CurrentProject() caller: AuthenticatedProject): Promise<WorkflowView> {
    return workflowView(await this.workflows.find(caller.projectId, id), this.contextOf(caller));
  }

  @Patch(':id_or_name')
  @ConfigurationRoute('Change a workflow', 'not_found', 'conflict')
  @ApiOkResponse({ type: WorkflowView })
  async update(
    @Param('id_or_name') id: string,
    @Body() body: WorkflowChangesDto,
    @CurrentProject() caller: AuthenticatedProject,
  ): Promise<WorkflowView> {
    const context = this.contextOf(caller);
    const changes = workflowChangesOf(body);
    const changed = await this.workflows.update(caller.projectId, id, changes, actorOf(caller), soundBy(context));
    return workflowView(changed, context, unknownFieldFindings(body));
  }

  @Delete(':id_or_name')
  @ConfigurationRoute('Remove a workflow', 'not_found')
  @ApiOkResponse({ type: DeletedView })
  async remove(
    @Param('id_or_name') id: string,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<DeletedView> {
    return deletedView(await this.workflows.remove(projectId, id));
  }

  private contextOf({ project: { credentials } }: AuthenticatedProject): FindingContext {
    return { catalogue: this.catalogue, credentials };
  }
}
